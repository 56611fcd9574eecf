// Runs `report` on files and folders as users have them: written by other tools, written on Windows, cut off, or in
// use.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { buildReport } from "../../../cli/report/build";
import { choicesIn } from "../../../cli/report/choices";
import type { Report } from "../../../cli/report/model";
import { previewIn } from "../../../cli/report/savedPreview";
import { outcomeOf } from "../../../cli/report/totals";
import { NOW, PORTAL_CHANGES } from "../../support/report/examples";
import { exampleCertificate, streamedPreview, type StackSpec } from "../../support/report/previews";

let certificate: StackSpec["certificate"];
let folder: string;
let healthy: string;
beforeAll(async () => {
    certificate = await exampleCertificate(365, NOW);
    healthy = streamedPreview({ certificate, portals: ["gateway"], customers: ["contoso"] });
});
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "report-files-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Buffer): string {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
}

const reportOf = (...files: string[]): Report => buildReport(files.map(previewIn), { now: NOW, tool: "0" });

/** Encodes a text as PowerShell 5.1 does for `pulumi ... > preview.json`. */
const asUtf16 = (text: string) => Buffer.from(`\ufeff${text.replaceAll("\n", "\r\n")}`, "utf16le");

test.each([
    ["UTF-16", asUtf16],
    ["UTF-16, the other way round", (text: string) => asUtf16(text).swap16()],
    ["UTF-8 with a mark", (text: string) => `\ufeff${text}`],
    ["lines of a pipeline around it", (text: string) => `Previewing update (dev):\n${text}\nwarning: a new version\n`],
])("a preview that is saved as %s is read", (_, written) => {
    const report = reportOf(file("dev.json", written(healthy)));
    expect(report.rows.map(({ name, status }) => [name, status])).toEqual([
        ["gateway", "asDeclared"],
        ["contoso", "asDeclared"],
    ]);
    expect(outcomeOf(report)).toBe("ok");
});

test("events that were cut off are no report of what Entra has", () => {
    const lines = healthy.split("\n");
    const refreshed = lines.filter((line) => line.includes('"op":"refresh"'));
    for (const cut of [lines.slice(0, -1), lines.slice(0, 3), refreshed]) {
        const report = reportOf(file("dev.json", cut.join("\n")));
        expect(report.partial).toEqual([expect.stringMatching(/^stack dev: the preview is cut off/)]);
        expect(report.totals.asDeclared).toBe(0);
    }
});

test.each([
    ["two runs one after the other", () => `${healthy}\n${healthy}`, /several previews/],
    [
        "the beginning of a second run",
        () => `${healthy}\n${healthy.split("\n").slice(0, 3).join("\n")}`,
        /several previews/,
    ],
    ["two stacks", () => `${healthy}\n${healthy.replaceAll(":dev::", ":test::")}`, /several previews/],
    ["two documents", () => [step(null), step(null)].join("\n"), /several previews/],
    ["a line that is cut off", () => healthy.replace(/^(.{300}).*$/m, "$1"), /a line of the preview is damaged/],
    ["a line of another form", () => healthy.replace('"old":{', '"old":7,"x":{'), /a line of the preview is damaged/],
])("a file with %s is never as declared", (_, content, message) => {
    const report = reportOf(file("dev.json", content()));
    expect(report.partial).toEqual([expect.stringMatching(message)]);
    expect(report.totals.asDeclared).toBe(0);
});

test.each([{ replacedOn: "yesterday" }, { notAfter: "soon" }])(
    "a state with %j, which is not a date, is named with what to do, and hides no other stack",
    (date) => {
        const certificates = [{ thumbprint: "AB", notAfter: "2999-01-01T00:00:00Z", ours: true, ...date }];
        const changes = { gateway: { outputs: { certificates } } };
        const edited = streamedPreview({ certificate, portals: ["gateway"], changes });
        const other = streamedPreview({ certificate, stack: "test", portals: ["gateway"] });
        const report = reportOf(file("edited.json", edited), file("other.json", other));
        expect(report.partial).toEqual([
            expect.stringMatching(/^stack dev: reading the state of application .* instead of a time.*; restore/),
        ]);
        expect(report.rows.map(({ stack }) => stack)).toEqual(["test"]);
    },
);

test("values that are nested too deeply hide no other stack", () => {
    const state = `{"outputs":${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}}`;
    const deep = `{"steps":[{"op":"refresh","urn":"${urn}","oldState":${state}}],"changeSummary":{}}`;
    const report = reportOf(file("other.json", deep), file("dev.json", healthy));
    expect(report.partial).toEqual([expect.stringMatching(/^stack other: .*other\.json cannot be read/)]);
    expect(report.rows.map(({ stack }) => stack)).toEqual(["dev", "dev"]);
});

const urn = "urn:pulumi:dev::portals::pulumi-nodejs:dynamic/restorePortal:RestorePortalApp::gateway";
const step = (state: unknown) =>
    JSON.stringify({ steps: [{ op: "refresh", urn, oldState: state }], changeSummary: {} });

test.each([
    ["nothing", ""],
    ["a list", "[1, 2]"],
    ["a text", '"preview"'],
    ["null", "null"],
    ["a page of a proxy", "<html><body>407</body></html>"],
    ["JSON of another tool", '{ "format_version": "1.2", "resource_changes": [{ "address": "a" }] }'],
    ["half of a document", step({}).slice(0, -20)],
    ["a step without a resource", '{ "steps": [{ "op": "same" }, null], "changeSummary": {} }'],
    ["an event without its content", '{"sequence":1,"resOutputsEvent":{}}\n{"sequence":2,"resourcePreEvent":7}'],
    ["bytes", Buffer.from([0, 255, 254, 1, 2, 3])],
])("a file with %s makes the report incomplete, and hides no other stack", (_, content) => {
    const report = reportOf(file("other.json", content), file("dev.json", healthy));
    expect(report.partial).toEqual([
        expect.stringMatching(/^stack other: .*other\.json does not contain the output of pulumi preview/),
    ]);
    expect(outcomeOf(report)).toBe("unreadable");
    expect(report.rows.map(({ stack }) => stack)).toEqual(["dev", "dev"]);
});

test.each([
    ["no values", undefined],
    ["empty values", { inputs: {}, outputs: {} }],
    ["values of other types", { inputs: { certificate: 1, status: 2 }, outputs: { certificates: "x", desired: 3 } }],
    ["outputs of an older release", { inputs: { displayName: "a" }, outputs: { applicationId: "b" } }],
])("a portal with %s is never as declared", (_, state) => {
    const report = reportOf(file("other.json", step(state).replaceAll("dev::", "other::")), file("dev.json", healthy));
    expect(outcomeOf(report)).toBe("unreadable");
    expect(report.rows.filter(({ stack, status }) => stack === "other" && status !== "unreadable")).toEqual([]);
    expect(report.rows.filter(({ stack }) => stack === "dev")).toHaveLength(2);
});

test("the same stack twice is refused, and two projects may have stacks of one name", () => {
    const first = file("a.json", healthy);
    expect(() => reportOf(first, file("b.json", healthy))).toThrow(
        /^the preview of stack dev of project portals is given twice; give it once$/,
    );
    const report = reportOf(first, file("c.json", healthy.replaceAll("::portals::", "::others::")));
    expect(report.stacks.map(({ name }) => name)).toEqual(["portals/dev", "others/dev"]);
    expect(report.rows.map(({ stack }) => stack).sort()).toEqual([
        ...["others/dev", "others/dev"],
        ...["portals/dev", "portals/dev"],
    ]);
});

test.each([
    [
        "--accepted that does not exist",
        { accepted: "no.json" },
        /^reading .*no\.json: there is no such file; correct the path$/,
    ],
    ["--accepted that is a folder", { accepted: "." }, /^reading .*: it is a folder; give the path of a file in it$/],
    [
        "--history below a file",
        { history: "file/x" },
        /^--history .*: nothing can be written there \(a part of this path is a file\)/,
    ],
    [
        "--history that is a file",
        { history: "file" },
        /^--history .*: nothing can be written there \(a part of this path is a file\)/,
    ],
    ["--out that is a file", { out: "file" }, /^--out .*; name a folder in which this user may write$/],
])("%s is refused before the first preview", async (_, given, message) => {
    file("file", "");
    const values = Object.fromEntries(Object.entries(given).map(([name, path]) => [name, join(folder, path)]));
    await expect(choicesIn({ from: ["dev.json"], ...values })).rejects.toThrow(message);
});

test("accepted.json may be UTF-16 too", async () => {
    const accepted = file("accepted.json", asUtf16("[]"));
    await expect(choicesIn({ from: ["dev.json"], out: folder, accepted })).resolves.toMatchObject({ decisions: [] });
});

const CLI = resolve(__dirname, "../../../dist/cli/main.js");

function runReport(...args: string[]): Promise<number | null> {
    const child = spawn(process.execPath, [CLI, "report", ...args], { cwd: folder, stdio: "ignore" });
    return new Promise((done) => child.on("close", done));
}

test("two reports at the same time, into the same folders, leave whole files and two runs, and alone what others keep there", async () => {
    const preview = file(
        "dev.json",
        streamedPreview({ certificate, portals: ["gateway"], changes: { gateway: PORTAL_CHANGES["closed"]! } }),
    );
    mkdirSync(join(folder, "history", "2026"), { recursive: true });
    writeFileSync(join(folder, "history", "notes.json"), "mine");
    writeFileSync(join(folder, "history", "2026-11-27T08-00-00-000Z.json.77.new"), '{"half');
    const args = ["--from", preview, "--out", "out", "--history", "history", "--format", "json,markdown,junit"];
    expect(await Promise.all([runReport(...args), runReport(...args)])).toEqual([7, 7]);
    expect(readdirSync(join(folder, "out")).sort()).toEqual(["report.json", "report.md", "report.xml"]);
    expect((JSON.parse(readFileSync(join(folder, "out", "report.json"), "utf8")) as Report).totals.drifted).toBe(1);
    const kept = readdirSync(join(folder, "history"));
    expect(kept.filter((name) => /^\d{4}-.*Z\.json$/.test(name))).toHaveLength(2);
    expect(kept).toEqual(expect.arrayContaining(["2026", "notes.json"]));
    expect(readFileSync(join(folder, "history", "notes.json"), "utf8")).toBe("mine");
});

test("a preview that cannot be opened is not called missing", () => {
    // The tests may run as root, who may open every file. So a folder stands for a file that cannot be opened.
    expect(previewIn(folder).error).toMatch(/^its preview cannot be read: reading .*: it is a folder/);
    expect(previewIn(join(folder, "no.json")).error).toMatch(
        /^its preview cannot be read: .*: there is no such file; correct the path, or preview the stack again$/,
    );
});
