// Measures in Chromium how long the HTML report takes until it is ready, and until a filter is applied. It compares the
// times for 1,000 portals with those for 10. Run `npm run bench -- report`; see README.md.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { startChromium, type TestBrowser } from "../test/support/browser/chromium";
import { OpenReport } from "../test/support/report/openReport";
import { brokenReport, sampleReport } from "../test/support/report/sampleReport";

jest.setTimeout(600_000);

const ROUNDS = 15;
const LIMIT = 8;
const RESULTS = join(__dirname, "results.json");

interface Times {
    readonly ready: number;
    readonly filter: number;
}

/** The browser runs this script. `getBoundingClientRect` makes the browser lay out the new rows at once. */
const MEASURE = `(() => {
    const search = document.querySelector("#search");
    const type = (text) => {
        const start = performance.now();
        search.value = text;
        search.dispatchEvent(new Event("input", { bubbles: true }));
        document.body.getBoundingClientRect();
        return performance.now() - start;
    };
    const times = ["g", "ga", "gateway", "gateway-0", "gateway-00", "gateway-001", ""].map(type);
    const filter = times.reduce((sum, time) => sum + time) / times.length;
    return { ready: performance.getEntriesByName("ready")[0].startTime, filter };
})()`;

/** Measures one round in a new page. `ready` is the time since the start of the navigation. */
async function once(browser: TestBrowser, report: Parameters<typeof OpenReport.open>[1]): Promise<Times> {
    const opened = await OpenReport.open(browser, report);
    try {
        return await opened.page.evaluate<Times>(MEASURE);
    } finally {
        await opened.close();
    }
}

function median(values: readonly number[]): number {
    return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

interface Row {
    readonly report: string;
    readonly time: keyof Times;
    readonly fewMs: number;
    readonly manyMs: number;
    readonly ratio: number;
}

async function measured(browser: TestBrowser, name: string, report: typeof sampleReport): Promise<Row[]> {
    const sizes = await Promise.all([10, 1000].map((portals) => report({ portals, customers: 0 })));
    const rounds: Times[][] = [[], []];
    // The reports are measured in turn, so that other work on the machine affects both.
    for (let round = 0; round < ROUNDS; round++)
        for (const [index, size] of sizes.entries()) rounds[index]!.push(await once(browser, size));
    return (["ready", "filter"] as const).map((time) => {
        const [few, many] = rounds.map((times) => median(times.map((one) => one[time]))) as [number, number];
        const [fewMs, manyMs] = [Number(few.toFixed(1)), Number(many.toFixed(1))];
        return { report: name, time, fewMs, manyMs, ratio: Number((many / few).toFixed(2)) };
    });
}

test("1,000 portals divided by 10", async () => {
    const browser = await startChromium();
    try {
        const rows = [
            ...(await measured(browser, "some portals differ", sampleReport)),
            ...(await measured(browser, "each portal differs twice", brokenReport)),
        ];
        const results = JSON.parse(readFileSync(RESULTS, "utf8")) as object;
        writeFileSync(RESULTS, `${JSON.stringify({ ...results, report: rows }, undefined, 4)}\n`);
        console.table(rows);
        expect(rows.filter(({ ratio }) => ratio > LIMIT)).toEqual([]);
    } finally {
        await browser.close();
    }
});
