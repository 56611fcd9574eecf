// Moves a stack from dynamic resources to the native plugin and back, and then to a YAML program. No move replaces a
// resource or writes to Entra. After the first two moves, the portal still owns its redirect URI.
import { everythingOf, existingApplication, onePortal, PORTAL_URL } from "../../support/tenant/portals";
import { TestTenant } from "../../support/tenant/testTenant";
import { installNative, typeOf, useFace, type Face } from "../../support/engine/faces";
import { useLanguage, writeProgram } from "../../support/engine/languages";
import { Workspace, type ProgramSpec } from "../../support/engine/workspace";

jest.setTimeout(600_000);

let tenant: TestTenant;
let workspace: Workspace;
let adopted: string;
let program: ProgramSpec;
beforeAll(async () => {
    tenant = await TestTenant.start();
    adopted = await existingApplication(tenant);
    workspace = await new Workspace({ env: tenant.env }).init();
    const one = onePortal({ displayName: "Restore Portal" });
    const args = { applicationId: adopted, portalUrl: "https://adopted.abc.com:4443" };
    program = { ...one, portals: { ...one.portals, adopted: { args } } };
    workspace.declare(program);
    await workspace.upOk();
});
afterAll(async () => {
    workspace.remove();
    await tenant.close();
});

const applications = async () => (await tenant.applications()).map(({ appId }) => appId);
const everything = async () => Promise.all((await applications()).map((appId) => everythingOf(tenant, appId)));
const typesInState = async () =>
    ((await workspace.exportState()).deployment.resources ?? [])
        .map(({ type }) => type)
        .filter((type) => type.includes("ortal:"))
        .sort();

/** The program stays the same. Only the package that it imports changes. */
function moveTo(face: Face): void {
    workspace.remove("node_modules/pulumi-restore-portal");
    workspace.remove("node_modules/restore-portal");
    useFace(face);
    if (face === "native") installNative(workspace.folder);
    else workspace.linkPackage();
}

test.each<[Face]>([["native"], ["dynamic"]])("to %s: one up without a write, then nothing changes", async (face) => {
    const before = await everything();
    moveTo(face);
    tenant.clearLog();
    const up = await workspace.upOk();
    expect(up.output).not.toMatch(/created|deleted|replaced/);
    expect(await typesInState()).toEqual(
        ["PortalCertificate", "RestorePortalApp", "RestorePortalApp"].map((name) => typeOf(name)),
    );
    await workspace.previewUnchanged();
    expect(tenant.writes()).toEqual([]);
    expect(await everything()).toEqual(before);
});

const moved = "https://moved.abc.com:4443";

test("after both moves the resource still owns what it made: another address replaces the old one", async () => {
    const { portals } = program;
    const args = { ...portals?.["portal"]?.args, portalUrl: moved };
    workspace.declare({ ...program, portals: { ...portals, portal: { args } } });
    await workspace.upOk();
    const appId = String((await workspace.outputsOf("portal"))["applicationId"]);
    const { redirectUris } = (await tenant.application(appId)).spa;
    expect(redirectUris).toEqual([moved]);
    expect(redirectUris).not.toContain(PORTAL_URL);
});

test("to YAML, without the package of the dynamic resources: the first up leaves the refresh out", async () => {
    const before = await everything();
    workspace.remove("node_modules");
    useFace("native");
    useLanguage(workspace, "yaml");
    writeProgram(workspace, "yaml", { certificateName: "Restore Portal", portalUrl: moved, adopted });
    tenant.clearLog();
    const up = await workspace.upOk("--refresh=false");
    expect(up.output).not.toMatch(/RestorePortalApp.*(created|deleted|replaced)/);
    await workspace.previewUnchanged();
    expect(tenant.writes()).toEqual([]);
    expect(await everything()).toEqual(before);
});

test("destroy deletes the registered application, and the adopted one stays", async () => {
    await workspace.destroyOk();
    expect(await applications()).toContain(adopted);
    expect((await tenant.application(adopted)).spa.redirectUris).toEqual([]);
});
