// Plans the registration of an application. The plan is made for an empty application, and lacks the parts that need an
// appId. Pure.
import type { Live, LiveApplication } from "../../entra/live";
import { newHolder, scopeIdOf, uniqueNameOf } from "../../sync/identity";
import { planApplication } from "./applicationPatch";
import type { RestorePortalAppInputs } from "./inputs";
import type { Managed } from "./live";

const EMPTY: LiveApplication = {
    id: "",
    appId: "",
    displayName: "",
    signInAudience: "",
    identifierUris: [],
    tags: [],
    api: { oauth2PermissionScopes: [] },
    spa: { redirectUris: [] },
    publicClient: { redirectUris: [] },
    web: {
        redirectUris: [],
        implicitGrantSettings: { enableIdTokenIssuance: false, enableAccessTokenIssuance: false },
    },
    requiredResourceAccess: [],
    keyCredentials: [],
};

/** Returns the record of ownership before the first write. */
export function initialManaged(inputs: RestorePortalAppInputs, scopeId = scopeIdOf(inputs)): Managed {
    return { created: inputs.applicationId === undefined, holder: newHolder(inputs), scopeId, owned: [], tags: [] };
}

export interface Registration {
    /** Body of `POST /applications`. */
    readonly body: Readonly<Record<string, unknown>>;
    /** The record of ownership after Entra has accepted the request. */
    readonly managed: Managed;
}

/**
 * `attempt` counts from 1. If a deleted application has the uniqueName of an attempt, the next attempt uses the next
 * uniqueName.
 */
export function planRegistration(
    inputs: RestorePortalAppInputs,
    initial: Managed,
    attempt: number,
    graphUrl: string,
): Registration {
    const observation = { live: asLive(EMPTY), managed: initial, before: undefined, retiring: [], now: new Date(0) };
    const { patch } = planApplication(inputs, observation, true);
    const owners = inputs.owners?.slice(0, MAX_BOUND_OWNERS).map((id) => `${graphUrl}/v1.0/directoryObjects/${id}`);
    return {
        managed: patch?.managed ?? initial,
        body: {
            ...patch?.body,
            uniqueName: uniqueNameOf(inputs, attempt),
            ...(owners?.length ? { "owners@odata.bind": owners } : {}),
        },
    };
}

/** Graph accepts at most this many owners in a registration. The other owners are added afterwards. */
export const MAX_BOUND_OWNERS = 20;

/** Makes an observation from an application that has no service principal yet. */
export function asLive(application: LiveApplication): Live {
    return { application, servicePrincipal: undefined, grants: [], owners: undefined, graphServicePrincipalId: "" };
}
