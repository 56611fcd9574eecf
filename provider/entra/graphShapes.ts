// Describes the form that the provider requires of Graph's answers. live.ts has the types of the objects. Pure.
import { flag, listOf, number, object, optional, text, time, type Shape } from "../shape";

const texts = listOf(text);
const redirectUris = object({ redirectUris: texts });

const APPLICATION_FIELDS = {
    id: text,
    appId: text,
    displayName: optional(text),
    signInAudience: text,
    identifierUris: texts,
    tags: texts,
    isDisabled: optional(flag),
    serviceManagementReference: optional(text),
    uniqueName: optional(text),
    api: object({ oauth2PermissionScopes: listOf(object({ id: text, value: optional(text), isEnabled: flag })) }),
    spa: redirectUris,
    publicClient: redirectUris,
    web: object({
        redirectUris: texts,
        implicitGrantSettings: object({
            enableIdTokenIssuance: optional(flag),
            enableAccessTokenIssuance: optional(flag),
        }),
    }),
    requiredResourceAccess: listOf(
        object({ resourceAppId: text, resourceAccess: listOf(object({ id: text, type: text })) }),
    ),
    keyCredentials: listOf(
        object({
            keyId: text,
            customKeyIdentifier: optional(text),
            startDateTime: optional(time),
            endDateTime: time,
        }),
    ),
};

const APPLICATION_MORE = {
    passwordCredentials: optional(listOf(object({ keyId: text, displayName: optional(text) }))),
    appRoles: optional(listOf(object({ id: text, value: optional(text) }))),
};

const SERVICE_PRINCIPAL_FIELDS = {
    id: text,
    appId: text,
    accountEnabled: optional(flag),
    appRoleAssignmentRequired: flag,
    signInAudience: optional(text),
    tags: texts,
};

const GRANT_FIELDS = { id: text, clientId: text, consentType: text, resourceId: text, scope: optional(text) };

export const anApplication = object({ ...APPLICATION_FIELDS, ...APPLICATION_MORE });
/**
 * An application that may already be the portal that the program registers. A preview compares names, tags and redirect
 * URIs.
 */
export const aNeighbour = object({
    ...{ appId: text, displayName: optional(text), uniqueName: optional(text), tags: texts },
    ...{ spa: redirectUris, web: redirectUris, publicClient: redirectUris },
});
const { id, appId, displayName, spa, api } = APPLICATION_FIELDS;
/** An application in a list, with the fields that show whether it is a portal. */
export const aListedApplication = object({ id, appId, displayName, spa, api });
/** An application's key credentials with the bytes of their certificates. */
export const anApplicationsKeys = object({
    keyCredentials: listOf(object({ keyId: text, key: optional(text) })),
});
export const aServicePrincipal = object(SERVICE_PRINCIPAL_FIELDS);
export const aGrant = object(GRANT_FIELDS);
/** An object of which only the id is checked. */
export const anObject = object({ id: text });
export const aDeletedItem = object({
    ...{ id: text, appId: optional(text), uniqueName: optional(text) },
    deletedDateTime: time,
});
export const anAudience = object({ signInAudience: text });

export const aPolicy = object({
    isEnabled: optional(flag),
    applicationRestrictions: optional(
        object({
            keyCredentials: optional(
                listOf(object({ restrictionType: optional(text), state: optional(text), maxLifetime: optional(text) })),
            ),
        }),
    ),
});

export function pageOf(entry: Shape): Shape {
    return object({ value: listOf(entry), "@odata.nextLink": optional(text) });
}

/** Checks the envelope of a batch's answer. The body of each item is checked separately. */
export const aBatch = object({
    responses: listOf(object({ id: text, status: number, headers: optional(object({})) })),
});

/** Graph's own error. A proxy's page with the same status does not have this form. */
export const anError = object({ error: object({ code: text, message: optional(text) }) });

/** Describes the answer to a request that selects only these fields. The path decides the type of the object. */
export function partOf(path: string, names: readonly string[]): Shape {
    const fields: Readonly<Record<string, Shape>> = path.startsWith("/applications")
        ? APPLICATION_FIELDS
        : path.startsWith("/servicePrincipals")
          ? SERVICE_PRINCIPAL_FIELDS
          : GRANT_FIELDS;
    const known = Object.entries(fields).filter(([name]) => names.includes(name));
    return object(Object.fromEntries(known));
}
