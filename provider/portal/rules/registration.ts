// What a new application is registered with: the plan for an empty application, less what needs its appId. Pure.
import { identityHash, stableGuid, uniqueNameOf } from "../../sync/identity";
import type { RestorePortalAppInputs } from "./inputs";
import type { Live, LiveApplication } from "../../entra/live";
import type { Item, Managed } from "../../sync/ownership";
import { declared, planApplication } from "./applicationPatch";

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

/** What is ours before anything was written. */
export function initialManaged(
    inputs: RestorePortalAppInputs,
    scopeId = stableGuid(`scope ${identityHash(inputs)}`),
): Managed {
    return {
        created: inputs.applicationId === undefined,
        hash: identityHash(inputs),
        added: [],
        scopeId,
        ...declared(inputs),
    };
}

export interface Registration {
    /** Body of `POST /applications`. */
    readonly body: Readonly<Record<string, unknown>>;
    readonly managed: Managed;
}

/** `attempt` counts from 1: each name that lies in the bin is passed over for the next. */
export function planRegistration(
    inputs: RestorePortalAppInputs,
    initial: Managed,
    attempt: number,
    graphUrl: string,
): Registration {
    const observation = { live: asLive(EMPTY), managed: initial, retiring: [], now: new Date(0) };
    const { patch, managed } = planApplication(inputs, observation, itemsThatFollow(inputs));
    const { tags, ...body } = patch ?? {};
    const owners = inputs.owners?.slice(0, MAX_BOUND_OWNERS).map((id) => `${graphUrl}/v1.0/directoryObjects/${id}`);
    return {
        managed,
        body: {
            ...body,
            uniqueName: uniqueNameOf(inputs, attempt),
            tags: [readableTag(inputs.identity), ...(tags as string[])],
            ...(owners?.length ? { "owners@odata.bind": owners } : {}),
        },
    };
}

/** Graph binds no more owners with a registration; the others follow. */
const MAX_BOUND_OWNERS = 20;

/** Items that the next writes add, named in the first tag already, so that it need not change again. */
function itemsThatFollow(inputs: RestorePortalAppInputs): Item[] {
    return [
        "applicationIdUri",
        "requiredPermissions/access_as_user",
        "servicePrincipal",
        ...inputs.grantedPermissions.map((permission) => `grantedPermissions/${permission}`),
    ];
}

/** For people who look at the application in the admin center. Tags hold no white space and 256 characters at most. */
function readableTag(identity: string): string {
    return `restore-portal-stack:${identity.replace(/\s/g, "_")}`.slice(0, 256);
}

/** A look at an application that was just registered: nothing else of it is there yet. */
export function asLive(application: LiveApplication): Live {
    return { application, servicePrincipal: undefined, grants: [], owners: undefined, graphServicePrincipalId: "" };
}
