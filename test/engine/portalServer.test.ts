// Runs PortalServer, handover and doctor on the real engine, from the first deployment to a portal that works.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import type { PortalServer } from "../../emulator";
import { BROKEN_ROWS } from "../support/signIn/brokenRows";
import { openPfx, refusalOf } from "../support/signIn/signIn";
import { expectOwnersAlone } from "../support/ownersAlone";
import { TestTenant } from "../support/tenant/testTenant";
import { PORTAL, serverProgram } from "../support/engine/serverProgram";
import { expectSuccess, Workspace } from "../support/engine/workspace";

jest.setTimeout(300_000);

const CLI = resolve(__dirname, "../../dist/cli/main.js");
let tenant: TestTenant;
let server: PortalServer;
let workspace: Workspace;
let appId: string;
beforeAll(async () => {
    tenant = await TestTenant.start();
    server = await tenant.emulator.startPortalServer();
    workspace = await new Workspace({ env: tenant.env }).init();
    workspace.write("index.js", serverProgram(server.url));
});
afterAll(async () => {
    workspace.remove();
    await tenant.close();
});

const cli = (...args: string[]) => workspace.run(process.execPath, [CLI, ...args]);
const namedByServer = (output: string) => {
    const update = output.split(/~ \S+:PortalServer: \(update\)/).at(-1) ?? "";
    return [...update.matchAll(/^ {6,8}~ (\w+) *:/gm)].map((match) => match[1]);
};

test("the first up registers the application for a server that is not set up yet, and names the next steps", async () => {
    const { output } = await workspace.upOk();
    appId = (await workspace.outputsOf("portal"))["applicationId"] as string;
    expect(output).toContain(
        `Set-VBORestorePortalSettings -EnableService -ApplicationId ${appId} -PortalUri ${PORTAL}`,
    );
});

test("the preview names each difference; up fails with the remedy and reports no update, and the preview names them again", async () => {
    for (const round of [1, 2]) {
        const { code, output } = await workspace.preview("--expect-no-changes");
        expect({ round, code }).toEqual({ round, code: 7 });
        expect(namedByServer(output).sort()).toEqual(["applicationId", "isEnabled", "portalUrl"]);
        expect(output).toMatch(/isEnabled *: false => true/);
        if (round === 2) break;
        const up = await workspace.up();
        expect(up.code).not.toBe(0);
        expect(up.output).toMatch(
            /Pulumi cannot change the server: on the VB365 server run Set-VBORestorePortalSettings/,
        );
        expect(up.output).not.toMatch(/~ +\d+ updated|PortalServer.*updated/);
    }
});

test("handover writes a PFX and prints its password, and Entra accepts the key", async () => {
    expectSuccess(await cli("handover", "--stack", "dev", "--out", "handover"));
    const file = join(workspace.folder, "handover/RestorePortal.pfx");
    expectOwnersAlone(file);
    const { stdout } = expectSuccess(await cli("handover", "--stack", "dev", "--show-password"));
    const pfx = openPfx(readFileSync(file).toString("base64"), stdout.trim());
    expect(await refusalOf(tenant, appId, pfx)).toBeUndefined();
    const script = workspace.read("handover/Set-RestorePortal.ps1");
    expect(script).toContain(`$ApplicationId = '${appId}'`);
    expect(script).toContain(`$Thumbprint = '${pfx.certificate.fingerprint.replaceAll(":", "")}'`);
    expect(script).not.toContain(stdout.trim());
});

test("after the server is set up, a preview shows no change, and all checks of doctor are ok", async () => {
    server.configure({ applicationId: appId.toUpperCase(), restorePortalUri: `${PORTAL}/`, isEnabled: true });
    await workspace.previewUnchanged();
    const { code, output } = await cli("doctor", "--stack", "dev");
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toMatch(/0 failed, 0 could not be made/);
});

test("doctor names a broken row with exit code 7, and reports ok again after up", async () => {
    const row = BROKEN_ROWS.find(({ property }) => property === "accessAsUserScope");
    await row?.breakIt(tenant, appId);
    const { code, output } = await cli("doctor", "--stack", "dev");
    expect(code).toBe(7);
    expect(output).toMatch(/FAIL {2}accessAsUserScope +disabled instead of enabled \(AADSTS650053\)/);
    await workspace.upOk();
    expect((await cli("doctor", "--stack", "dev")).code).toBe(0);
});

test("destroy only reads the server", async () => {
    server.answerWith(undefined);
    await workspace.destroyOk();
    expect(new Set(server.requests().map((line) => line.split(" ")[0]))).toEqual(new Set(["GET"]));
});
