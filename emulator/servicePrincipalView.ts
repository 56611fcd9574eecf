// Shows a service principal as Graph does. Many properties are read-only copies of the application's properties, and a
// copy can show an earlier state of the application.
import type { GraphCall } from "./context";
import { backingApplication, type VisibleApplication } from "./foreignApplications";
import type { ServicePrincipal } from "./graphTypes";
import { GRAPH_APP_ID, MICROSOFT_GRAPH } from "./microsoftGraph";

type Mirrored = Readonly<Record<string, unknown>> & { readonly displayName: string };

export function shownServicePrincipal(call: GraphCall, own: ServicePrincipal, isNew = false): object {
    const visible = backingApplication(call, own.appId, isNew ? 0 : call.replica.behind("application"));
    const mirrored = mirrorOf(visible, own.appId, isNew);
    const tags = [...new Set([...own.tags, ...(visible?.application.tags ?? [])])];
    return {
        ...own,
        ...mirrored,
        // If the service principal has its own value, Graph shows that value instead of the copy.
        ...Object.fromEntries(COPIED_UNLESS_OWN.flatMap((name) => (own[name] === null ? [] : [[name, own[name]]]))),
        keyCredentials: own.keyCredentials.map((key) => ({ ...key, key: null })),
        passwordCredentials: isNew ? own.passwordCredentials : own.passwordCredentials.toReversed(),
        tags,
        // Only the beta version has this property. azuread reads it there.
        ...(call.graphUrl.endsWith("/beta") ? { samlMetadataUrl: null } : {}),
    };
}

const COPIED_UNLESS_OWN = ["displayName", "homepage", "logoutUrl"] as const;

/** Assignments show this name for their resource and for their principal. */
export function displayNameOf(call: GraphCall, own: ServicePrincipal): string | null {
    return (shownServicePrincipal(call, own) as Mirrored).displayName;
}

const NO_PUBLISHER = { displayName: null, verifiedPublisherId: null, addedDateTime: null };

function mirrorOf(visible: VisibleApplication | undefined, appId: string, isNew: boolean): object {
    if (!visible)
        return appId === GRAPH_APP_ID ? { ...MICROSOFT_GRAPH, info: null } : { verifiedPublisher: NO_PUBLISHER };
    const { application, home } = visible;
    const { displayName, appRoles, api, web, spa, publicClient, identifierUris } = application;
    // Graph shows the last entry of a list first, as for an application. The answer to the POST keeps the client's
    // order.
    const list = <T>(entries: readonly T[]): readonly T[] => (isNew ? entries : entries.toReversed());
    return {
        appDescription: application.description,
        appDisplayName: displayName,
        appOwnerOrganizationId: home.tenantId,
        appRoles: list(appRoles),
        displayName,
        homepage: web.homePageUrl,
        info: application.info,
        logoutUrl: web.logoutUrl,
        oauth2PermissionScopes: list(api.oauth2PermissionScopes),
        replyUrls: list([...web.redirectUris, ...spa.redirectUris, ...publicClient.redirectUris]),
        servicePrincipalNames: list([appId, ...identifierUris]),
        signInAudience: application.signInAudience,
        verifiedPublisher: application.verifiedPublisher,
    };
}
