// Tests the life of a registered, an adopted and an imported portal through the native plugin, for a program in any
// language.
import { everythingOf, existingApplication, giveToDeployer, namedInputs, PORTAL_URL } from "../tenant/portals";
import { portalByHand } from "../tenant/portalByHand";
import { TestTenant } from "../tenant/testTenant";
import { ENTERPRISE, patchServicePrincipal } from "../hooks/ownership";
import { ADOPTED_URL, IMPORTED_URL, useLanguage, writeProgram, type Language, type Portals } from "./languages";
import { expectSuccess, Workspace } from "./workspace";

const FIRST: Portals = { certificateName: "First", portalUrl: PORTAL_URL };

/**
 * The tests need language hosts and generated SDKs. Go builds the hosts and the generators. If Go is missing,
 * `tools/gates.mjs` leaves these tests out.
 */
export function describeLanguage(language: Language): void {
    describe("a portal's life", () => lifeIn(language));
}

function lifeIn(language: Language): void {
    let tenant: TestTenant;
    let workspace: Workspace;
    let adopted: string;
    let appId: string;
    let before: Awaited<ReturnType<typeof everythingOf>>;

    beforeAll(async () => {
        tenant = await TestTenant.start();
        adopted = await existingApplication(tenant);
        before = await everythingOf(tenant, adopted);
        workspace = new Workspace({ env: tenant.env, face: "native" });
        useLanguage(workspace, language);
        await workspace.init();
        writeProgram(workspace, language, { ...FIRST, adopted });
    });
    afterAll(async () => {
        workspace.remove();
        await tenant.close();
    });

    test("the first preview, which has unknown values, writes nothing; up registers and adopts", async () => {
        tenant.clearLog();
        expectSuccess(await workspace.preview());
        expect(tenant.writes()).toEqual([]);
        await workspace.upOk();
        appId = await workspace.output("applicationId");
        expect((await tenant.application(appId)).spa.redirectUris).toEqual([PORTAL_URL]);
        expect((await tenant.application(adopted)).spa.redirectUris).toEqual([ADOPTED_URL]);
        await workspace.previewUnchanged();
    });

    test("the PFX is secret in state and in outputs", async () => {
        const pfx = await workspace.output("pfx");
        const state = JSON.stringify(await workspace.exportState());
        expect([pfx.length > 1000, state.includes(pfx.slice(100, 200))]).toEqual([true, false]);
    });

    test("a preview names drift with both values, exits with 7, and up repairs it", async () => {
        await tenant.patchApplication(appId, { displayName: "Renamed by hand", spa: { redirectUris: [] } });
        const { code, output } = await workspace.preview("--expect-no-changes");
        expect(code).toBe(7);
        expect(output).toMatch(/~ displayName *: "Renamed by hand" => "Restore Portal"/);
        expect(output).toMatch(/~ portalUrl *: "not registered" => "https:\/\/portal\.abc\.com:4443"/);
        expect(namedInputs(output).sort()).toEqual(["displayName", "portalUrl"]);
        await workspace.upOk();
        const { displayName, spa } = await tenant.application(appId);
        expect([displayName, spa.redirectUris]).toEqual(["Restore Portal", [PORTAL_URL]]);
    });

    test("another name of the certificate rotates it, and the old one stays", async () => {
        writeProgram(workspace, language, { ...FIRST, certificateName: "Second", adopted });
        await workspace.upOk();
        expect((await tenant.application(appId)).keyCredentials).toHaveLength(2);
        await workspace.previewUnchanged();
    });

    test("pulumi import adopts an application without a write, and its program previews without a change", async () => {
        const { appId: imported } = await portalByHand(tenant, { spa: { redirectUris: [IMPORTED_URL] } });
        await giveToDeployer(tenant, (await tenant.application(imported)).id);
        await patchServicePrincipal(tenant, imported, { tags: [ENTERPRISE] });
        const healthy = await everythingOf(tenant, imported);
        tenant.clearLog();
        const type = "restore-portal:index:RestorePortalApp";
        const options = ["--yes", "--protect=false", "--generate-code=false", "--skip-preview"];
        expectSuccess(await workspace.pulumi(["import", type, "imported", imported, ...options]));
        writeProgram(workspace, language, { ...FIRST, certificateName: "Second", adopted, imported });
        await workspace.previewUnchanged();
        expect(tenant.writes()).toEqual([]);
        expect(await everythingOf(tenant, imported)).toEqual(healthy);
        writeProgram(workspace, language, { ...FIRST, certificateName: "Second", adopted });
        await workspace.upOk();
        expect(await everythingOf(tenant, imported)).toEqual(healthy);
    });

    test("destroy deletes the registered application, and gives the adopted one back", async () => {
        await workspace.destroyOk();
        expect((await tenant.tryGraph("GET", `/applications(appId='${appId}')`)).status).toBe(404);
        expect(await everythingOf(tenant, adopted)).toEqual(before);
    });
}
