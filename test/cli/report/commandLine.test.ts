// Runs `report` with a fake Pulumi CLI, and on preview files in the encodings in which users may save them.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import type { Report } from "../../../cli/report/model";
import { CliOnState } from "../../support/cli/cliOnState";
import { fakePulumi } from "../../support/cli/fakePulumi";
import { CTRL_C, onTerminal } from "../../support/cli/onTerminal";
import { PORTAL_CHANGES } from "../../support/report/examples";
import { exampleCertificate, streamedPreview } from "../../support/report/previews";

const CLI = resolve(__dirname, "../../../dist/cli/main.js");
let cli: CliOnState;
let preview: string;
beforeAll(async () => {
    cli = new CliOnState();
    const certificate = await exampleCertificate();
    const changes = { gateway: PORTAL_CHANGES["closed"] ?? {} };
    preview = streamedPreview({ certificate, stack: "dev", portals: ["gateway", "second"], changes });
    writeFileSync(join(cli.folder, "preview.txt"), preview);
    writeFileSync(join(cli.folder, "Pulumi.yaml"), "name: portals\nruntime: nodejs\n");
    cli.replacePulumi(`
        const { readFileSync, writeSync } = require("node:fs");
        if (args[0] === "version") writeSync(1, "v3.259.0\\n");
        else if (args[0] === "preview") writeSync(1, readFileSync(__dirname + "/preview.txt"));
        else process.exit(9);`);
});
afterAll(() => cli.remove());

const reportIn = (folder: string) =>
    JSON.parse(readFileSync(join(cli.folder, folder, "report.json"), "utf8")) as Report;

test("a stack with drift ends with 7, and each form is a file", async () => {
    const { code, output } = await cli.run("report", "--stack", "dev", "--out", "my report");
    expect({ code, output }).toMatchObject({ code: 7 });
    expect(readdirSync(join(cli.folder, "my report")).sort()).toEqual(
        ["report.html", "report.json", "report.md", "report.xml"].sort(),
    );
    expect(output).toContain(join("my report", "report.html"));
    expect(reportIn("my report").totals).toMatchObject({ rows: 2, drifted: 1, unreadable: 0 });
});

test("a folder with the name of a file of the report is named, and no unfinished file stays", async () => {
    mkdirSync(join(cli.folder, "taken/report.html"), { recursive: true });
    const { code, stderr } = await cli.run("report", "--stack", "dev", "--out", "taken");
    expect([code, stderr]).toEqual([
        1,
        expect.stringContaining(
            "report.html: this path must be a file, but it is a folder; remove the folder, or use",
        ) as string,
    ]);
    expect(readdirSync(join(cli.folder, "taken"))).toEqual(["report.html"]);
});

test("an entry of --accepted about a whole resource is named, whatever the name of the file", async () => {
    const decision = { value: "missing", until: "2099-01-31", reason: "x", by: "y", resource: "gateway" };
    const decisions = [
        { ...decision, property: "" },
        { ...decision, property: "owners" },
    ];
    writeFileSync(join(cli.folder, "decisions.json"), JSON.stringify(decisions));
    const { output } = await cli.run("report", "--stack", "dev", "--out", "decided", "--accepted", "decisions.json");
    const nothing = "accepts nothing: the report has no such difference";
    expect(output).toContain(`--accepted: the entry for the whole resource gateway ${nothing}`);
    expect(output).toContain(`--accepted: the entry for owners of gateway ${nothing}`);
    expect(output).not.toContain("accepted.json");
    const markdown = readFileSync(join(cli.folder, "decided/report.md"), "utf8");
    expect(markdown).toMatch(/\| .*gateway.* \| the whole resource \| the report has no such difference/);
});

test("Ctrl+C ends the previews, writes nothing, and gives the cursor back", async () => {
    const slow = new CliOnState();
    writeFileSync(join(slow.folder, "Pulumi.yaml"), "name: portals\nruntime: nodejs\n");
    const env = { ...process.env, ...fakePulumi(slow.folder, "setTimeout(() => process.exit(9), 20_000);") };
    const command = [process.execPath, CLI, "report", "--stack", "a", "--stack", "b", "--parallel", "1"];
    const { code, coloured } = await onTerminal(command, [["0 of 2 stacks", CTRL_C]], { cwd: slow.folder, env });
    expect(code).toBe(130);
    expect(coloured.lastIndexOf("\u001b[?25h")).toBeGreaterThan(coloured.lastIndexOf("\u001b[?25l"));
    expect(readdirSync(join(slow.folder, "drift-report"))).toEqual([]);
    slow.remove();
});

test("a reader that closes the pipe early changes neither the exit code nor the history", async () => {
    const args = ["report", "--stack", "dev", "--format", "json", "--history", "early"];
    const { code, stderr } = await cli.run(...args);
    expect(await cli.runUnread(...args)).toEqual({ code, stderr });
    expect(code).toBe(7);
    expect(readdirSync(join(cli.folder, "early"))).toHaveLength(2);
});

test.each([
    ["UTF-8", (text: string) => Buffer.from(text)],
    ["UTF-16, as > of Windows PowerShell writes it", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le")],
    ["line ends of Windows", (text: string) => Buffer.from(text.replaceAll("\n", "\r\n"))],
])("--from reads a saved preview in %s", async (name, bytes) => {
    writeFileSync(join(cli.folder, "saved.json"), bytes(preview));
    const folder = name.slice(0, 6);
    const { code, output } = await cli.run("report", "--from", "saved.json", "--out", folder);
    expect({ code, output }).toMatchObject({ code: 7 });
    expect(reportIn(folder).totals).toMatchObject({ rows: 2, drifted: 1, unreadable: 0 });
});
