// Checks that the unit test in docs/unit-tests.md runs in a user's project with its own SDK: once with a linked
// package, and once with an installed package.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import ts from "typescript";

import { blocksOf, readmePrograms } from "../support/engine/readme";
import { install, NEWEST_SDK } from "../support/engine/sdk";

jest.setTimeout(120_000);

const compilerOptions = { module: ts.ModuleKind.Node16, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "unit-tests-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, program = ""): void {
    writeFileSync(join(folder, name), ts.transpileModule(program, { compilerOptions, fileName: "x.cts" }).outputText);
}

const runTests = (file = "index.test.js") =>
    spawnSync(process.execPath, ["--test", "--test-reporter=tap", file], {
        cwd: folder,
        encoding: "utf8",
        env: { PATH: process.env["PATH"] },
    });

test.each([
    ["linked", false],
    ["installed", true],
])("with the package %s", (_how, copy) => {
    install(folder, { sdk: NEWEST_SDK, copy });
    const unitTest = blocksOf("docs/unit-tests.md").find(({ language }) => language === "ts")?.text;
    const [program] = readmePrograms();
    write("index.js", program);
    write("index.test.js", unitTest);
    expect(runTests()).toMatchObject({ status: 0, stdout: expect.stringMatching(/^# pass 2$/m) as string });
    write("index.js", program?.replace("portal.abc.com", "restore.abc.com"));
    expect(runTests()).toMatchObject({ status: 1, stdout: expect.stringContaining("restore.abc.com") as string });
});

/** The shortest mocks in Pulumi's own guide: they return the inputs as outputs, and compute nothing. */
const MOCKS = `{ newResource: (one) => (declared.push(one), { id: one.name + "-id", state: one.inputs }), call: () => ({}) }`;
const SHORT = `
import assert from "node:assert";
import { test } from "node:test";
import pulumi from "@pulumi/pulumi";
const declared = [];
test("the program", async () => {
    await pulumi.runtime.setMocks(${MOCKS}, "portals", "test", PREVIEW);
    const program = await import("./index.js");
    await new Promise((done) => program.applicationId.apply(done).isKnown.then(done));
    const portal = declared.find(({ type }) => type.endsWith("RestorePortalApp"));
    assert.strictEqual(portal?.inputs.portalUrl, "https://portal.abc.com:4443");
});`;

test.each([
    ["deployment", "false"],
    ["preview", "true"],
])("an ES module with mocks that compute nothing, as in a %s", (_what, preview) => {
    install(folder, { sdk: NEWEST_SDK, copy: false });
    write("index.js", readmePrograms()[0]);
    writeFileSync(join(folder, "index.test.mjs"), SHORT.replace("PREVIEW", preview));
    expect(runTests("index.test.mjs")).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/^# pass 1$/m) as string,
    });
});
