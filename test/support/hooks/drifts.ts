// Lists changes that somebody can make by hand to the settings of a working portal, and what a preview then shows.
import type { TestTenant } from "../tenant/testTenant";

export interface DriftCell {
    /** The only input that a preview names. */
    readonly property: string;
    readonly change: string;
    /** The live value and the desired value, as the preview shows them. */
    readonly live: RegExp;
    readonly desired: RegExp;
    readonly apply: (tenant: TestTenant, appId: string) => Promise<void>;
    /** Checks the difference that remains after the repair, and then removes that difference by hand. */
    readonly stays?: (tenant: TestTenant, appId: string) => Promise<void>;
}

const URL = "https://portal.abc.com:4443";
type Kind = "registered" | "adopted";

async function patch(
    tenant: TestTenant,
    appId: string,
    change: (app: Awaited<ReturnType<TestTenant["application"]>>) => object,
): Promise<void> {
    await tenant.patchApplication(appId, change(await tenant.application(appId)) as Record<string, unknown>);
}

/** Entra changes or removes a scope only after an earlier call has disabled it. */
async function withoutScope(tenant: TestTenant, appId: string, rename?: string): Promise<void> {
    await disableScope(tenant, appId);
    await patch(tenant, appId, ({ api }) => ({
        api: {
            oauth2PermissionScopes: api.oauth2PermissionScopes.flatMap((scope) => {
                if (scope.value !== "access_as_user") return [scope];
                return rename === undefined ? [] : [{ ...scope, value: rename }];
            }),
        },
    }));
}

async function disableScope(tenant: TestTenant, appId: string): Promise<void> {
    await patch(tenant, appId, ({ api }) => ({
        api: {
            oauth2PermissionScopes: api.oauth2PermissionScopes.map((scope) =>
                scope.value === "access_as_user" ? { ...scope, isEnabled: false } : scope,
            ),
        },
    }));
}

async function withoutRedirectUri(
    tenant: TestTenant,
    appId: string,
    more: (app: Awaited<ReturnType<TestTenant["application"]>>) => object = () => ({}),
    spaInstead: string[] = [],
): Promise<void> {
    await patch(tenant, appId, (app) => ({
        spa: { redirectUris: [...app.spa.redirectUris.filter((uri) => uri !== URL), ...spaInstead] },
        ...more(app),
    }));
}

async function withoutPermission(tenant: TestTenant, appId: string, resource: "graph" | "self"): Promise<void> {
    await patch(tenant, appId, ({ requiredResourceAccess }) => ({
        requiredResourceAccess: requiredResourceAccess.filter(({ resourceAppId }) =>
            resource === "self" ? resourceAppId !== appId : !resourceAppId.startsWith("00000003-"),
        ),
    }));
}

async function patchServicePrincipal(tenant: TestTenant, appId: string, body: Record<string, unknown>): Promise<void> {
    await tenant.graph("PATCH", `/servicePrincipals(appId='${appId}')`, body);
}

async function grantOf(tenant: TestTenant, appId: string, scope: string) {
    const grant = (await tenant.grants(appId)).find((one) => one.scope.split(" ").includes(scope));
    if (!grant) throw new Error(`there is no grant of ${scope}`);
    return grant;
}

const CELLS: readonly (DriftCell & { readonly only?: Kind })[] = [
    {
        property: "signInAudience",
        change: "altered",
        live: /AzureAD\w+" => "/,
        desired: /=> "AzureAD/,
        apply: (tenant, appId) =>
            patch(tenant, appId, ({ signInAudience }) => ({
                signInAudience: signInAudience === "AzureADMyOrg" ? "AzureADMultipleOrgs" : "AzureADMyOrg",
            })),
    },
    {
        property: "displayName",
        change: "altered",
        only: "registered",
        live: /"Renamed by hand" =>/,
        desired: /=> "Restore Portal"/,
        apply: (tenant, appId) => patch(tenant, appId, () => ({ displayName: "Renamed by hand" })),
    },
    {
        property: "applicationIdUri",
        change: "removed",
        live: /"missing" =>/,
        desired: /=> "api:\/\/<applicationId>"/,
        apply: (tenant, appId) =>
            patch(tenant, appId, ({ identifierUris }) => ({
                identifierUris: identifierUris.filter((uri) => uri !== `api://${appId}`),
            })),
    },
    {
        property: "accessAsUserScope",
        change: "disabled",
        live: /"disabled" =>/,
        desired: /=> "enabled"/,
        apply: disableScope,
    },
    {
        property: "accessAsUserScope",
        change: "removed",
        live: /"missing" =>/,
        desired: /=> "enabled"/,
        apply: (tenant, appId) => withoutScope(tenant, appId),
    },
    {
        property: "portalUrl",
        change: "removed",
        live: /"not registered" =>/,
        desired: /=> "https:\/\/portal\.abc\.com:4443"/,
        apply: (tenant, appId) => withoutRedirectUri(tenant, appId),
    },
    {
        property: "portalUrl",
        change: "moved to the platform Web",
        live: /"registered as Web" =>/,
        desired: /=> "https:\/\/portal\.abc\.com:4443"/,
        apply: (tenant, appId) =>
            withoutRedirectUri(tenant, appId, ({ web }) => ({ web: { redirectUris: [...web.redirectUris, URL] } })),
    },
    {
        property: "portalUrl",
        change: "moved to the platform of native clients",
        live: /"registered as Public client" =>/,
        desired: /=> "https:\/\/portal\.abc\.com:4443"/,
        apply: (tenant, appId) =>
            withoutRedirectUri(tenant, appId, ({ publicClient }) => ({
                publicClient: { redirectUris: [...publicClient.redirectUris, URL] },
            })),
    },
    {
        property: "implicitGrant",
        change: "ID tokens turned on",
        only: "registered",
        live: /true => false/,
        desired: /=> false/,
        apply: (tenant, appId) =>
            patch(tenant, appId, () => ({
                web: { implicitGrantSettings: { enableIdTokenIssuance: true, enableAccessTokenIssuance: false } },
            })),
    },
    {
        property: "implicitGrant",
        change: "access tokens turned on",
        only: "registered",
        live: /true => false/,
        desired: /=> false/,
        apply: (tenant, appId) =>
            patch(tenant, appId, () => ({
                web: { implicitGrantSettings: { enableIdTokenIssuance: false, enableAccessTokenIssuance: true } },
            })),
    },
    {
        property: "requiredPermissions",
        change: "User.Read removed",
        live: /requiredPermissions/,
        desired: /"User\.Read"/,
        apply: (tenant, appId) => withoutPermission(tenant, appId, "graph"),
    },
    {
        property: "requiredPermissions",
        change: "access_as_user removed",
        live: /requiredPermissions/,
        desired: /\+ \[1\]: "access_as_user"/,
        apply: (tenant, appId) => withoutPermission(tenant, appId, "self"),
    },
    {
        property: "certificate",
        change: "removed",
        live: /thumbprint\s*: "not registered" =>/,
        desired: /=> "[0-9A-F]{40}"/,
        apply: (tenant, appId) =>
            patch(tenant, appId, ({ keyCredentials }) => ({
                keyCredentials: keyCredentials.filter(({ displayName }) => displayName === "Somebody else's"),
            })),
    },
    {
        property: "servicePrincipal",
        change: "disabled",
        live: /"disabled" =>/,
        desired: /=> "enabled"/,
        apply: (tenant, appId) => patchServicePrincipal(tenant, appId, { accountEnabled: false }),
    },
    {
        property: "servicePrincipal",
        change: "set to require assignment",
        // The owner of an adopted application decides this setting, unless the program sets it.
        only: "registered",
        live: /"assignment required" =>/,
        desired: /=> "enabled"/,
        apply: (tenant, appId) => patchServicePrincipal(tenant, appId, { appRoleAssignmentRequired: true }),
    },
    {
        property: "servicePrincipal",
        change: "removed from the enterprise applications",
        live: /"not among enterprise applications" =>/,
        desired: /=> "enabled"/,
        apply: (tenant, appId) => patchServicePrincipal(tenant, appId, { tags: [] }),
    },
    {
        property: "grantedPermissions",
        change: "User.Read revoked",
        live: /grantedPermissions/,
        desired: /"User\.Read"/,
        apply: async (tenant, appId) => {
            await tenant.graph("DELETE", `/oauth2PermissionGrants/${(await grantOf(tenant, appId, "User.Read")).id}`);
        },
    },
    {
        property: "grantedPermissions",
        change: "access_as_user replaced by another scope",
        live: /grantedPermissions/,
        desired: /\+ \[1\]: "access_as_user"/,
        apply: async (tenant, appId) => {
            const { id } = await grantOf(tenant, appId, "access_as_user");
            await tenant.graph("PATCH", `/oauth2PermissionGrants/${id}`, { scope: "Files.Read" });
        },
        stays: async (tenant, appId) => {
            const { id, scope } = await grantOf(tenant, appId, "access_as_user");
            expect(scope).toBe("Files.Read access_as_user");
            await tenant.graph("PATCH", `/oauth2PermissionGrants/${id}`, { scope: "access_as_user" });
        },
    },
    {
        property: "grantedPermissions",
        change: "both revoked",
        live: /grantedPermissions/,
        desired: /\+ \[0\]: "User\.Read"/,
        apply: async (tenant, appId) => {
            for (const scope of ["User.Read", "access_as_user"]) {
                await tenant.graph("DELETE", `/oauth2PermissionGrants/${(await grantOf(tenant, appId, scope)).id}`);
            }
        },
    },
    {
        property: "applicationStatus",
        change: "disabled",
        live: /"disabled" =>/,
        desired: /=> "present"/,
        apply: (tenant, appId) => patch(tenant, appId, () => ({ isDisabled: true })),
        // Graph returns `false` after a repair, but `null` on an application that was never disabled.
        stays: (tenant, appId) =>
            patch(tenant, appId, ({ isDisabled }) => {
                expect(isDisabled).toBe(false);
                return { isDisabled: null };
            }),
    },
    {
        property: "applicationStatus",
        change: "deleted",
        only: "registered",
        live: /"in the bin until \d{4}-\d\d-\d\d" =>/,
        desired: /=> "present"/,
        apply: async (tenant, appId) => {
            await tenant.graph("DELETE", `/applications(appId='${appId}')`);
        },
    },
];

/** Returns the function that causes one drift, by property and change. */
export function damage(property: string, change: string): DriftCell["apply"] {
    const cell = CELLS.find((one) => one.property === property && one.change === change);
    if (!cell) throw new Error(`there is no drift of ${property} named "${change}"`);
    return cell.apply;
}

export function drifts(kind: Kind): DriftCell[] {
    return CELLS.filter(({ only }) => only === undefined || only === kind);
}

/** Returns the first change of each setting. One application can have all of these changes at the same time. */
export function oneOfEachRow(kind: Kind): DriftCell[] {
    const cells = drifts(kind);
    return cells.filter(({ property }, index) => cells.findIndex((one) => one.property === property) === index);
}
