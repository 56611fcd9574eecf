// @ts-check
// Draws the preview that `npm start` prints, for the README:
// npm start | node tools/docs/picture.mjs > docs/images/preview.svg
import { text } from "node:stream/consumers";

const [CHARACTER, LINE, MARGIN, TITLE] = [7.25, 18, 16, 30];
const COLOURS = { "+": "#3fb950", "-": "#f85149", "~": "#d29922", $: "#e6edf3", error: "#f85149" };

/**
 * Returns the lines from the command to its exit code. Omits URNs and ids, because they are long and differ each time.
 *
 * @param {string} output of `npm start`
 */
function previewLines(output) {
    const all = output.split("\n").map((line) => line.trimEnd());
    const start = all.findIndex((line) => line.includes("$ pulumi preview"));
    const end = all.findIndex((line, index) => index > start && line.trim().startsWith("exit code"));
    if (start < 0 || end < 0)
        throw new Error("standard input contains no complete preview; pipe the output of npm start into this command");
    const lines = all.slice(start, end + 1).filter((line) => !/^\s*\[(urn|id)=/.test(line));
    return lines.map((line, index) => (index === 0 || index === lines.length - 1 ? line.trim() : line));
}

/** @param {readonly string[]} lines */
function drawing(lines) {
    const width = Math.ceil(Math.max(...lines.map((line) => line.length)) * CHARACTER + 2 * MARGIN);
    const height = lines.length * LINE + TITLE + MARGIN;
    const texts = lines.map((line, index) => {
        const y = TITLE + (index + 1) * LINE - 4;
        return `<text x="${MARGIN}" y="${y}" fill="${colourOf(line)}">${escaped(line)}</text>`;
    });
    const dots = ["#ff5f57", "#febc2e", "#28c840"].map(
        (colour, index) => `<circle cx="${MARGIN + 5 + index * 18}" cy="15" r="5.5" fill="${colour}"/>`,
    );
    return [
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
        `<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>`,
        ...dots,
        `<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="12">`,
        ...texts,
        "</g>",
        "</svg>",
        "",
    ].join("\n");
}

/** @param {string} line */
function colourOf(line) {
    const mark = /^\s*([~+$-](?= )|error)/.exec(line)?.[1];
    return COLOURS[/** @type {keyof typeof COLOURS} */ (mark)] ?? "#9da7b3";
}

/**
 * Escapes a line for XML. Also replaces each space with a non-breaking space, because viewers merge several ordinary
 * spaces into one.
 *
 * @param {string} line
 */
function escaped(line) {
    return line.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(" ", "&#160;");
}

process.stdout.write(drawing(previewLines(await text(process.stdin))));
