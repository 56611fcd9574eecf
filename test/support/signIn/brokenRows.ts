// Breaks a working portal by hand, one part at a time. A row of BROKEN_ROWS names the error that users then get when
// they sign in. Most of the changes themselves are in drifts.ts.
import { damage } from "../hooks/drifts";
import { PORTAL_URL } from "../tenant/portals";
import type { TestTenant } from "../tenant/testTenant";

/** The requests of a sign-in, in order. */
export type SignInRequest = "authorize" | "code" | "onBehalfOf" | "me";

export interface BrokenRow {
    readonly name: string;
    /** The input of RestorePortalApp that shows the change. `undefined`: no input shows it. */
    readonly property: string | undefined;
    /** Makes the change as the tenant's administrator. The portal must work before. */
    readonly breakIt: (tenant: TestTenant, appId: string) => Promise<void>;
    /** The number after "AADSTS". */
    readonly code: number;
    /** The request that fails. */
    readonly at: SignInRequest;
    /** The parameters of a sign-in that shows the error, if the usual sign-in does not. */
    readonly parameters?: { readonly prompt?: "none"; readonly authority?: "organizations" };
}

/**
 * Lists changes that make a sign-in fail. The portal must serve several organizations before, because the first row
 * restricts its audience to one.
 */
export const BROKEN_ROWS: readonly BrokenRow[] = [
    {
        name: "the application is for one organization only",
        property: "signInAudience",
        breakIt: async (tenant, appId) => {
            await tenant.patchApplication(appId, { signInAudience: "AzureADMyOrg" });
        },
        code: 50194,
        at: "authorize",
        parameters: { authority: "organizations" },
    },
    {
        name: "the Application ID URI is missing",
        property: "applicationIdUri",
        breakIt: damage("applicationIdUri", "removed"),
        code: 500011,
        at: "authorize",
    },
    {
        name: "the scope access_as_user is disabled",
        property: "accessAsUserScope",
        breakIt: damage("accessAsUserScope", "disabled"),
        code: 650053,
        at: "authorize",
    },
    {
        name: "the scope access_as_user is missing",
        property: "accessAsUserScope",
        breakIt: damage("accessAsUserScope", "removed"),
        code: 650053,
        at: "authorize",
    },
    {
        // Entra answers 500113 only if no other redirect URI is registered. Otherwise it answers 50011, as in the next
        // row.
        name: "no web address is registered",
        property: "portalUrl",
        breakIt: damage("portalUrl", "removed"),
        code: 500113,
        at: "authorize",
    },
    {
        name: "the web address is registered with another port",
        property: "portalUrl",
        breakIt: async (tenant, appId) => {
            const { spa } = await tenant.application(appId);
            const others = spa.redirectUris.filter((uri) => uri !== PORTAL_URL);
            await tenant.patchApplication(appId, { spa: { redirectUris: [...others, "https://portal.abc.com:9443"] } });
        },
        code: 50011,
        at: "authorize",
    },
    {
        name: "the web address is registered as Web",
        property: "portalUrl",
        breakIt: damage("portalUrl", "moved to the platform Web"),
        code: 9002326,
        at: "code",
    },
    {
        name: "the web address is registered for native clients",
        property: "portalUrl",
        breakIt: damage("portalUrl", "moved to the platform of native clients"),
        code: 9002326,
        at: "code",
    },
    {
        name: "the certificate is not registered",
        property: "certificate",
        breakIt: damage("certificate", "removed"),
        code: 700027,
        at: "onBehalfOf",
    },
    {
        name: "the service principal is missing",
        property: "servicePrincipal",
        breakIt: async (tenant, appId) => {
            await tenant.graph("DELETE", `/servicePrincipals(appId='${appId}')`);
        },
        code: 700016,
        at: "authorize",
    },
    {
        name: "the service principal is disabled",
        property: "servicePrincipal",
        breakIt: damage("servicePrincipal", "disabled"),
        code: 7000112,
        at: "authorize",
    },
    {
        name: "the service principal requires assignment",
        property: "servicePrincipal",
        breakIt: damage("servicePrincipal", "set to require assignment"),
        code: 50105,
        at: "authorize",
    },
    {
        name: "consent to User.Read is revoked",
        property: "grantedPermissions",
        breakIt: damage("grantedPermissions", "User.Read revoked"),
        code: 65001,
        at: "onBehalfOf",
    },
    {
        name: "consent to access_as_user is revoked",
        property: "grantedPermissions",
        breakIt: damage("grantedPermissions", "access_as_user replaced by another scope"),
        code: 65001,
        at: "authorize",
        // If `prompt=none` is missing, Entra shows a page instead of the error: the consent page, or here "Need admin
        // approval" (90094).
        parameters: { prompt: "none" },
    },
    {
        name: "the application is deleted",
        property: "applicationStatus",
        breakIt: damage("applicationStatus", "deleted"),
        code: 700016,
        at: "authorize",
    },
    {
        name: "the application is disabled",
        property: "applicationStatus",
        breakIt: damage("applicationStatus", "disabled"),
        code: 7000112,
        at: "authorize",
    },
];

/** Lists changes that affect no request of a sign-in. Users can still sign in. */
export const HARMLESS_ROWS: readonly Pick<BrokenRow, "name" | "property" | "breakIt">[] = [
    {
        // The required permissions decide only what the consent page shows. The grants decide whether users can sign
        // in.
        name: "User.Read is not among the required permissions",
        property: "requiredPermissions",
        breakIt: damage("requiredPermissions", "User.Read removed"),
    },
    {
        name: "access_as_user is not among the required permissions",
        property: "requiredPermissions",
        breakIt: damage("requiredPermissions", "access_as_user removed"),
    },
    {
        // With this change, Entra also issues tokens by a flow that the portal does not use.
        name: "implicit grant of ID tokens is on",
        property: "implicitGrant",
        breakIt: damage("implicitGrant", "ID tokens turned on"),
    },
    {
        name: "implicit grant of access tokens is on",
        property: "implicitGrant",
        breakIt: damage("implicitGrant", "access tokens turned on"),
    },
    {
        name: "the service principal is not among the enterprise applications",
        property: "servicePrincipal",
        breakIt: damage("servicePrincipal", "removed from the enterprise applications"),
    },
    {
        // The token for the portal then has another audience. Only the portal itself could refuse it.
        name: "access tokens are of another version",
        property: undefined,
        breakIt: async (tenant, appId) => {
            const { api } = await tenant.application(appId);
            const other = api["requestedAccessTokenVersion"] === 2 ? 1 : 2;
            await tenant.patchApplication(appId, { api: { requestedAccessTokenVersion: other } });
        },
    },
];
