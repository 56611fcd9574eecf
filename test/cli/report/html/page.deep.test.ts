// Checks the HTML report in a browser: accessibility, printing, hostile texts, a thousand portals. Saves screenshots in
// screenshots/report/.
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";

import { source as axe, type AxeResults } from "axe-core";

import type { Report } from "../../../../cli/report/model";
import { date } from "../../../../cli/report/html/page/words";
import { renderHtml } from "../../../../cli/report/html/renderHtml";
import { startChromium, type TestBrowser } from "../../../support/browser/chromium";
import { HOSTILE_TEXTS, hostileReport } from "../../../support/report/hostileReport";
import { OpenReport, type OpenOptions } from "../../../support/report/openReport";
import { brokenReport, cleanReport, sampleReport } from "../../../support/report/sampleReport";

jest.setTimeout(120_000);

const morning = () => sampleReport({ portals: 3, customers: 200 });
const many = () => sampleReport({ portals: 1000, customers: 0 });
const NARROW = { width: 390, height: 844 };
let browser: TestBrowser;

beforeAll(async () => {
    browser = await startChromium();
});
afterAll(async () => {
    await browser.close();
});

async function within<T>(
    report: Promise<Report>,
    options: OpenOptions,
    use: (opened: OpenReport) => Promise<T>,
): Promise<T> {
    const opened = await OpenReport.open(browser, await report, options);
    try {
        return await use(opened);
    } finally {
        await opened.close();
    }
}

async function violations(opened: OpenReport): Promise<string[]> {
    // The page's policy allows only the page's own script. The policy does not apply to the browser's debugger, so the
    // debugger runs axe.
    await opened.page.evaluate(axe);
    const results = await opened.page.evaluate<AxeResults>("axe.run()");
    return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

const STATES: Readonly<Record<string, (opened: OpenReport) => Promise<void>>> = {
    "first screen": () => Promise.resolve(),
    "open rows": async ({ page }) => {
        for (const button of (await page.locator(".rows tbody .name button").all()).slice(0, 4)) await button.click();
    },
    "all rows": async ({ page }) => {
        await page.getByRole("combobox", { name: "Show" }).selectOption("All");
    },
    "no rows": async ({ search }) => {
        await search.fill("nothing has this name");
    },
};

describe.each(["light", "dark"] as const)("in %s colours", (colorScheme) => {
    test.each(Object.keys(STATES))("axe finds no violation: %s", async (state) => {
        await within(morning(), { colorScheme }, async (opened) => {
            await STATES[state]!(opened);
            const picture = await opened.picture(`${colorScheme} ${state}`, true);
            process.stderr.write(`  ${picture}\n`);
            expect(await violations(opened)).toEqual([]);
            expect(opened.trouble).toEqual([]);
        });
    });

    test.each([
        ["nothing differs", cleanReport],
        ["everything differs", brokenReport],
    ])("axe finds no violation: %s", async (name, make) => {
        await within(make({ portals: 40, customers: 40 }), { colorScheme }, async (opened) => {
            await opened.picture(`${colorScheme} ${name}`, true);
            expect(await violations(opened)).toEqual([]);
        });
    });

    test("axe finds no violation, and nothing is cut off, on a telephone", async () => {
        await within(morning(), { colorScheme, viewport: NARROW }, async (opened) => {
            await STATES["open rows"]!(opened);
            await opened.picture(`${colorScheme} telephone`, true);
            expect(await violations(opened)).toEqual([]);
            expect(await opened.page.evaluate<number>("document.documentElement.scrollWidth")).toBe(NARROW.width);
        });
    });
});

describe("the page answers the questions of a morning", () => {
    let report: Report;
    let opened: OpenReport;
    beforeAll(async () => {
        report = await morning();
        opened = await OpenReport.open(browser, report);
    });
    afterAll(() => opened.close());

    const show = async (what: string) => opened.page.getByRole("combobox", { name: "Show" }).selectOption(what);
    const namesOf = (rows: Report["rows"]) => rows.map(({ name }) => name).sort();
    const drifted = () => report.rows.find(({ differences: [one] }) => one?.change === "still" && one.who)!;
    const details = async () => {
        await show("All");
        await opened.search.fill(drifted().name);
        const button = opened.row(drifted().name);
        if ((await button.getAttribute("aria-expanded")) === "false") await button.click();
        return opened.page.locator(".differences").innerText();
    };

    test("which customers cannot sign in?", async () => {
        await show("Users cannot sign in");
        expect((await opened.names()).sort()).toEqual(namesOf(report.rows.filter(({ signIn }) => signIn === "fails")));
    });

    test("was anything not readable, and why?", async () => {
        await show("Not readable");
        const rows = report.rows.filter(({ status }) => status === "unreadable");
        expect((await opened.names()).sort()).toEqual(namesOf(rows));
        const words = (await opened.page.locator(".rows .words").allInnerTexts()).join("\n").toLowerCase();
        for (const { unreadable = "" } of rows) expect(words).toContain(unreadable.toLowerCase());
        await expect(opened.page.getByRole("note").innerText()).resolves.toContain("Stack partners");
    });

    test("what will pulumi up change for a customer, since when does it differ, and who changed it?", async () => {
        const [{ up, since, who }] = drifted().differences as [Report["rows"][number]["differences"][number]];
        const text = await details();
        expect(text).toContain(up);
        expect(text).toContain(`since ${date(since!)}`);
        expect(text.toLowerCase()).toContain(who!.words.toLowerCase());
    });

    test("what was changed, was changed before a run found it, and after the last run that had not", () => {
        const all = report.rows.flatMap(({ differences }) => differences);
        const times = all.flatMap(({ who, since }) => who?.candidates.map(({ at }) => [at, since!] as const) ?? []);
        expect(times.length).toBeGreaterThan(5);
        for (const [at, since] of times) {
            const hours = (Date.parse(since) - Date.parse(at)) / 3_600_000;
            expect(hours).toBeGreaterThan(0);
            expect(hours).toBeLessThan(24);
        }
    });

    test("which rows lack consent? Each of them says so", async () => {
        await opened.search.fill("");
        await show("Consent missing");
        const texts = await opened.page.locator(".rows .status").allInnerTexts();
        expect(texts).toHaveLength(report.totals.consentMissing);
        for (const text of texts) expect(text).toContain("Consent missing");
    });

    test("which certificate ends next?", async () => {
        const [next] = report.certificates;
        const row = report.rows.find(({ urn }) => urn === next!.row)!;
        const text = await opened.page.getByRole("region", { name: "Certificates" }).innerText();
        expect(text).toContain(
            `the certificate of ${row.name}, on ${date(next!.notAfter)} (in ${next!.daysLeft} days)`,
        );
    });
});

test("the file is kept, so that people can open it", async () => {
    await within(morning(), {}, ({ file, pictures }) => {
        copyFileSync(file, `${pictures}/report.html`);
        process.stderr.write(`  ${pictures}/report.html\n`);
        return Promise.resolve();
    });
});

test("dark colours are dark, and paper is white in both", async () => {
    const back = async (colorScheme: "light" | "dark", media: "screen" | "print") =>
        within(morning(), { colorScheme }, async ({ page }) => {
            await page.emulateMedia({ media, colorScheme });
            return page.evaluate<string>("getComputedStyle(document.documentElement).getPropertyValue('--back')");
        });
    expect(await back("dark", "screen")).not.toBe(await back("light", "screen"));
    expect(await back("dark", "print")).toBe(await back("light", "print"));
});

test("paper gets every row of the filter, not only those of the first page", async () => {
    await within(many(), { colorScheme: "dark" }, async (opened) => {
        await opened.page.getByRole("combobox", { name: "Show" }).selectOption("All");
        expect((await opened.names()).length).toBe(50);
        await opened.page.evaluate(`addEventListener("beforeprint", () => {
            document.body.dataset.printed = document.querySelectorAll(".rows .title").length;
        })`);
        const pdf = await opened.page.pdf({ format: "A4" });
        expect(await opened.page.locator("body").getAttribute("data-printed")).toBe("1000");
        expect((await opened.names()).length).toBe(50);
        const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) ?? [];
        writeFileSync(`${opened.pictures}/paper.pdf`, pdf);
        expect(pages.length).toBeGreaterThan(20);
        expect(pages.length).toBeLessThan(90);
    });
});

test("without scripts the first screen and the problems are there", async () => {
    await within(morning(), { javaScriptEnabled: false }, async (opened) => {
        const text = await opened.page.locator("body").innerText();
        expect(text).toContain("portals and customers differ from the program");
        expect(text).toContain("gateway-002");
        expect(text).toContain("mplicit grant is on");
        expect(text).toContain("open this file in a browser");
    });
});

/** Adds a script and an image. The page's policy must stop the script from running and the image from loading. */
const INTRUDER = `(() => {
    const script = document.createElement("script");
    try {
        script.textContent = "window.attacked = 1";
    } catch {}
    document.body.append(script);
    const image = document.createElement("img");
    image.src = "https://contoso.com/x.png";
    document.body.append(image);
})()`;

test("the policy runs no other script, and loads nothing", async () => {
    await within(morning(), {}, async (opened) => {
        const refused = opened.page.waitForEvent("requestfailed");
        await opened.page.evaluate(INTRUDER);
        expect((await refused).failure()?.errorText).toBe("csp");
        expect(await opened.page.evaluate<boolean>("'attacked' in window")).toBe(false);
        expect(opened.trouble.filter((line) => line.includes("Content Security Policy")).length).toBeGreaterThan(0);
    });
});

test.each(Object.entries(HOSTILE_TEXTS))("a hostile text breaks nothing: %s", async (name, text) => {
    const report = sampleReport({ portals: 3, customers: 30 }).then((one) => hostileReport(one, text));
    await within(report, {}, async (opened) => {
        for (const button of (await opened.page.locator(".rows tbody .name button").all()).slice(0, 3))
            await button.click();
        await opened.picture(`hostile ${name}`);
        expect(await opened.page.evaluate<boolean>("'attacked' in window")).toBe(false);
        expect(opened.trouble).toEqual([]);
        const shown = await opened.page.locator(".rows .title").first().textContent();
        expect(shown?.replaceAll("\ufffd", "\ud800")).toBe(text);
        // In spite of the hostile texts, the page is complete and not wider than the window.
        expect(await opened.page.getByRole("heading", { name: "Stacks" }).count()).toBe(1);
        expect(await opened.page.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(1280);
    });
});

test("a text of 10,000 characters is cut, and can be read to its end", async () => {
    const report = sampleReport({ portals: 2, customers: 0 }).then((one) => hostileReport(one, HOSTILE_TEXTS.long));
    await within(report, {}, async ({ page }) => {
        await page.locator(".rows tbody .name button").first().click();
        const value = page.locator(".differences .value").first();
        expect((await value.innerText()).length).toBeLessThan(500);
        await value.getByRole("button", { name: "Show all 10000 characters" }).click();
        expect(await value.innerText()).toBe(HOSTILE_TEXTS.long);
    });
});

test.each([
    ["some differ", sampleReport],
    ["each one differs twice", brokenReport],
])("a thousand portals are less than 2 MB: %s", async (_name, make) => {
    const bytes = Buffer.byteLength(renderHtml(await make({ portals: 1000, customers: 0 })));
    process.stderr.write(`  ${(bytes / 1e6).toFixed(2)} MB\n`);
    expect(bytes).toBeLessThan(2_000_000);
});

test("the file itself has no address to load from", async () => {
    await within(morning(), {}, ({ file }) => {
        const html = readFileSync(file, "utf8").replace(/<script type="application\/json"[^]*?<\/script>/, "");
        expect(html.match(/<(link|img|iframe|object|embed|base)\b|\ssrc=|url\(|@import/gi) ?? []).toEqual([]);
        return Promise.resolve();
    });
});
