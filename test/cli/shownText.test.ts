// Checks that a name from state cannot send commands to the terminal or to the pipeline that shows it.
import { CliOnState } from "../support/cli/cliOnState";

const cli = new CliOnState();
afterAll(() => cli.remove());

test.each([
    ["a colour", "\u001b[31mred"],
    ["a command of Azure Pipelines", "##vso[task.setvariable variable=x]y"],
    ["a command of GitHub", "a\n::error::planted"],
])("%s in the name of a portal", async (_name, name) => {
    const managed = { holder: "", owned: [], created: true, scopeId: "" };
    const state = { applicationId: "a", tenantId: "t", certificates: [], managed };
    const outputs = { ...state, desired: { portalUrl: "https://portal.abc.com:4443", additionalPortalUrls: [] } };
    cli.declare([{ type: "RestorePortalApp", name, outputs }]);
    const { stdout, stderr, code } = await cli.run("doctor", "--portal", "missing");
    expect(code).toBe(2);
    expect(stderr).toContain('the stack has no portal "missing"; it has');
    expect(stdout + stderr).not.toMatch(/\u001b|##vso\[|^\s*::error::/m);
});
