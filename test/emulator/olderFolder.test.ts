// Checks that the emulator reads a folder that an older emulator saved. Such a folder contains roles by name, and lacks
// newer properties.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { TestTenant, type Json } from "../support/tenant/testTenant";

jest.setTimeout(60_000);

let folder: string;
beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "older-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Saved {
    tenants: (Json & { servicePrincipals: (Json & { id: string; appId: string })[] })[];
    identities: Json;
}

/** Returns the objects in the form in which the first release saved them. */
function asBefore({ tenants, identities }: Saved): object {
    const lacking = new Set([
        "appRoleAssignments",
        "assignmentsOfDeleted",
        "federatedCredentials",
        "groups",
        "members",
    ]);
    const older = tenants.map((tenant) => {
        const kept = Object.fromEntries(Object.entries(tenant).filter(([name]) => !lacking.has(name)));
        const servicePrincipals = tenant.servicePrincipals.map(({ id, appId, tags }) => ({
            id,
            appId,
            tags,
            accountEnabled: true,
            appRoleAssignmentRequired: false,
            deletedDateTime: null,
        }));
        const roles = servicePrincipals.map(({ id }) => [id, ["Application.ReadWrite.All"]]);
        return { ...kept, servicePrincipals, roles };
    });
    return { tenants: older, identities };
}

test("is read together with its permissions", async () => {
    const first = await TestTenant.start({ folder });
    const { appId } = await first.graph<{ appId: string }>("POST", "/applications", { displayName: "Kept" });
    await first.close();
    const file = join(folder, "tenants.json");
    writeFileSync(file, JSON.stringify(asBefore(JSON.parse(readFileSync(file, "utf8")) as Saved)));
    const second = await TestTenant.start({ folder });
    expect(await second.application(appId)).toMatchObject({ displayName: "Kept" });
    await second.graph("POST", "/servicePrincipals", { appId });
    expect(await second.servicePrincipal(appId)).toMatchObject({ alternativeNames: [], displayName: "Kept" });
    expect((await second.tryGraph("GET", "/oauth2PermissionGrants")).status).toBe(403);
    await second.close();
});
