// @ts-check
// Turns a docstring into the cells of a table. Sentences about the default and about a change get their own columns.

/** @typedef {import("./source.mjs").Property} Property */

const REPLACE = "**Replace**";

/**
 * Splits a docstring into the default, the effect of a change, and the rest.
 *
 * @param {Property} property
 */
export function cellsOf({ doc, isOptional }) {
    const sentences = doc.split(/(?<=\.\)?)\s+(?=[A-Z`])/).filter(Boolean);
    /** @type {string[]} */
    const rest = [];
    let byDefault = "";
    let change = "";
    for (const sentence of sentences) {
        const defaultOf = /^(?:The )?[Dd]efault(?: value)?(?: is|:)? (.+?)\.?$/.exec(sentence)?.[1];
        const isOnChange = /^(A change|Changing (it|this))\b/.test(sentence);
        if (defaultOf !== undefined && byDefault === "") {
            const [value = "", ...more] = defaultOf.split(/[;:] /);
            byDefault = capital(value);
            // A sentence that also explains the default stays in the description.
            if (more.length > 0) rest.push(sentence);
        } else if (isOnChange && change === "") change = effectOf(sentence);
        else {
            if (/\bchange\b.* replaces\b/.test(sentence) && change === "") change = REPLACE;
            rest.push(sentence);
        }
    }
    return {
        byDefault: byDefault || inlineDefault(rest.join(" ")) || (isOptional ? "None" : "Required"),
        change: change || "Update",
        description: rest.join(" "),
    };
}

/**
 * Finds the default in a text such as "`X` (default)".
 *
 * @param {string} text
 */
function inlineDefault(text) {
    return /(`[^`]+`|\b\d+) \(default\)/.exec(text)?.[1];
}

/** @param {string} sentence */
function effectOf(sentence) {
    const effect = sentence.replace(/^(A change|Changing (it|this)) /, "").replace(/\.$/, "");
    return /^replaces( the resource)?$/.test(effect) ? REPLACE : capital(effect);
}

/** @param {string} text */
function capital(text) {
    return /^[a-z]/.test(text) ? text[0]?.toUpperCase() + text.slice(1) : text;
}

/**
 * @param {readonly string[]} header
 * @param {readonly (readonly string[])[]} rows
 */
export function table(header, rows) {
    const line = (/** @type {readonly string[]} */ cells) =>
        `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
    return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

/**
 * Formats a type as a link to its table, as a list of its literals, or else as code.
 *
 * @param {Property} property
 */
export function typeCell({ type, refersTo }) {
    if (refersTo.length > 0)
        return refersTo.reduce((text, name) => text.replace(name, `[${name}](#${name.toLowerCase()})`), type);
    return type.includes('"') && type.includes(" | ")
        ? type
              .split(" | ")
              .map((one) => `\`${one}\``)
              .join(" or ")
        : `\`${type}\``;
}
