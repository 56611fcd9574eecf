// What rules read in a look at an application: its parts, and whether something is registered on it. Pure.
import { GRAPH_APP_ID, type Live, type LiveApplication } from "../../entra/live";
import { isSameRedirectUri } from "../../inputs/portalUrl";
import type { Managed } from "../../sync/ownership";
import { USER_READ_SCOPE_ID, type Permission } from "../../sync/permissions";

/** A certificate of ours that the program has replaced, and when it goes. */
export interface RetiringCertificate {
    readonly thumbprint: string;
    readonly replacedOn: string;
    readonly retiresOn: string;
}

/** What a row may look at. */
export interface Observation {
    readonly live: Live;
    readonly managed: Managed;
    readonly retiring: readonly RetiringCertificate[];
    readonly now: Date;
}

/** The Application ID URI that the portal's own scope is asked for by. */
export function applicationIdUriOf(application: LiveApplication): string {
    return `api://${application.appId}`;
}

/** The scope `access_as_user`, where there is one. */
export function findScope(application: LiveApplication) {
    return application.api.oauth2PermissionScopes.find((scope) => scope.value === "access_as_user");
}

/** The resource and the scope's id behind a permission, as requiredResourceAccess names them. */
export function resourceAccessOf(permission: Permission, application: LiveApplication, scopeId: string) {
    return permission === "User.Read"
        ? { resourceAppId: GRAPH_APP_ID, id: USER_READ_SCOPE_ID }
        : { resourceAppId: application.appId, id: findScope(application)?.id ?? scopeId };
}

export function isRegistered(uri: string, among: readonly string[]): boolean {
    return among.some((other) => isSameRedirectUri(uri, other));
}

export function isRequired(permission: Permission, application: LiveApplication, scopeId: string): boolean {
    const wanted = resourceAccessOf(permission, application, scopeId);
    return application.requiredResourceAccess.some(
        ({ resourceAppId, resourceAccess }) =>
            resourceAppId === wanted.resourceAppId &&
            resourceAccess.some(({ id, type }) => id === wanted.id && type === "Scope"),
    );
}
