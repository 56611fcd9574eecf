// Shows an application as a GET does. Entra returns the application's lists in reverse order: the last entry that a
// client sent comes first. Only the answer to the POST keeps the client's order.
import { isoTicks } from "./blankObjects";
import type { Application } from "./graphTypes";

/** Graph returns these properties only if `$select` names them. */
export const HIDDEN = ["authenticationBehaviors", "oauth2RequirePostResponse"];

const LISTS = [
    "addIns",
    "appRoles",
    "identifierUris",
    "keyCredentials",
    "passwordCredentials",
    "requiredResourceAccess",
    "tags",
] as const;

/** Graph returns the bytes of keys only if a GET of one object selects `keyCredentials`. */
export function shownApplication(application: Application, withKeys = false): object {
    const { api, web, spa, publicClient } = application;
    const lists = Object.fromEntries(LISTS.map((name) => [name, application[name].toReversed()]));
    return withSettings({
        ...withoutBytes(application, withKeys),
        ...lists,
        ...(withKeys ? {} : { keyCredentials: withoutBytes(application).keyCredentials.toReversed() }),
        api: {
            ...api,
            knownClientApplications: api.knownClientApplications.toReversed(),
            oauth2PermissionScopes: api.oauth2PermissionScopes.toReversed(),
            preAuthorizedApplications: api.preAuthorizedApplications.toReversed(),
        },
        publicClient: reversed(publicClient),
        spa: reversed(spa),
        web: { ...web, ...reversed(web) },
    });
}

/** Shows an application as the answer to its POST does. Only there, `createdDateTime` has fractions of a second. */
export function createdApplication(application: Application, now: Date): object {
    const shown = { ...withoutBytes(application), createdDateTime: isoTicks(now) };
    return withSettings(Object.fromEntries(Object.entries(shown).filter(([name]) => !HIDDEN.includes(name))) as never);
}

function reversed({ redirectUris }: { readonly redirectUris: string[] }): { redirectUris: string[] } {
    return { redirectUris: redirectUris.toReversed() };
}

function withoutBytes(application: Application, withKeys = false): Application {
    if (withKeys) return application;
    return { ...application, keyCredentials: application.keyCredentials.map((key) => ({ ...key, key: null })) };
}

function withSettings(application: Application): object {
    const { web } = application;
    const redirectUriSettings = web.redirectUris.map((uri) => ({ uri, index: null }));
    return { ...application, web: { ...web, redirectUriSettings } };
}
