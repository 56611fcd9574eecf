// Uses the HTML report in a browser as a user does: searches, filters, sorts, opens rows, and uses the keyboard alone.
// Also checks where the links lead.
import type { Report } from "../../../../cli/report/model";
import { startChromium, type TestBrowser } from "../../../support/browser/chromium";
import { OpenReport } from "../../../support/report/openReport";
import { sampleReport } from "../../../support/report/sampleReport";

jest.setTimeout(60_000);

let report: Report;
let browser: TestBrowser;
let opened: OpenReport;

beforeAll(async () => {
    report = await sampleReport({ portals: 3, customers: 200 });
    browser = await startChromium();
});
beforeEach(async () => {
    opened = await OpenReport.open(browser, report);
});
afterEach(async () => {
    await opened.close();
});
afterAll(async () => {
    await browser.close();
});

test("the first screen has the sentence, the numbers, the date, the stacks and the versions, and requests nothing", async () => {
    const header = await opened.page.locator("header").innerText();
    expect(header.toLowerCase()).toContain(report.sentence.toLowerCase());
    for (const text of ["27 Nov 2026, 08:00 UTC", "europe", "pulumi-restore-portal 0.1.0", "Pulumi v3.259.0"])
        expect(header).toContain(text);
    await expect(opened.page.getByRole("button", { name: `${report.totals.drifted} Drifted` }).count()).resolves.toBe(
        1,
    );
    expect(opened.trouble).toEqual([]);
});

test("an incomplete report says so before anything else", async () => {
    const banner = opened.page.getByRole("note", { name: "This report is incomplete" });
    expect(await banner.innerText()).toContain("PULUMI_CONFIG_PASSPHRASE");
    expect(await opened.page.locator("body").innerText()).not.toMatch(/clean|needs your attention/i);
});

test("a user searches, and the address keeps it", async () => {
    const before = await opened.names();
    await opened.search.fill("AADSTS65001 europe");
    const names = await opened.names();
    expect(names.length).toBeGreaterThan(0);
    expect(names.length).toBeLessThan(before.length);
    expect(await opened.found.innerText()).toBe(`${names.length} of 203 rows`);
    expect(opened.fragment).toBe("#query=AADSTS65001+europe");

    await opened.page.reload();
    await opened.page.waitForSelector("html[data-ready]");
    expect(await opened.names()).toEqual(names);
    expect(await opened.search.inputValue()).toBe("AADSTS65001 europe");

    await opened.page.getByRole("button", { name: "Reset" }).click();
    expect(await opened.names()).toEqual(before);
    expect(opened.fragment).toBe("");
});

test("a number filters, and filters again when it is pressed again", async () => {
    const before = await opened.names();
    const tile = opened.page.getByRole("button", { name: `${report.totals.unreadable} Not readable` });
    await tile.click();
    expect((await opened.names()).length).toBe(report.totals.unreadable);
    expect(await tile.getAttribute("aria-pressed")).toBe("true");
    await tile.click();
    expect(await opened.names()).toEqual(before);
});

test("a user sorts by name, in both directions", async () => {
    const heading = opened.page.getByRole("button", { name: "Name" });
    await opened.page.getByRole("combobox", { name: "Show" }).selectOption("All");
    await heading.click();
    const names = await opened.names();
    const all = report.rows.map(({ name }) => name).sort();
    expect(names).toEqual(all.slice(0, names.length));
    await heading.click();
    expect((await opened.names())[0]).toBe(all.at(-1));
    expect(await opened.page.getByRole("columnheader", { name: "Name" }).getAttribute("aria-sort")).toBe("descending");
});

test("a row opens to declared, live, what pulumi up does, the risk, and who changed it", async () => {
    const button = opened.row("customer-004");
    expect(await button.getAttribute("aria-expanded")).toBe("false");
    await button.click();
    expect(await button.getAttribute("aria-expanded")).toBe("true");
    const details = await opened.page.locator(".differences").innerText();
    for (const text of [
        "grantedPermissions",
        "User.Read, access_as_user",
        "grants it for all users of the tenant",
        "Users cannot sign in",
        "AADSTS65001",
        "Revoked 2026-11-26 15:47 UTC by anna@contoso.com (Azure portal)",
    ])
        expect(details).toContain(text);
    await button.click();
    expect(await opened.page.locator(".differences").count()).toBe(0);
});

test("the keyboard alone is enough", async () => {
    const { keyboard } = opened.page;
    await keyboard.press("/");
    await keyboard.type("gateway");
    await keyboard.press("Escape");
    expect(await opened.search.inputValue()).toBe("");
    await keyboard.type("gateway");
    const focused = () => opened.page.evaluate<string>("document.activeElement.textContent");
    for (let count = 0; count < 20 && !(await focused()).startsWith("customer-004"); count++)
        await keyboard.press("Tab");
    await keyboard.press("Enter");
    expect(await opened.page.locator(".differences").count()).toBe(1);
    await keyboard.press("ArrowDown");
    expect(await focused()).toMatch(/^customer-(?!004)/);
    await keyboard.press("ArrowUp");
    expect(await focused()).toBe("customer-004");
});

test("new, still and gone are told, and links lead to Entra", async () => {
    const changes = opened.page.getByRole("group", { name: "Compared with the last run" });
    await changes.getByRole("button", { name: /new$/ }).click();
    const rows = report.rows.filter(({ differences }) => differences.some(({ change }) => change === "new"));
    expect((await opened.names()).length).toBe(rows.length);
    expect(await opened.page.locator("#gone").innerText()).toContain("admin consent to User.Read");
    const link = opened.page.locator(".rows .links a").first();
    expect(await link.getAttribute("href")).toMatch(/^https:\/\/entra\.microsoft\.com\//);
    expect(await link.getAttribute("rel")).toContain("noreferrer");
});
