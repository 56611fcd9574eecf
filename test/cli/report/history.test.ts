// Compares a report with earlier runs: each difference is new, still there, or gone. Also checks which runs the folder
// keeps.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { buildReport } from "../../../cli/report/build";
import { runOf, withHistory, type Run } from "../../../cli/report/history";
import { keepRun, readRuns } from "../../../cli/report/historyFolder";
import type { Report } from "../../../cli/report/model";
import { NOW, readPreview, reportOf } from "../../support/report/examples";
import { exampleCertificate, streamedPreview, type Change, type StackSpec } from "../../support/report/previews";

let certificate: StackSpec["certificate"];
let folder: string;
beforeAll(async () => {
    certificate = await exampleCertificate(365, NOW);
});
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "history-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const DAY_MS = 24 * 60 * 60 * 1000;
const DISABLED: Change = { live: { servicePrincipal: "disabled" } };
const UNREAD: Change = { live: { status: "not readable: signing in: refused" } };

/** Makes the report of one day, and saves the run in the folder. */
function report(day: number, changes: Readonly<Record<string, Change>>, more: Partial<StackSpec> = {}): Report {
    const now = new Date(NOW.getTime() + day * DAY_MS);
    const spec = { certificate, portals: ["gateway"], customers: ["contoso", "abc"], changes, ...more };
    const runs = readRuns(folder);
    const compared = withHistory(reportOf([spec], now), runs);
    keepRun(folder, runOf(compared, runs));
    return compared;
}

const changesIn = ({ rows }: Report) =>
    rows.flatMap(({ name, differences }) =>
        differences.map(({ change, since }) => [name, change, since?.slice(0, 10)]),
    );

test("a difference is new, then still there since its first run, then gone", () => {
    expect(changesIn(report(0, { contoso: DISABLED }))).toEqual([["contoso", undefined, "2026-11-27"]]);
    const second = report(1, { contoso: DISABLED, abc: DISABLED });
    expect(changesIn(second)).toEqual([
        ["abc", "new", "2026-11-28"],
        ["contoso", "still", "2026-11-27"],
    ]);
    expect(second.comparedWith).toBe(NOW.toISOString());
    const third = report(2, { abc: DISABLED });
    expect(changesIn(third)).toEqual([["abc", "still", "2026-11-28"]]);
    expect(third.gone).toMatchObject([{ name: "contoso", property: "servicePrincipal", since: NOW.toISOString() }]);
    expect(third.trend.map(({ totals }) => totals.drifted)).toEqual([1, 2, 1]);
    expect(report(3, {}).gone.map(({ name }) => name)).toEqual(["abc"]);
});

test("another value is a new difference", () => {
    report(0, { contoso: DISABLED });
    expect(changesIn(report(1, { contoso: { live: { servicePrincipal: "missing" } } }))).toEqual([
        ["contoso", "new", "2026-11-28"],
    ]);
});

test.each([
    ["its row could not be read", { contoso: UNREAD }, {}],
    ["the preview of its stack failed", { contoso: DISABLED }, { error: "error: no token" }],
    ["the run was about another stack", {}, { stack: "other" }],
])("a difference is not gone, and keeps its date, if %s", (_, changes, more) => {
    report(0, { contoso: DISABLED });
    expect(report(1, changes, more).gone).toEqual([]);
    expect(changesIn(report(2, { contoso: DISABLED }))).toEqual([["contoso", "still", "2026-11-27"]]);
});

describe("stacks of one name in two projects", () => {
    /**
     * Makes the report of one day on the stack `dev` of each project, and saves the run in the folder. In the projects
     * of `drifted`, the customer contoso differs.
     */
    function reportOn(day: number, projects: readonly string[], drifted: readonly string[]): Report {
        const previews = projects.map((project) => {
            const changes = drifted.includes(project) ? { contoso: DISABLED } : {};
            const text = streamedPreview({ certificate, portals: ["gateway"], customers: ["contoso"], changes });
            return { name: "dev", preview: readPreview(text.replaceAll("::portals::", `::${project}::`)) };
        });
        const now = new Date(NOW.getTime() + day * DAY_MS);
        const runs = readRuns(folder);
        const compared = withHistory(buildReport(previews, { now, tool: "0" }), runs);
        keepRun(folder, runOf(compared, runs));
        return compared;
    }

    test("a difference of one project is not gone in a run of the other one, and keeps its date", () => {
        reportOn(0, ["one"], ["one"]);
        expect(reportOn(1, ["two"], ["two"]).gone).toEqual([]);
        const third = reportOn(2, ["one"], ["one"]);
        expect([changesIn(third), third.gone]).toEqual([[["contoso", "still", "2026-11-27"]], []]);
        expect(reportOn(3, ["two"], []).gone.map(({ urn }) => urn)).toEqual([expect.stringContaining("::two::")]);
    });

    test("a difference is gone in a run of both projects, in which the stack has another name", () => {
        reportOn(0, ["one"], ["one"]);
        const both = reportOn(1, ["one", "two"], []);
        expect(both.stacks.map(({ name }) => name)).toEqual(["one/dev", "two/dev"]);
        expect(both.gone).toMatchObject([{ name: "contoso", stack: "dev" }]);
    });
});

test("the folder keeps one small file for each run, without values, and the newest 400", () => {
    const secret = "the display name that nobody should keep";
    report(0, {
        gateway: { live: { serviceManagementReference: "A" }, declared: { serviceManagementReference: secret } },
    });
    const [name = ""] = readdirSync(folder);
    expect(name).toMatch(/^2026-11-27T08-00-00-000Z\.json$/);
    const text = readFileSync(join(folder, name), "utf8");
    expect(text.length).toBeLessThan(1500);
    const run = JSON.parse(text) as Run;
    for (let day = 1; day <= 402; day++) {
        keepRun(folder, { ...run, createdAt: new Date(NOW.getTime() + day * DAY_MS).toISOString() });
    }
    expect(readdirSync(folder)).toHaveLength(400);
    expect(readRuns(folder)).toHaveLength(30);
    expect(readRuns(folder).at(-1)?.createdAt).toBe(new Date(NOW.getTime() + 402 * DAY_MS).toISOString());
});

test("a file that is no run is named, and files of others are left alone", () => {
    writeFileSync(join(folder, "notes.txt"), "mine");
    expect(readRuns(folder)).toEqual([]);
    writeFileSync(join(folder, "2026-11-27T08-00-00-000Z.json"), "{}");
    expect(() => readRuns(folder)).toThrow(/does not contain the record of a run; delete the file/);
    const run = { version: 1, createdAt: NOW.toISOString(), totals: reportOf([]).totals, differences: [] };
    const kept = { urn: "u", stack: "dev", name: "n", property: "p", key: "k", words: "w", since: "never" };
    for (const wrong of [
        { ...run, createdAt: "never" },
        { ...run, differences: [kept] },
    ]) {
        writeFileSync(join(folder, "2026-11-27T08-00-00-000Z.json"), JSON.stringify(wrong));
        expect(() => readRuns(folder)).toThrow(/does not contain the record of a run; delete the file/);
    }
    expect(readRuns(join(folder, "none"))).toEqual([]);
});

test("a file that cannot be opened is not called the wrong file", () => {
    // The tests may run as root, who may open every file. So a folder stands for a file that cannot be opened.
    mkdirSync(join(folder, "2026-11-27T08-00-00-000Z.json"));
    expect(() => readRuns(folder)).toThrow(/T08-00-00-000Z\.json cannot be opened \(EISDIR\); correct its permissions/);
});
