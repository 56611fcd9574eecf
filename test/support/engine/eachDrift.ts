// Tests drift on the real engine: changes each setting of a working portal by hand, in each way that Entra allows.
import { seedForeign, seedForeignGrants, type ForeignEntries } from "../tenant/foreignEntries";
import { drifts } from "../hooks/drifts";
import { issueCertificates } from "../tenant/certificates";
import { everythingOf, existingApplication, namedInputs, onePortal } from "../tenant/portals";
import { TestTenant } from "../tenant/testTenant";
import { Workspace } from "./workspace";

export function describeDrifts(kind: "registered" | "adopted"): void {
    let tenant: TestTenant;
    let workspace: Workspace;
    let appId: string;
    let foreign: ForeignEntries;
    let foreignHash: string;

    beforeAll(async () => {
        tenant = await TestTenant.start();
        workspace = await new Workspace({ env: tenant.env }).init();
        const args =
            kind === "adopted"
                ? { applicationId: await existingApplication(tenant), signInAudience: "AzureADMultipleOrgs" }
                : { displayName: "Restore Portal" };
        workspace.declare(onePortal(args));
        await workspace.upOk();
        appId = (await workspace.outputsOf("portal"))["applicationId"] as string;
        foreign = await seedForeign(tenant, appId, await issueCertificates(3));
        await seedForeignGrants(tenant, appId);
        foreignHash = await foreign.hash();
    });
    afterAll(async () => {
        workspace.remove();
        await tenant.close();
    });

    const cells = drifts(kind);
    test("each row of a working portal has a drift", () => {
        expect(cells.map(({ property }) => property)).toHaveLength(kind === "registered" ? 21 : 16);
        expect(new Set(cells.map(({ property }) => property)).size).toBe(kind === "registered" ? 11 : 9);
    });

    test.each(cells)(
        "$property: $change is named in the preview and repaired",
        async ({ property, live, desired, apply, stays }) => {
            const healthy = await everythingOf(tenant, appId);
            await apply(tenant, appId);
            const changed = await everythingOf(tenant, appId);
            const { code, output } = await workspace.preview("--expect-no-changes");
            expect(output).toMatch(live);
            expect(output).toMatch(desired);
            expect(namedInputs(output)).toEqual([property]);
            expect(code).toBe(7);
            expect(await everythingOf(tenant, appId)).toEqual(changed);
            await workspace.upOk();
            await stays?.(tenant, appId);
            expect(await everythingOf(tenant, appId)).toEqual(healthy);
            expect(await foreign.hash()).toBe(foreignHash);
        },
    );

    test("afterwards a preview shows no change", async () => {
        await workspace.previewUnchanged();
    });
}
