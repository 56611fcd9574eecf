// Runs the checks of doctor for a report with a fake Pulumi CLI, which cannot read any stack.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { buildReport } from "../../../cli/report/build";
import { withDoctor } from "../../../cli/report/deep";
import { SELECTED } from "../../../cli/report/stackName";
import { fakePulumi } from "../../support/cli/fakePulumi";
import { NOW } from "../../support/report/examples";

let folder: string;
beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "report-deep-"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: portals\nruntime: nodejs\n");
    const script = `
        require("node:fs").writeFileSync(__dirname + "/arguments.txt", args.join(" "));
        require("node:fs").writeSync(2, "error: no such stack");
        process.exit(255);`;
    Object.assign(process.env, fakePulumi(folder, script));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
    ["dev", "stack dev", "--non-interactive --stack dev"],
    [SELECTED, "the selected stack", "--non-interactive"],
])("doctor reads %s, and its failure names %s", async (name, title, options) => {
    const report = buildReport([], { now: NOW, tool: "0" });
    expect((await withDoctor(report, [name], folder)).partial).toEqual([
        `${title}: doctor could not check this stack: reading the stack: error: no such stack`,
    ]);
    expect(readFileSync(join(folder, "arguments.txt"), "utf8")).toBe(`stack export --show-secrets ${options}`);
});
