// Tests the main path on the real engine, for a registered and for an adopted application: `up`, a preview without
// changes, drift of all settings and its repair, and `destroy` twice.
import { issueCertificates } from "../tenant/certificates";
import { oneOfEachRow } from "../hooks/drifts";
import { asSets, everythingOf, existingApplication, namedInputs, onePortal, PORTAL_URL } from "../tenant/portals";
import { FOREIGN_URI, seedForeign, seedForeignGrants, type ForeignEntries } from "../tenant/foreignEntries";
import { TestTenant } from "../tenant/testTenant";
import { faceOfTests } from "./faces";
import { Workspace } from "./workspace";

export function describeLifecycle(kind: "registered" | "adopted"): void {
    let tenant: TestTenant;
    let workspace: Workspace;
    let appId: string;
    let before: Awaited<ReturnType<typeof everythingOf>>;
    let foreign: ForeignEntries;
    let foreignHash: string;

    beforeAll(async () => {
        tenant = await TestTenant.start();
        workspace = await new Workspace({ env: tenant.env }).init();
        if (kind === "adopted") {
            appId = await existingApplication(tenant);
            before = await everythingOf(tenant, appId);
        }
        const args =
            kind === "adopted"
                ? { applicationId: appId, signInAudience: "AzureADMultipleOrgs" }
                : { displayName: "Restore Portal" };
        workspace.declare(onePortal(args));
    });
    afterAll(async () => {
        workspace.remove();
        await tenant.close();
    });

    test("the first preview, which has unknown values, passes check and writes nothing", async () => {
        tenant.clearLog();
        const { code, output } = await workspace.preview();
        expect({ code, output }).toMatchObject({ code: 0 });
        expect(tenant.writes()).toEqual([]);
    });

    // An adopted application needs more items: the provider reads it before the PATCH, so that no entry of others is
    // lost. A preview also reads the grants in `check`. In the plugin, each `check` reads them, because the engine does
    // not tell `check` whether this is a preview.
    const adoptedItems = faceOfTests() === "native" ? 16 : 15;
    const mostItems = kind === "adopted" ? adoptedItems : 12;
    test(`up takes at most 6 requests with at most ${mostItems} items, the verifying read included`, async () => {
        tenant.clearLog();
        await workspace.upOk();
        const requests = tenant.graphRequests();
        expect(requests.length).toBeGreaterThan(0);
        expect(requests.length).toBeLessThanOrEqual(6);
        const items = requests.flatMap(({ items = [] }) => items);
        expect(items.length).toBeLessThanOrEqual(mostItems);
        expect(items.slice(-3).map(({ method }) => method)).toEqual(["GET", "GET", "GET"]);
        appId = (await workspace.outputsOf("portal"))["applicationId"] as string;
    });

    test("the application is what a working portal needs", async () => {
        const application = await tenant.application(appId);
        const [scope] = application.api.oauth2PermissionScopes;
        expect(application).toMatchObject({
            identifierUris: [`api://${appId}`],
            spa: { redirectUris: [PORTAL_URL] },
            web: { implicitGrantSettings: { enableIdTokenIssuance: false, enableAccessTokenIssuance: false } },
            keyCredentials: [{ type: "AsymmetricX509Cert", usage: "Verify", displayName: "Restore Portal" }],
        });
        expect(asSets(application.requiredResourceAccess)).toEqual(
            asSets([
                {
                    resourceAppId: "00000003-0000-0000-c000-000000000000",
                    resourceAccess: [{ id: "e1fe6dd8-ba31-4d61-89e7-88639da4683d", type: "Scope" }],
                },
                { resourceAppId: appId, resourceAccess: [{ id: scope?.id, type: "Scope" }] },
            ]),
        );
        expect(scope).toMatchObject({ value: "access_as_user", isEnabled: true, type: "Admin" });
        const servicePrincipal = await tenant.servicePrincipal(appId);
        expect(servicePrincipal).toMatchObject({ accountEnabled: true, appRoleAssignmentRequired: false });
        expect(servicePrincipal.tags).toContain("WindowsAzureActiveDirectoryIntegratedApp");
        const grants = await tenant.grants(appId);
        expect(grants.map(({ scope: granted, consentType }) => `${consentType} ${granted}`).sort()).toEqual([
            "AllPrincipals User.Read",
            "AllPrincipals access_as_user",
        ]);
    });

    test("the next preview shows no change, with one batch of three reads and no write", async () => {
        tenant.clearLog();
        await workspace.previewUnchanged();
        const requests = tenant.graphRequests();
        expect(requests.map(({ path, items }) => `${path} ${items?.length ?? 0}`)).toEqual(["/$batch 3"]);
        expect(tenant.writes()).toEqual([]);
    });

    test("entries of others, at least three of each kind, are not drift", async () => {
        foreign = await seedForeign(tenant, appId, await issueCertificates(3));
        await seedForeignGrants(tenant, appId);
        foreignHash = await foreign.hash();
        await workspace.previewUnchanged();
        expect(await foreign.hash()).toBe(foreignHash);
    });

    // The files *Drifts.deep.test.ts test each change separately.
    test("a preview names one change of each row, and one up repairs them all", async () => {
        const cells = oneOfEachRow(kind);
        const healthy = await everythingOf(tenant, appId);
        for (const { apply } of cells) await apply(tenant, appId);
        const changed = await everythingOf(tenant, appId);
        const { code, output } = await workspace.preview("--expect-no-changes");
        for (const { live, desired } of cells) {
            expect(output).toMatch(live);
            expect(output).toMatch(desired);
        }
        expect(namedInputs(output).sort()).toEqual(cells.map(({ property }) => property).sort());
        expect(code).toBe(7);
        expect(await everythingOf(tenant, appId)).toEqual(changed);
        await workspace.upOk();
        for (const { stays } of cells) await stays?.(tenant, appId);
        expect(await everythingOf(tenant, appId)).toEqual(healthy);
        expect(await foreign.hash()).toBe(foreignHash);
    });

    test("afterwards a preview shows no change", async () => {
        await workspace.previewUnchanged();
    });

    test("destroy exits with 0, and again with the state from before", async () => {
        const state = await workspace.exportState();
        await workspace.destroyOk();
        if (kind === "registered") {
            expect((await tenant.tryGraph("GET", `/applications(appId='${appId}')`)).status).toBe(404);
            const bin = await tenant.graph<{ value: { appId: string }[] }>(
                "GET",
                "/directory/deletedItems/microsoft.graph.application",
            );
            expect(bin.value.map((one) => one.appId)).toContain(appId);
        } else {
            // The provider created the service principal, but it stays, because others have added grants to it.
            expect(await foreign.hash()).toBe(foreignHash);
            expect(await ownOnly(appId)).toEqual({ ...before, servicePrincipal: expect.anything() as unknown });
        }
        await workspace.importState(state);
        await workspace.destroyOk();
        if (kind === "adopted")
            expect(await ownOnly(appId)).toEqual({ ...before, servicePrincipal: expect.anything() as unknown });
    });

    /**
     * Returns the result of `everythingOf` without the entries that `seedForeign` and `seedForeignGrants` added. A test
     * compares it with `before`.
     */
    async function ownOnly(id: string) {
        const everything = await everythingOf(tenant, id);
        const { application } = everything;
        if (!application) throw new Error(`application ${id} does not exist any more`);
        const foreignUri = (uri: string) => uri.includes(".contoso.com/");
        const { redirectUriSettings = [] } = application.web as { redirectUriSettings?: { uri: string }[] };
        return {
            ...everything,
            application: {
                ...application,
                tags: application.tags.filter((tag) => !["team:backup", "cost:1234", "owner:contoso"].includes(tag)),
                spa: { redirectUris: application.spa.redirectUris.filter((uri) => !foreignUri(uri)) },
                web: {
                    ...application.web,
                    redirectUris: application.web.redirectUris.filter((uri) => !foreignUri(uri)),
                    redirectUriSettings: redirectUriSettings.filter(({ uri }) => !foreignUri(uri)),
                },
                publicClient: { redirectUris: application.publicClient.redirectUris.filter((uri) => !foreignUri(uri)) },
                api: {
                    ...application.api,
                    oauth2PermissionScopes: application.api.oauth2PermissionScopes.filter(
                        ({ value }) => value === "access_as_user",
                    ),
                },
                identifierUris: application.identifierUris.filter((uri) => !uri.includes(`/${FOREIGN_URI}`)),
                appRoles: [],
                requiredResourceAccess: application.requiredResourceAccess.filter(
                    ({ resourceAppId }) => resourceAppId === id || resourceAppId.startsWith("00000003-"),
                ),
                keyCredentials: application.keyCredentials.filter(
                    ({ displayName }) => displayName !== "Somebody else's",
                ),
                passwordCredentials: [],
            },
            grants: everything.grants.filter(({ scope }) => scope !== "Things.Read"),
        };
    }
}
