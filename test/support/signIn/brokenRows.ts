// Each row of a working portal (what the wizard leaves behind), broken by hand as somebody in the tenant might, and what a
// user who signs in then meets. The damage itself is in drifts.ts.
import { damage } from "../hooks/drifts";
import { PORTAL_URL } from "../tenant/portals";
import type { Tenant } from "../tenant/tenant";

/** The requests of one sign-in, in their order. */
export type SignInRequest = "authorize" | "code" | "onBehalfOf" | "me";

export interface BrokenRow {
    readonly name: string;
    /** The input of RestorePortalApp that stands for it; `undefined`: none does. */
    readonly property: string | undefined;
    /** As the tenant's administrator; the portal must work before. */
    readonly breakIt: (tenant: Tenant, appId: string) => Promise<void>;
    /** The number behind AADSTS, and at which request it shows. */
    readonly code: number;
    readonly at: SignInRequest;
    /** Where only one way of asking shows it: without a window for the user, or for users of any organization. */
    readonly asked?: { readonly prompt?: "none"; readonly authority?: "organizations" };
}

/** Rows that a sign-in shows. `signInAudience` is one of a portal for several organizations. */
export const BROKEN_ROWS: readonly BrokenRow[] = [
    {
        name: "the application is for one organization only",
        property: "signInAudience",
        breakIt: async (tenant, appId) => {
            await tenant.patchApplication(appId, { signInAudience: "AzureADMyOrg" });
        },
        code: 50194,
        at: "authorize",
        asked: { authority: "organizations" },
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
        // Where it was the only one: else 50011, as in the next row.
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
        // With a window Entra asks for the consent instead, or, as here, for an administrator (90094).
        asked: { prompt: "none" },
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

/** Rows that no request of a sign-in can show: with them broken, users sign in as before. */
export const UNSEEN_ROWS: readonly Pick<BrokenRow, "name" | "property" | "breakIt">[] = [
    {
        // Only what a consent page lists comes from it; what was granted counts.
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
        // Lets tokens out by more ways than the portal takes.
        name: "implicit grant of ID tokens is on",
        property: "implicitGrant",
        breakIt: damage("implicitGrant", "ID tokens switched on"),
    },
    {
        name: "implicit grant of access tokens is on",
        property: "implicitGrant",
        breakIt: damage("implicitGrant", "access tokens switched on"),
    },
    {
        name: "the service principal is not among the enterprise applications",
        property: "servicePrincipal",
        breakIt: damage("servicePrincipal", "taken from the enterprise applications"),
    },
    {
        // The audience of the token to the portal changes, which only the portal itself can object to.
        name: "access tokens are of another version",
        property: undefined,
        breakIt: async (tenant, appId) => {
            const { api } = await tenant.application(appId);
            const other = api["requestedAccessTokenVersion"] === 2 ? 1 : 2;
            await tenant.patchApplication(appId, { api: { requestedAccessTokenVersion: other } });
        },
    },
];
