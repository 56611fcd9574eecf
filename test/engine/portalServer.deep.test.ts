// Runs PortalServer on the real engine with a server that does not answer.
import type { PortalServer } from "../../emulator";
import { PORTAL, serverProgram } from "../support/engine/serverProgram";
import { Workspace } from "../support/engine/workspace";
import { TestTenant } from "../support/tenant/testTenant";

jest.setTimeout(300_000);

let tenant: TestTenant;
let server: PortalServer;
let workspace: Workspace;
beforeAll(async () => {
    tenant = await TestTenant.start();
    server = await tenant.emulator.startPortalServer();
    workspace = await new Workspace({ env: tenant.env }).init();
    workspace.write("index.js", serverProgram(server.url));
    await workspace.upOk();
    const { applicationId } = await workspace.outputsOf("portal");
    server.configure({ applicationId: String(applicationId), restorePortalUri: PORTAL, isEnabled: true });
    await workspace.previewUnchanged();
});
afterAll(async () => {
    workspace.remove();
    await tenant.close();
});

test("a server that does not answer is named in the preview, does not stop up, and can be ignored", async () => {
    server.answerWith({ drop: true });
    const { code, output } = await workspace.preview("--expect-no-changes");
    expect(code).toBe(7);
    expect(output).toMatch(
        /serverStatus *: "not readable: localhost:\d+ cannot be reached \(ECONNRESET.*" => "readable"/,
    );
    const up = await workspace.upOk();
    expect(up.output).toMatch(/warning: verifying portal server .*: its settings are unknown/);
    workspace.write(
        "index.js",
        serverProgram(server.url).replace(/\}\);\s*$/, '}, { ignoreChanges: ["serverStatus"] });'),
    );
    await workspace.previewUnchanged();
    workspace.write("index.js", serverProgram(server.url, "required: true,"));
    server.answerWith(undefined);
    await workspace.upOk();
    server.answerWith({ drop: true });
    const refused = await workspace.preview();
    expect(refused.code).not.toBe(0);
    expect(refused.output).toMatch(/reading the portal server: .*leave "required" out/);
});
