// Decides what is taken away when an adopted application is given up: what this resource added, unless another stack's
// tag still needs it. Pure.
import { planConsentRelease, type ConsentRelease } from "../../sync/grants";
import { applicationIdUriOf, findScope, resourceAccessOf } from "./live";
import type { Live } from "../../entra/live";
import {
    inheritTags,
    isNeededByOthers,
    othersTags,
    ownTags,
    thumbprintOf,
    type Item,
    type Managed,
} from "../../sync/ownership";
import { PERMISSIONS } from "../../sync/permissions";

export interface ReleasePlan extends ConsentRelease {
    /** First PATCH of the application: everything but the scope, which has to be disabled before it can go. */
    readonly application: Readonly<Record<string, unknown>> | undefined;
    /** Second PATCH: the list of scopes without ours. */
    readonly scopes: Readonly<Record<string, unknown>> | undefined;
}

export function planRelease(live: Live, managed: Managed): ReleasePlan {
    const others = othersTags(live.application.tags, managed.hash);
    const going = new Set(managed.added.filter((item) => !isNeededByOthers(item, others)));
    const handedOver = managed.added.filter((item) => isNeededByOthers(item, others));
    const body = {
        ...listsWithout(live, going),
        ...apiWithout(live, going, managed),
        ...tagsWithout(live, managed, others, handedOver),
    };
    return {
        application: Object.keys(body).length === 0 ? undefined : body,
        scopes: scopesWithout(live, going, managed),
        ...planConsentRelease(live, going),
    };
}

/** Keeps the body small: a list that loses nothing is not sent. */
function withoutAny<T>(name: string, list: readonly T[], isGoing: (entry: T) => boolean): Record<string, unknown> {
    return list.some(isGoing) ? { [name]: list.filter((entry) => !isGoing(entry)) } : {};
}

function listsWithout({ application }: Live, going: ReadonlySet<Item>): Record<string, unknown> {
    const uris = withoutAny("redirectUris", application.spa.redirectUris, (uri) => going.has(`redirectUris/${uri}`));
    const audience = [...going].find((item) => item.startsWith("signInAudience/"))?.split("/")[1];
    return {
        ...withoutAny(
            "identifierUris",
            application.identifierUris,
            (uri) => going.has("applicationIdUri") && uri === applicationIdUriOf(application),
        ),
        ...(Object.keys(uris).length === 0 ? {} : { spa: uris }),
        ...withoutAny("keyCredentials", application.keyCredentials, (key) =>
            going.has(`certificates/${thumbprintOf(key.customKeyIdentifier)}`),
        ),
        ...(audience !== undefined && audience !== application.signInAudience ? { signInAudience: audience } : {}),
        ...(going.has("applicationStatus/enabled") && application.isDisabled !== true ? { isDisabled: true } : {}),
    };
}

function apiWithout({ application }: Live, going: ReadonlySet<Item>, managed: Managed): Record<string, unknown> {
    const scope = findScope(application);
    const mustDisable =
        scope?.isEnabled === true &&
        ((going.has("accessAsUserScope") && scope.id === managed.scopeId) || going.has("accessAsUserScope/enabled"));
    const scopes = application.api.oauth2PermissionScopes;
    return {
        ...(mustDisable
            ? {
                  api: {
                      oauth2PermissionScopes: scopes.map((one) => (one === scope ? { ...one, isEnabled: false } : one)),
                  },
              }
            : {}),
        ...requiredAccessWithout({ application }, going, managed),
    };
}

function requiredAccessWithout(
    { application }: Pick<Live, "application">,
    going: ReadonlySet<Item>,
    managed: Managed,
): Record<string, unknown> {
    const unwanted = PERMISSIONS.filter((permission) => going.has(`requiredPermissions/${permission}`)).map(
        (permission) => resourceAccessOf(permission, application, managed.scopeId),
    );
    const isGoing = (resourceAppId: string, entry: { id: string; type: string }) =>
        entry.type === "Scope" && unwanted.some((one) => one.resourceAppId === resourceAppId && one.id === entry.id);
    const list = application.requiredResourceAccess;
    if (
        !list.some(({ resourceAppId, resourceAccess }) => resourceAccess.some((entry) => isGoing(resourceAppId, entry)))
    ) {
        return {};
    }
    const requiredResourceAccess = list
        .map((resource) => ({
            ...resource,
            resourceAccess: resource.resourceAccess.filter((entry) => !isGoing(resource.resourceAppId, entry)),
        }))
        .filter(({ resourceAccess }) => resourceAccess.length > 0);
    return { requiredResourceAccess };
}

function tagsWithout(
    { application }: Live,
    managed: Managed,
    others: readonly string[],
    handedOver: readonly Item[],
): Record<string, unknown> {
    const own = ownTags(application.tags, managed.hash);
    if (own.length === 0) return {};
    const foreign = application.tags.filter((tag) => !own.includes(tag) && !others.includes(tag));
    return { tags: [...foreign, ...inheritTags(others, handedOver)] };
}

function scopesWithout(
    { application }: Live,
    going: ReadonlySet<Item>,
    managed: Managed,
): Record<string, unknown> | undefined {
    const scopes = application.api.oauth2PermissionScopes;
    const isOurs = (id: string) => going.has("accessAsUserScope") && id === managed.scopeId;
    if (!scopes.some(({ id }) => isOurs(id))) return undefined;
    return { api: { oauth2PermissionScopes: scopes.filter(({ id }) => !isOurs(id)) } };
}
