// Makes text from outside safe to show, such as names of objects and answers of servers. A terminal obeys control
// characters, and a pipeline obeys lines such as `##vso[...]`. Pure.

/** Control characters, marks that change the direction of text, invisible characters, and halves of surrogate pairs. */
const UNSHOWN =
    /[\p{Cc}\p{Cs}\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** An access token, or any other value that a service repeats from an Authorization header. */
const TOKENS = /\b(?:Bearer|Basic)\s+[\w.~+/=-]{16,}|\beyJ[\w-]{5,}(?:\.[\w-]*){0,2}/g;

/** Returns one line that is safe to show anywhere. Ordinary text stays as it is. */
export function plain(text: string): string {
    return withoutCommands(escaped(oneLine(text)));
}

/** Replaces line breaks and tabs by spaces. */
export function oneLine(text: string): string {
    return text.replace(/[ \t]*[\r\n\u2028\u2029]+\s*/g, " ").replace(/\t/g, " ");
}

/** Makes text of several lines safe to show, and keeps its line breaks. */
export function plainLines(text: string): string {
    return text
        .split(/\r?\n/)
        .map((line) => withoutCommands(escaped(line)))
        .join("\n");
}

/** Returns a JSON value whose texts are all safe to show. */
export function plainValue<T>(value: T): T {
    return JSON.parse(JSON.stringify(value), (_key, one: unknown) =>
        typeof one === "string" ? plainLines(one) : one,
    ) as T;
}

/**
 * Cuts a text to a number of UTF-16 units, but never inside a character, because half a character is not valid text.
 */
export function cut(text: string, most: number): string {
    return text.slice(0, most).replace(/[\ud800-\udbff]$/, "");
}

/** Writes a character as its number, such as `\u001b`. */
export function numbered(character: string): string {
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
}

function escaped(text: string): string {
    return text.replace(TOKENS, "***").replace(UNSHOWN, numbered);
}

/**
 * Puts a space into each command for a pipeline, so that the pipeline does not execute it. Azure Pipelines (`##vso[`,
 * `##[`) and TeamCity read commands anywhere in a line. GitHub (`::error::`) reads commands only at the beginning of a
 * line, but spaces may precede them.
 * https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
function withoutCommands(line: string): string {
    return line.replace(/##(?=\w*\[)/g, "# #").replace(/(^|\s)::(?=[a-z][^]*::)/gi, "$1: :");
}
