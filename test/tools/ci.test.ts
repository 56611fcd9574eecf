// Checks that `.ci/run` adds PowerShell to PATH if the folder `shared/pwsh` is beside the checkout. Also checks that
// `.ci/run` works if PowerShell or Wine is missing.
import { execFileSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";

import { ROOT, Sandbox } from "./sandbox";

jest.setTimeout(30_000);

let sandbox: Sandbox;
beforeEach(() => {
    sandbox = new Sandbox();
    cpSync(join(ROOT, ".ci"), join(sandbox.folder, "the checkout/.ci"), { recursive: true });
    sandbox.script("npm", 'echo "$@: $(command -v pwsh || echo no pwsh)"');
});
afterEach(() => sandbox.remove());

const run = () =>
    execFileSync("bash", [join(sandbox.folder, "the checkout/.ci/run")], { env: sandbox.env, encoding: "utf8" });

const LEFT_OUT = /^left out: the tests on Windows, because Wine cannot be installed here/;

test("both commands run with the PowerShell beside the checkout", () => {
    const pwsh = sandbox.script("pwsh", "", "shared/pwsh");
    const [first, leftOut, last] = run().split("\n");
    expect([first, last]).toEqual([`test: ${pwsh}`, `run test:deep: ${pwsh}`]);
    expect(leftOut).toMatch(LEFT_OUT);
});

test("both commands run without one", () => {
    const [first, leftOut, last] = run().split("\n");
    expect([first, last]).toEqual(["test: no pwsh", "run test:deep: no pwsh"]);
    expect(leftOut).toMatch(LEFT_OUT);
});

test("with Wine, the tests on Windows run too", () => {
    for (const name of ["wine", "x86_64-w64-mingw32-ld"]) sandbox.script(name, "");
    expect(run()).toBe("test: no pwsh\nrun test:deep: no pwsh\nrun test:windows: no pwsh\n");
});

test.each(["test", "run test:windows", "run test:deep"])("the run fails if npm %s fails", (command) => {
    for (const name of ["wine", "x86_64-w64-mingw32-ld"]) sandbox.script(name, "");
    sandbox.script("npm", `[ "$*" != "${command}" ]`);
    expect(run).toThrow();
});
