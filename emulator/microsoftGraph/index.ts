// Describes Microsoft's own application Microsoft Graph, as its service principal appears in every tenant.
import type { AppRole, PermissionScope } from "../graphTypes";
import { GRAPH_ROLES } from "./roles";
import { GRAPH_SCOPES } from "./scopes";

export const GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000";

/** The names by which a client can request a token for Graph. The emulator's own URL is another name. */
export const GRAPH_NAMES: readonly string[] = ["https://graph.microsoft.com", GRAPH_APP_ID];

const SCOPES: readonly PermissionScope[] = GRAPH_SCOPES.map(([value, id, type]) => ({
    adminConsentDescription: value,
    adminConsentDisplayName: value,
    id,
    isEnabled: true,
    type,
    userConsentDescription: value,
    userConsentDisplayName: value,
    value,
}));

export const graphScopes = (): readonly PermissionScope[] => SCOPES;

const ROLES: readonly AppRole[] = GRAPH_ROLES.map(([value, id]) => ({
    allowedMemberTypes: ["Application"],
    description: value,
    displayName: value,
    id,
    isEnabled: true,
    origin: "Application",
    value,
}));

/** Throws for a role that roles.ts does not list. Otherwise a test could rely on a misspelled role. */
export function graphRoleId(value: string): string {
    const role = ROLES.find((one) => one.value === value);
    if (!role) throw new Error(`microsoftGraph/roles.ts lists no permission ${value}: correct the name, or add it`);
    return role.id;
}

/**
 * For other service principals, Entra copies these properties from the application. Graph's application is in
 * Microsoft's own tenant, so this constant defines them.
 */
export const MICROSOFT_GRAPH = {
    appDescription: null,
    appDisplayName: "Microsoft Graph",
    appOwnerOrganizationId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
    appRoles: ROLES,
    displayName: "Microsoft Graph",
    oauth2PermissionScopes: SCOPES,
    replyUrls: [],
    servicePrincipalNames: [
        "https://dod-graph.microsoft.us",
        "https://graph.microsoft.us",
        "https://canary.graph.microsoft.com",
        "https://graph.microsoft.com/",
        "https://graph.microsoft.com",
        "https://ags.windows.net",
        `${GRAPH_APP_ID}/ags.windows.net`,
        `${GRAPH_APP_ID}/directory.microsoft.com`,
        GRAPH_APP_ID,
    ],
    signInAudience: "AzureADMultipleOrgs",
    verifiedPublisher: { displayName: null, verifiedPublisherId: null, addedDateTime: null },
};
