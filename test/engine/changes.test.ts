// Each input changed in the program: update or replacement as documented, and nothing else written.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { existingApplication, everythingOf, onePortal, PORTAL_URL } from "../support/tenant/portals";
import { TestTenant } from "../support/tenant/testTenant";
import { Workspace } from "../support/engine/workspace";

jest.setTimeout(600_000);

const ALL = ["Application.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All"];

interface Change {
    readonly input: string;
    readonly args: Record<string, unknown>;
    readonly env?: Record<string, string>;
    /** Writes as `METHOD what: fields`. */
    readonly writes: readonly string[];
}

let tenant: TestTenant;
let china: TestTenant;
let workspace: Workspace;
let owner: string;
let args: Record<string, unknown> = { displayName: "Restore Portal" };

beforeAll(async () => {
    tenant = await TestTenant.start({ tenants: 2 });
    china = await TestTenant.start({ region: "China" });
    owner = tenant.emulator.addIdentity({ roles: [] }).objectId;
    const identity = tenant.emulator.addIdentity({ roles: ALL });
    const second = tenant.emulator.addIdentity({ roles: ALL, tenantId: tenant.emulator.tenantIds[1]! });
    const inChina = china.emulator.addIdentity({ roles: ALL });
    workspace = await new Workspace({ env: tenant.envOf(identity) }).init();
    const bothAuthorities = join(workspace.folder, "ca.pem");
    writeFileSync(bothAuthorities, tenant.emulator.caPem + china.emulator.caPem);
    workspace.env = {
        ...workspace.env,
        NODE_EXTRA_CA_CERTS: bothAuthorities,
        ...prefixed("OTHER", tenant.envOf(identity)),
        ...prefixed("SECOND", tenant.envOf(second)),
        ...prefixed("CHINA", china.envOf(inChina)),
    };
    workspace.declare(onePortal(args));
    await workspace.upOk();
});
afterAll(async () => {
    workspace.remove();
    await Promise.all([tenant.close(), china.close()]);
});

function prefixed(name: string, env: Record<string, string>): Record<string, string> {
    return Object.fromEntries(Object.entries(env).map(([key, value]) => [`${name}_${key}`, value]));
}

function writesOf(one: TestTenant): string[] {
    const requests = one
        .graphRequests()
        .flatMap((entry): { method: string; path: string; body: unknown }[] => entry.items ?? [entry]);
    return requests
        .filter(({ method, path }) => method !== "GET" && path !== "/$batch")
        .map(({ method, path, body }) => {
            const what = path.replace(/\(appId='[^']*'\)|\/[0-9a-f-]{36}/, "").replace(/^\//, "");
            return `${method} ${what}${
                method === "PATCH"
                    ? `: ${Object.keys(body as object)
                          .sort()
                          .join(",")}`
                    : ""
            }`;
        });
}

const appId = async () => (await workspace.outputsOf("portal"))["applicationId"] as string;

async function apply(change: Record<string, unknown>, expected: RegExp): Promise<void> {
    args = Object.fromEntries(Object.entries({ ...args, ...change }).filter(([, value]) => value !== undefined));
    workspace.declare(onePortal(args));
    tenant.clearLog();
    const { output } = await workspace.upOk();
    expect(output).toMatch(expected);
}

const UPDATES: readonly Change[] = [
    { input: "displayName", args: { displayName: "Portal of Contoso" }, writes: ["PATCH applications: displayName"] },
    {
        input: "portalUrl",
        args: { portalUrl: "https://portal2.abc.com:4443" },
        writes: ["PATCH applications: spa,tags"],
    },
    {
        input: "additionalPortalUrls",
        args: { additionalPortalUrls: [PORTAL_URL] },
        writes: ["PATCH applications: spa,tags"],
    },
    {
        input: "signInAudience",
        args: { signInAudience: "AzureADMultipleOrgs" },
        writes: ["PATCH applications: signInAudience"],
    },
    {
        input: "serviceManagementReference",
        args: { serviceManagementReference: "CMDB-1" },
        writes: ["PATCH applications: serviceManagementReference"],
    },
    {
        input: "servicePrincipal",
        args: { servicePrincipal: "assignment required" },
        writes: ["PATCH servicePrincipals: appRoleAssignmentRequired"],
    },
    { input: "restoreDeleted", args: { restoreDeleted: true }, writes: [] },
    { input: "certificateOverlapDays", args: { certificateOverlapDays: 30 }, writes: [] },
    { input: "registerCertificate", args: { registerCertificate: false }, writes: [] },
    { input: "adminConsent", args: { adminConsent: false }, writes: [] },
    {
        input: "restApiPort",
        args: { restApiPort: 5443, portalUrl: "https://portal2.abc.com:5443" },
        writes: ["PATCH applications: spa,tags"],
    },
    { input: "credentials", args: { credentials: "OTHER" }, writes: [] },
];

describe("an input that is changed", () => {
    test("has a case for each input", () => {
        const others = ["owners", "certificate", "tenantId", "applicationId", "region"];
        expect([...UPDATES.map(({ input }) => input), ...others]).toHaveLength(17);
    });

    test.each(UPDATES)("$input: updates, and writes only that", async ({ args: change, writes }) => {
        const before = await appId();
        await apply(change, /~ 1 updated/);
        expect(writesOf(tenant)).toEqual(writes);
        expect(await appId()).toBe(before);
    });

    test("owners: are added, and never removed", async () => {
        await apply({ owners: [owner] }, /~ 1 updated/);
        expect(writesOf(tenant)).toEqual(["POST applications/owners/$ref"]);
        await apply({ owners: undefined }, /~ 1 updated/);
        expect(writesOf(tenant)).toEqual([]);
        const { value } = await tenant.graph<{ value: { id: string }[] }>(
            "GET",
            `/applications(appId='${await appId()}')/owners`,
        );
        expect(value.map(({ id }) => id)).toContain(owner);
    });

    test("certificate: another one is added, and the replaced one stays until its overlap is over", async () => {
        await apply({ registerCertificate: true }, /~ 1 updated/);
        const [old] = (await tenant.application(await appId())).keyCredentials;
        const program = onePortal(args);
        program.certificates!["certificate"] = { source: { generate: { name: "Another name" } } };
        workspace.declare(program);
        tenant.clearLog();
        expect((await workspace.upOk()).output).toMatch(/~ 2 updated/);
        expect(writesOf(tenant)).toEqual(["PATCH applications: keyCredentials,tags"]);
        const { keyCredentials } = await tenant.application(await appId());
        expect(keyCredentials).toHaveLength(2);
        expect(keyCredentials[0]).toEqual(old);
        const outputs = (await workspace.outputsOf("portal"))["certificates"] as {
            thumbprint: string;
            ours: boolean;
            retiresOn?: string;
        }[];
        expect(outputs.map(({ ours, retiresOn }) => [ours, retiresOn !== undefined])).toEqual([
            [true, true],
            [true, false],
        ]);
        workspace.declare(onePortal(args));
        await workspace.upOk();
    });

    test("tenantId: another spelling of the same tenant is no change", async () => {
        workspace.declare(onePortal({ ...args, tenantId: "contoso.com" }));
        await workspace.previewUnchanged();
        workspace.declare(onePortal({ ...args, tenantId: tenant.emulator.tenantId.toUpperCase() }));
        await workspace.previewUnchanged();
    });

    test("tenantId: another tenant replaces, and the old application is deleted with its own credentials", async () => {
        const old = await appId();
        await apply({ credentials: "SECOND", tenantId: tenant.emulator.tenantIds[1] }, /\+-? ?1 replaced/);
        expect((await tenant.tryGraph("GET", `/applications(appId='${old}')`)).status).toBe(404);
        expect((await workspace.outputsOf("portal"))["tenantId"]).toBe(tenant.emulator.tenantIds[1]);
        await apply({ credentials: undefined, tenantId: tenant.emulator.tenantId }, /1 replaced/);
    });

    test("region: with the same application it is refused before anything is written", async () => {
        const id = await existingApplication(tenant);
        await apply({ applicationId: id, displayName: undefined }, /1 replaced/);
        tenant.clearLog();
        workspace.declare(onePortal({ ...args, region: "China" }));
        const { code, output } = await workspace.up();
        expect(output).toMatch(/region.*must not change from "Worldwide" to "China" with the same application/);
        expect([code === 0, tenant.writes()]).toEqual([false, []]);
    });

    test("region: with another application in that region it replaces", async () => {
        const id = await existingApplication(china);
        const old = await appId();
        const tenantId = china.emulator.tenantId;
        await apply({ region: "China", credentials: "CHINA", tenantId, applicationId: id }, /1 replaced/);
        expect((await workspace.outputsOf("portal"))["applicationId"]).toBe(id);
        expect((await tenant.application(old)).identifierUris).toEqual([]);
        await apply(
            { region: undefined, credentials: undefined, tenantId: tenant.emulator.tenantId, applicationId: old },
            /1 replaced/,
        );
    });

    test("applicationId: another one replaces; the first is released, not deleted", async () => {
        const [first, second] = [await appId(), await existingApplication(tenant)];
        await apply({ applicationId: second }, /1 replaced/);
        expect((await tenant.application(first)).identifierUris).toEqual([]);
        expect((await tenant.application(second)).identifierUris).toEqual([`api://${second}`]);
    });

    test("from displayName to the applicationId of that very application: gives up ownership, deletes nothing", async () => {
        await apply({ applicationId: undefined, displayName: "Restore Portal" }, /1 replaced/);
        const id = await appId();
        await apply({ displayName: undefined, applicationId: id }, /~ 1 updated/);
        expect(await appId()).toBe(id);
        await workspace.previewUnchanged();
        const before = await everythingOf(tenant, id);
        await workspace.destroyOk();
        expect((await tenant.application(id)).appId).toBe(id);
        expect((await tenant.application(id)).identifierUris).toEqual([]);
        expect(before.application?.displayName).toBe("Restore Portal");
        expect(await tenant.tryGraph("GET", `/applications(appId='${id}')`)).toMatchObject({ status: 200 });
    });
});
