// Deploys a portal whose inputs a test changes. The portal starts in the region Worldwide. The test can move it to a
// second tenant, or to China.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { onePortal, PORTAL_URL } from "../tenant/portals";
import { TestTenant } from "../tenant/testTenant";
import { Workspace } from "./workspace";

const ALL = ["Application.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All"];

interface Change {
    readonly input: string;
    readonly args: Record<string, unknown>;
    readonly env?: Record<string, string>;
    /** The expected writes, such as `PATCH applications: tags`. */
    readonly writes: readonly string[];
}

/**
 * Lists changes of inputs that Pulumi deploys as updates, not as replacements. Each row continues from the result of
 * the row above.
 */
export const UPDATES: readonly Change[] = [
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
        writes: ["PATCH applications: serviceManagementReference,tags"],
    },
    {
        input: "servicePrincipal",
        args: { servicePrincipal: "assignment required" },
        // The application's tags record that this portal needs the setting. The service principal's tags record the
        // earlier value of the setting.
        writes: ["PATCH applications: tags", "PATCH servicePrincipals: appRoleAssignmentRequired,tags"],
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

export class ChangingPortal {
    args: Record<string, unknown> = { displayName: "Restore Portal" };
    owner = "";
    tenant!: TestTenant;
    china!: TestTenant;
    workspace!: Workspace;

    async start(): Promise<void> {
        this.tenant = await TestTenant.start({ tenants: 2 });
        this.china = await TestTenant.start({ region: "China" });
        const { emulator } = this.tenant;
        this.owner = emulator.addIdentity({ roles: [] }).objectId;
        const identity = emulator.addIdentity({ roles: ALL });
        const second = emulator.addIdentity({ roles: ALL, tenantId: emulator.tenantIds[1]! });
        const inChina = this.china.emulator.addIdentity({ roles: ALL });
        this.workspace = await new Workspace({ env: this.tenant.envOf(identity) }).init();
        const bothAuthorities = join(this.workspace.folder, "ca.pem");
        writeFileSync(bothAuthorities, emulator.caPem + this.china.emulator.caPem);
        this.workspace.env = {
            ...this.workspace.env,
            NODE_EXTRA_CA_CERTS: bothAuthorities,
            ...prefixed("OTHER", this.tenant.envOf(identity)),
            ...prefixed("SECOND", this.tenant.envOf(second)),
            ...prefixed("CHINA", this.china.envOf(inChina)),
        };
        this.workspace.declare(onePortal(this.args));
        await this.workspace.upOk();
    }

    async close(): Promise<void> {
        this.workspace.remove();
        await Promise.all([this.tenant.close(), this.china.close()]);
    }

    async appId(): Promise<string> {
        return (await this.workspace.outputsOf("portal"))["applicationId"] as string;
    }

    /** Changes inputs of the portal, runs `pulumi up` and checks its output. `undefined` removes an input. */
    async apply(change: Record<string, unknown>, expected: RegExp): Promise<void> {
        const entries = Object.entries({ ...this.args, ...change }).filter(([, value]) => value !== undefined);
        this.args = Object.fromEntries(entries);
        this.workspace.declare(onePortal(this.args));
        this.tenant.clearLog();
        const { output } = await this.workspace.upOk();
        expect(output).toMatch(expected);
    }
}

function prefixed(name: string, env: Record<string, string>): Record<string, string> {
    return Object.fromEntries(Object.entries(env).map(([key, value]) => [`${name}_${key}`, value]));
}

/** Returns the tenant's writes as text, such as `PATCH applications: tags`. */
export function writesOf(one: TestTenant): string[] {
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
