// Runs every shell block of the README, in the checkout or in a project of its first program. A block that is neither run
// nor listed as an exception fails.
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import ts from "typescript";

import { readmePrograms, readmeShellBlocks } from "../support/engine/readme";
import { TestTenant } from "../support/tenant/testTenant";
import { expectSuccess, run, Workspace } from "../support/engine/workspace";

jest.setTimeout(300_000);

const ROOT = resolve(__dirname, "../..");

/** Blocks that no test can run, by a text in them. */
const EXCEPTIONS: readonly { readonly text: string; readonly reason: string }[] = [
    { text: "npm test", reason: "it is what runs this test" },
    { text: "pulumi-restore-portal recover", reason: "needs a deployment that was killed: test/engine/killed.test.ts" },
];
/** The block that runs in the checkout. All others run in a project with a stack "production". */
const IN_CHECKOUT = "npm start";

const isExcepted = (block: string) => EXCEPTIONS.some(({ text }) => block.includes(text));
const isInCheckout = (block: string) => block.startsWith(IN_CHECKOUT);
const blocks = readmeShellBlocks();
const runnable = blocks.filter((block) => !isExcepted(block));

let tenant: TestTenant;
let workspace: Workspace;
beforeAll(async () => {
    tenant = await TestTenant.start();
    workspace = await new Workspace({ env: tenant.env, stack: "production" }).init();
    const [program = ""] = readmePrograms();
    const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
    workspace.write("index.js", ts.transpileModule(program, { compilerOptions: options }).outputText);
    // As npm links the package's bin.
    const bin = join(workspace.folder, "node_modules/.bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "pulumi-restore-portal"), `#!/bin/sh\nexec node ${join(ROOT, "dist/cli/main.js")} "$@"\n`);
    chmodSync(join(bin, "pulumi-restore-portal"), 0o755);
    await workspace.upOk();
});
afterAll(async () => {
    workspace.remove();
    await tenant.close();
});

test("there are blocks of both kinds, and no exception is made for one that is gone", () => {
    expect(runnable.filter(isInCheckout)).toHaveLength(1);
    expect(runnable.length).toBeGreaterThan(3);
    expect(EXCEPTIONS.filter(({ text }) => !blocks.some((block) => block.includes(text)))).toEqual([]);
});

test("npm start registers, names a change made by hand, heals it, and leaves nothing behind", async () => {
    const [block = ""] = runnable.filter(isInCheckout);
    const result = await run("sh", ["-eu", "-c", block], { cwd: ROOT, env: process.env, timeoutMs: 240_000 });
    expectSuccess(result);
    expect(result.stdout).toMatch(/Restore Portal web address +https:\/\/portal\.abc\.com:4443/);
    expect(result.stdout).toMatch(/~ portalUrl +: "not registered" => "https:\/\/portal\.abc\.com:4443"/);
    expect(result.stdout).toContain('+ [1]: "access_as_user"');
    expect(result.stdout).toContain("exit code 7");
    expect(result.stdout.trim().split("exit code 0")).toHaveLength(3);
    expect(readdirSync(join(ROOT, ".portal"))).toEqual([]);
});

test.each(runnable.filter((block) => !isInCheckout(block)))("%s", async (block) => {
    expectSuccess(await workspace.run("sh", ["-eu", "-c", block]));
});
