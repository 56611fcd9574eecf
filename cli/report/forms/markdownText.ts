// Writes text from outside into Markdown so that it is only text: in a table, in a pull request, and in an issue. Pure.

const MAX_NAME = 80;
const MAX_TEXT = 400;

/** The characters that begin Markdown syntax within a line. */
const SPECIAL = /[\\`*_{}[\]<>#|~&@$]|^[-+=]/g;
/** GitHub and GitLab turn these into a mention, a reference or a link, even if they are escaped. */
const REFERENCES = /([@#!$%~&]|:(?=\/\/)|\bwww)(?=\S)/gi;
const BREAK = "<!-- -->";

/** Text in a paragraph or a table cell. */
export function text(value: string): string {
    // The character NUL marks a place here. No text contains it, because plainText.ts writes its number instead.
    const broken = cut(value, MAX_TEXT).replace(REFERENCES, "$1\0");
    return broken.replace(SPECIAL, escapedCharacter).replaceAll("\0", BREAK);
}

/** A name as code. HTML works inside of tables and folded parts too, where backticks and `|` do not. */
export function code(value: string): string {
    return `<code>${html(cut(value, MAX_NAME))}</code>`;
}

/** A link to a page, if the URL has the plain form that this package makes. For any other URL, returns nothing. */
export function link(label: string, url: string | undefined): string {
    return url !== undefined && /^https:\/\/[\w./#~-]+$/.test(url) ? `[${text(label)}](${url})` : "";
}

function escapedCharacter(character: string): string {
    if (character === "<") return "&lt;";
    if (character === ">") return "&gt;";
    if (character === "&") return "&amp;";
    return `\\${character}`;
}

/** The characters that are special in Markdown are written as entities, because some renderers read Markdown in HTML. */
function html(value: string): string {
    return value.replace(/[&<>"'`|\\*_[\]~@#:]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Cuts a long text, and never between the two halves of a character. */
function cut(value: string, max: number): string {
    return value.length > max ? `${value.slice(0, max - 1).replace(/[\ud800-\udbff]$/, "")}…` : value;
}
