// Puts texts into YAML files. The files are written as text, because people read them and their comments.

/** Indents every line except the first, and leaves empty lines empty. */
export function indented(text: string, spaces: number): string {
    return text.trim().replace(/\n(?!\n)/g, `\n${" ".repeat(spaces)}`);
}

/** Returns a block for `run: ` or `script: `. YAML requires that its lines are indented more than the key. */
export function block(lines: readonly string[], spaces: number): string {
    const inner = " ".repeat(spaces + 4);
    return `|\n${lines
        .join("\n")
        .split("\n")
        .map((line) => (line === "" ? "" : inner + line))
        .join("\n")}`;
}
