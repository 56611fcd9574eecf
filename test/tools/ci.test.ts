// Checks that `.ci/run` puts a PowerShell beside the checkout on PATH, and that it also runs without one.
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

test("both commands run with the PowerShell beside the checkout", () => {
    const pwsh = sandbox.script("pwsh", "", "shared/pwsh");
    expect(run()).toBe(`test: ${pwsh}\nrun test:deep: ${pwsh}\n`);
});

test("both commands run without one", () => {
    expect(run()).toBe("test: no pwsh\nrun test:deep: no pwsh\n");
});
