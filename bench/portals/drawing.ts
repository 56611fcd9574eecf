// Draws the picture in bench/README.md: Graph requests per portal, by the number of portals. Dashed lines show
// azuread's requests for the same portal, declared as eleven azuread resources.
import { OPERATIONS, type Operation } from "./programs";
import type { Row } from "./results";

const [WIDTH, HEIGHT] = [760, 380];
const FRAME = { left: 64, right: 250, top: 56, bottom: 56 };
const COLOURS = ["#0b6e99", "#2e8540", "#b8860b", "#8a3ffc", "#a4262c"];
/** Graph requests of terraform-provider-azuread 3.9.0 for one portal, counted on an embedded tenant. */
const AZUREAD: readonly (readonly [operation: Operation, requests: number])[] = [
    ["create", 45],
    ["no-op preview", 15],
];
const [LEAST, MOST] = [0.1, 100];

export function drawing(rows: readonly Row[]): string {
    const shown = rows.filter(({ latencyMs, subject }) => latencyMs === 0 && subject === "portals");
    const counts = [...new Set(shown.map(({ count }) => count))];
    const x = (count: number) => scale(count, [1, Math.max(...counts)], [FRAME.left, WIDTH - FRAME.right]);
    const y = (requests: number) => scale(requests, [LEAST, MOST], [HEIGHT - FRAME.bottom, FRAME.top]);
    const lines = OPERATIONS.map((operation, index) => ({
        name: operation,
        colour: COLOURS[index] ?? "",
        points: shown
            .filter((row) => row.operation === operation)
            .map(({ count, requests }) => ({ x: x(count), y: y(requests / count), value: requests / count })),
    }));
    return [
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
        `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
        text(FRAME.left, 24, "Graph requests for each portal", { weight: "bold", size: 15 }),
        text(FRAME.left, 42, "both scales logarithmic; dashed: the same portal as eleven azuread resources", {
            fill: "#555",
        }),
        ...[0.1, 1, 10, 100].flatMap((value) => gridLine(y(value), String(value))),
        ...counts.map((count) => text(x(count), HEIGHT - FRAME.bottom + 20, String(count), { anchor: "middle" })),
        text((FRAME.left + WIDTH - FRAME.right) / 2, HEIGHT - 12, "portals in one program", { anchor: "middle" }),
        ...AZUREAD.map(([operation, requests]) => dashed(y(requests), COLOURS[OPERATIONS.indexOf(operation)] ?? "")),
        ...lines.map(({ points, colour }) => polyline(points, colour)),
        ...labels([
            ...lines.map(({ name, colour, points }) => ({
                y: points.at(-1)?.y ?? 0,
                colour,
                text: `${name}: ${points.at(-1)?.value.toFixed(2) ?? ""}`,
            })),
            ...AZUREAD.map(([operation, requests]) => ({
                y: y(requests),
                colour: COLOURS[OPERATIONS.indexOf(operation)] ?? "",
                text: `azuread, ${operation}: ${requests}`,
            })),
        ]),
        "</svg>\n",
    ].join("\n");
}

type Range = readonly [number, number];

function scale(value: number, [least, most]: Range, [from, to]: Range): number {
    const share = Math.log(value / least) / Math.log(most / least);
    return Math.round((from + share * (to - from)) * 10) / 10;
}

interface TextStyle {
    readonly anchor?: string;
    readonly fill?: string;
    readonly weight?: string;
    readonly size?: number;
}

function text(
    x: number,
    y: number,
    content: string,
    { anchor = "start", fill = "#222", weight = "normal", size = 12 }: TextStyle = {},
): string {
    return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${fill}" font-weight="${weight}" font-size="${size}">${content}</text>`;
}

function gridLine(y: number, label: string): string[] {
    const line = `<line x1="${FRAME.left}" y1="${y}" x2="${WIDTH - FRAME.right}" y2="${y}" stroke="#dddddd"/>`;
    return [line, text(FRAME.left - 8, y + 4, label, { anchor: "end" })];
}

function dashed(y: number, colour: string): string {
    return `<line x1="${FRAME.left}" y1="${y}" x2="${WIDTH - FRAME.right}" y2="${y}" stroke="${colour}" stroke-dasharray="5 4"/>`;
}

function polyline(points: readonly { x: number; y: number }[], colour: string): string {
    const path = points.map(({ x, y }) => `${x},${y}`).join(" ");
    const dots = points.map(({ x, y }) => `<circle cx="${x}" cy="${y}" r="3.5" fill="${colour}"/>`).join("");
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots}`;
}

interface Label {
    readonly y: number;
    readonly colour: string;
    readonly text: string;
}

/** Puts the labels at the ends of their lines, and moves them apart so that they do not overlap. */
function labels(unplaced: readonly Label[]): string[] {
    let lowest = -Infinity;
    return [...unplaced]
        .sort((a, b) => a.y - b.y)
        .map((label) => {
            lowest = Math.max(label.y + 4, lowest + 16);
            return text(WIDTH - FRAME.right + 14, lowest, label.text, { fill: label.colour });
        });
}
