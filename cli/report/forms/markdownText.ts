// Escapes text, so that Markdown shows its characters unchanged in tables, pull requests and issues. Cuts long texts.
// Pure.

const MAX_NAME = 80;
const MAX_TEXT = 400;

/** The characters that have a meaning in Markdown. `-`, `+` and `=` have one only at the beginning of a line. */
const SPECIAL = /[\\`*_{}[\]<>#|~&@$]|^[-+=]/g;
/**
 * GitHub and GitLab turn these characters and the text after them into a mention, a reference or a link, even if the
 * characters are escaped.
 */
const REFERENCES = /([@#!$%~&]|:(?=\/\/)|\bwww)(?=\S)/gi;
const BREAK = "<!-- -->";

/** Escapes a text for a paragraph or a table cell. */
export function text(value: string): string {
    // NUL marks each place for BREAK. No text contains NUL itself, because plainText.ts writes its number instead.
    const broken = cut(value, MAX_TEXT).replace(REFERENCES, "$1\0");
    return broken.replace(SPECIAL, escapedCharacter).replaceAll("\0", BREAK);
}

/** Shows a name as code. HTML also works if the name contains a backtick, or a `|` inside a table. */
export function code(value: string): string {
    return `<code>${html(cut(value, MAX_NAME))}</code>`;
}

/** Returns a link if the URL has the plain form that this package makes. For any other URL, returns an empty text. */
export function link(label: string, url: string | undefined): string {
    return url !== undefined && /^https:\/\/[\w./#~-]+$/.test(url) ? `[${text(label)}](${url})` : "";
}

function escapedCharacter(character: string): string {
    if (character === "<") return "&lt;";
    if (character === ">") return "&gt;";
    if (character === "&") return "&amp;";
    return `\\${character}`;
}

/** Writes special characters of HTML and Markdown as entities, because some renderers read Markdown inside HTML. */
function html(value: string): string {
    return value.replace(/[&<>"'`|\\*_[\]~@#:]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Cuts a long text, but never between the two UTF-16 units of one character. */
function cut(value: string, max: number): string {
    return value.length > max ? `${value.slice(0, max - 1).replace(/[\ud800-\udbff]$/, "")}…` : value;
}
