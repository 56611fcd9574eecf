// Indents and quotes texts for the YAML files of pipelines. These files come from text templates, not from a YAML
// library, so that they can contain comments.

/** Indents every line except the first, and leaves empty lines empty. */
export function indented(text: string, spaces: number): string {
    return text.trim().replace(/\n(?!\n)/g, `\n${" ".repeat(spaces)}`);
}

/**
 * Returns a YAML block for a key such as `run` or `bash`. YAML requires that the lines of a block are indented more
 * than the key before the block.
 */
export function block(lines: readonly string[], spaces: number): string {
    const inner = " ".repeat(spaces + 4);
    return `|\n${lines
        .join("\n")
        .split("\n")
        .map((line) => (line === "" ? "" : inner + line))
        .join("\n")}`;
}

const PLAIN = /^(?:\.|[a-z][\w./-]*)$/i;
const KEYWORD = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** Quotes a name that YAML would otherwise read as a number or another type, such as the stack 1.10 or the branch 2026. */
export function scalar(name: string): string {
    return PLAIN.test(name) && !KEYWORD.test(name) ? name : `"${name}"`;
}
