// Names the entries of others on an application that this resource registered. Deleting the application deletes them
// too. Pure.
import type { LiveApplication } from "../../entra/live";
import { isSameRedirectUri } from "../../inputs/portalUrl";
import { thumbprintOfKey } from "../../sync/keyCredentials";
import { PERMISSIONS } from "../../sync/permissions";
import { isOwnKey } from "./certificates";
import { accessOf, applicationIdUriOf, type Managed } from "./live";
import { ownRedirectUris } from "./redirectUris";

/** Returns one text for each entry of others, such as `redirect URI https://...`. API permissions are only counted. */
export function foreignEntries(application: LiveApplication, managed: Managed): string[] {
    const { spa, web, publicClient, keyCredentials, passwordCredentials, appRoles, api, identifierUris } = application;
    const own = ownRedirectUris(managed);
    const uris = [...spa.redirectUris, ...web.redirectUris, ...publicClient.redirectUris];
    const permissions = foreignPermissions(application);
    return [
        ...uris.filter((uri) => !own.some((one) => isSameRedirectUri(one, uri))).map((uri) => `redirect URI ${uri}`),
        ...keyCredentials
            .map((key) => thumbprintOfKey(key) || key.keyId)
            .filter((thumbprint) => !isOwnKey(thumbprint, application, managed))
            .map((thumbprint) => `certificate ${thumbprint}`),
        ...(passwordCredentials ?? []).map(({ displayName, keyId }) => `client secret "${displayName ?? keyId}"`),
        ...identifierUris
            .filter((uri) => uri !== applicationIdUriOf(application))
            .map((uri) => `Application ID URI ${uri}`),
        ...api.oauth2PermissionScopes
            .filter(({ value }) => value !== "access_as_user")
            .map(({ value, id }) => `scope ${value ?? id}`),
        ...(appRoles ?? []).map(({ value, id }) => `app role ${value ?? id}`),
        ...(permissions === 0 ? [] : [`${permissions} API permission${permissions === 1 ? "" : "s"}`]),
    ];
}

function foreignPermissions(application: LiveApplication): number {
    const ours = PERMISSIONS.map((one) => accessOf(one, application, ""));
    return application.requiredResourceAccess.flatMap(({ resourceAppId, resourceAccess }) =>
        resourceAccess.filter(
            (entry) => !ours.some((one) => one.resourceAppId === resourceAppId && one.id === entry.id),
        ),
    ).length;
}
