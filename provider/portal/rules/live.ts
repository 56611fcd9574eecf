// Defines the observation on which the rules of a portal base their decisions, and reads single values from it. Pure.
import type { Live, LiveApplication } from "../../entra/live";
import { isSameRedirectUri } from "../../inputs/portalUrl";
import { ENABLED } from "../../inputs/statusTexts";
import type { DesiredServicePrincipal } from "../../sync/liveConsent";
import type { Item, Owned, Ownership } from "../../sync/owned";
import { resourceAccessOf, type Permission } from "../../sync/permissions";
import type { RestorePortalAppInputs } from "./inputs";

/** The record of ownership in the state of a portal. */
export interface Managed extends Ownership {
    /** `true`: this resource registered the application, so release deletes it, unless another resource uses it. */
    readonly created: boolean;
    /**
     * Id of the scope `access_as_user` at the last deployment that succeeded. If none has succeeded, the id of the
     * scope that the application already had, or else the id for a new scope. A removed scope is added again with this
     * id, because other objects refer to the id.
     */
    readonly scopeId: string;
}

/** A certificate that this resource added and that the program has replaced. */
export interface RetiringCertificate {
    readonly thumbprint: string;
    readonly replacedOn: string;
    readonly retiresOn: string;
}

/** Everything on which a rule may base its decision. */
export interface Observation {
    readonly live: Live;
    readonly managed: Managed;
    /**
     * For a plan: the inputs of the last deployment that succeeded, without the entries that a later, failed deployment
     * removed from the record of ownership. `undefined`: no deployment has succeeded yet. Drift does not depend on it.
     */
    readonly before: RestorePortalAppInputs | undefined;
    readonly retiring: readonly RetiringCertificate[];
    readonly now: Date;
}

/**
 * The planned change of one or more fields, and the entries that the resource then owns or no longer owns. If there is
 * no body, nothing is sent.
 */
export interface Field {
    readonly body?: Record<string, unknown>;
    readonly changes: readonly string[];
    readonly gained?: readonly Owned[];
    readonly lost?: readonly Item[];
}

export const UNCHANGED: Field = { changes: [] };

/** Makes the Application ID URI. The page of the portal requests its own scope by this URI. */
export function applicationIdUriOf(application: LiveApplication): string {
    return `api://${application.appId}`;
}

/** Returns the scope `access_as_user`, if the application publishes it. */
export function findScope(application: Pick<LiveApplication, "api">) {
    return application.api.oauth2PermissionScopes.find((scope) => scope.value === "access_as_user");
}

/** Returns a permission in the form of `requiredResourceAccess`: the appId of the API, and the id of the scope. */
export function accessOf(permission: Permission, application: LiveApplication, scopeId: string) {
    return resourceAccessOf(permission, application.appId, findScope(application)?.id ?? scopeId);
}

export function isRegistered(uri: string, among: readonly string[]): boolean {
    return among.some((other) => isSameRedirectUri(uri, other));
}

export function isRequired(permission: Permission, application: LiveApplication, scopeId: string): boolean {
    const desired = accessOf(permission, application, scopeId);
    return application.requiredResourceAccess.some(
        ({ resourceAppId, resourceAccess }) =>
            resourceAppId === desired.resourceAppId &&
            resourceAccess.some(({ id, type }) => id === desired.id && type === "Scope"),
    );
}

/** Stands for the input `servicePrincipal` of a program that has it in `leaveAlone`. */
const LEFT_ALONE = "left alone";

/** If the program does not say whether users must be assigned, the owner of an adopted application decides. */
export function desiredServicePrincipal(
    { servicePrincipal = LEFT_ALONE }: Pick<RestorePortalAppInputs, "servicePrincipal">,
    { created }: Pick<Managed, "created">,
): DesiredServicePrincipal {
    return { servicePrincipal, leavesAssignment: !created && servicePrincipal === ENABLED };
}
