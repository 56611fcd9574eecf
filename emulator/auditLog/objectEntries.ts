// Makes the audit log entries about applications and service principals. One change can make several entries.
import type { Application, KeyCredential, PasswordCredential, ServicePrincipal } from "../graphTypes";
import type { Deleted, References, StoredFederation } from "../tenant";
import { addressesOf, applicationAttributes, keyDescriptions, servicePrincipalAttributes } from "./attributes";
import type { Change } from "./journal";
import type { Names } from "./names";
import { attribute, derived, included, oneSided, target, type Draft, type ModifiedProperty } from "./record";

/** Entra dates the service principal's entry earlier than the entry about the application's change. */
const MIRROR_EARLIER_MS = 1_500;

/** Entra writes this text with an en dash, and with a space at the end. */
const CREDENTIALS = "Update application – Certificates and secrets management ";

export function addedApplication(application: Application, names: Names): Draft[] {
    const properties = [
        ...attribute("AppId", [], [application.appId]),
        ...applicationAttributes(undefined, application, names),
        ...attribute("PublisherDomain", [], [application.publisherDomain]),
    ].filter(({ newValue }) => newValue !== "[]");
    return [
        draftOf("Add application", "Add", application, included(properties)),
        ...credentialEntries({ before: undefined, after: application }, names),
    ];
}

export function changedApplication(before: Application, after: Application, names: Names): Draft[] {
    const properties = applicationAttributes(before, after, names);
    const credentials = credentialEntries({ before, after }, names);
    const rest = (one: Application) => ({ ...one, keyCredentials: [], passwordCredentials: [] });
    const isOnlyCredentials = JSON.stringify(rest(before)) === JSON.stringify(rest(after));
    if (isOnlyCredentials) return credentials;
    return [
        ...mirrorEntries(before, after, names),
        draftOf("Update application", "Update", after, included(properties)),
        ...credentials,
    ];
}

/**
 * Makes the entry about the service principal. A service principal copies the addresses and the identifier URIs of its
 * application. If only other properties of the application changed, the entry names no changed attribute.
 */
function mirrorEntries(before: Application, after: Application, names: Names): Draft[] {
    const servicePrincipal = names.servicePrincipalOf(after.appId);
    if (!servicePrincipal) return [];
    const properties = [
        ...attribute("AppAddress", addressesOf(before), addressesOf(after)),
        ...attribute(
            "ServicePrincipalName",
            [before.appId, ...before.identifierUris],
            [after.appId, ...after.identifierUris],
        ),
    ];
    return [servicePrincipalDraft("Update", servicePrincipal, included(properties), names)].map((draft) => ({
        ...draft,
        earlierMs: MIRROR_EARLIER_MS,
    }));
}

function credentialEntries({ before, after }: Change<Application>, names: Names): Draft[] {
    if (!after) return [];
    const none = { keyCredentials: [], passwordCredentials: [] };
    const properties = attribute("KeyDescription", keyDescriptions(before ?? none), keyDescriptions(after));
    if (properties.length === 0) return [];
    const activity = before ? CREDENTIALS : CREDENTIALS.replace("Update", "Create");
    const entry = draftOf(activity, "Update", after, included(properties));
    const servicePrincipal = names.servicePrincipalOf(after.appId);
    const copy = servicePrincipal ? [servicePrincipalDraft("Update", servicePrincipal, included([]), names)] : [];
    return before ? [...copy, draftOf("Update application", "Update", after, []), entry] : [entry];
}

export function federationEntries(changes: readonly Change<StoredFederation>[], names: Names): Draft[] {
    const ids = new Set(changes.flatMap(({ before, after }) => (after ?? before)?.applicationId ?? []));
    return [...ids].flatMap((id) => {
        const application = names.applicationById(id);
        const of = changes.filter(({ before, after }) => (after ?? before)?.applicationId === id);
        const kept = names.federationsOf(id).filter((one) => !of.some(({ after }) => after?.id === one.id));
        const list = (side: "before" | "after") => [...kept, ...of.flatMap((one) => one[side] ?? [])].map(ofFederation);
        const properties = attribute("FederatedIdentityCredentials", list("before"), list("after"));
        return application ? [draftOf("Update application", "Update", application, included(properties))] : [];
    });
}

function ofFederation({ id, name, issuer, subject, description, audiences }: StoredFederation): object {
    return {
        Name: name,
        Issuer: issuer,
        Subject: subject,
        Id: id,
        Description: description,
        Audiences: audiences,
        EncodingVersion: 1,
    };
}

export function draftOf(
    activity: string,
    operation: Draft["operation"],
    { id, displayName, appId }: Pick<Application, "appId" | "displayName" | "id">,
    modifiedProperties: readonly ModifiedProperty[],
): Draft {
    const targets = [target("Application", id, { displayName, modifiedProperties })];
    return { activity, operation, targets, details: [{ key: "AppId", value: appId }] };
}

const ACTIVITIES = { Add: "Add service principal", Update: "Update service principal" } as const;

export function servicePrincipalDraft(
    operation: keyof typeof ACTIVITIES,
    servicePrincipal: ServicePrincipal,
    properties: readonly ModifiedProperty[],
    names: Names,
): Draft {
    return servicePrincipalEntry(ACTIVITIES[operation], operation, servicePrincipal, properties, names);
}

function servicePrincipalEntry(
    activity: string,
    operation: Draft["operation"],
    servicePrincipal: ServicePrincipal,
    properties: readonly ModifiedProperty[],
    names: Names,
): Draft {
    const { id, appId } = servicePrincipal;
    const modifiedProperties = [
        ...properties,
        derived("TargetId.ServicePrincipalNames", null, names.servicePrincipalNames(servicePrincipal)),
    ];
    const targets = [target("ServicePrincipal", id, { displayName: names.of(id), modifiedProperties })];
    return { activity, operation, targets, details: [{ key: "AppId", value: appId }] };
}

export function addedServicePrincipal(added: ServicePrincipal, names: Names): Draft[] {
    const application = names.applicationOf(added.appId);
    const properties = [
        ...servicePrincipalAttributes(undefined, added, names),
        ...(application ? attribute("AppAddress", [], addressesOf(application)) : []),
        ...attribute("AppPrincipalId", [], [added.appId]),
        ...attribute("ServicePrincipalName", [], [added.appId, ...(application?.identifierUris ?? [])]),
    ].filter(({ newValue }) => newValue !== "[]");
    return [servicePrincipalDraft("Add", added, included(properties), names)];
}

export function changedServicePrincipal(before: ServicePrincipal, after: ServicePrincipal, names: Names): Draft[] {
    const keys = attribute("KeyDescription", keyDescriptions(before), keyDescriptions(after));
    const properties = servicePrincipalAttributes(before, after, names);
    const hasMoreKeys = keyCount(after) >= keyCount(before);
    const activity = hasMoreKeys ? "Add service principal credentials" : "Remove service principal credentials";
    if (keys.length === 0) return [servicePrincipalDraft("Update", after, included(properties), names)];
    const nameOnly = derived("Included Updated Properties", null, "KeyDescription");
    return [
        servicePrincipalEntry(activity, "Update", after, keys, names),
        servicePrincipalDraft("Update", after, [...properties, nameOnly], names),
    ];
}

function keyCount(of: {
    readonly keyCredentials: readonly KeyCredential[];
    readonly passwordCredentials: readonly PasswordCredential[];
}) {
    return of.keyCredentials.length + of.passwordCredentials.length;
}

function isApplication(object: Deleted): object is Application & { deletedDateTime: string } {
    return "identifierUris" in object;
}

/**
 * A deletion adds a deleted item. A restore or a purge removes the item. `restored` contains the ids of restored
 * objects.
 */
export function deletionEntries(
    changes: readonly Change<Deleted>[],
    restored: ReadonlySet<string>,
    names: Names,
): Draft[] {
    return changes.flatMap(({ before, after }) => {
        const object = (after ?? before) as Deleted;
        const what = after ? "deleted" : restored.has(object.id) ? "restored" : "purged";
        if (isApplication(object))
            return [draftOf(OF_APPLICATION[what], OPERATIONS[what], object, what === "deleted" ? included([]) : [])];
        return [servicePrincipalEntry(OF_SERVICE_PRINCIPAL[what], OPERATIONS[what], object, [], names)];
    });
}

const OPERATIONS = { deleted: "Delete", restored: "Update", purged: "Delete" } as const;
const OF_APPLICATION = {
    deleted: "Delete application",
    restored: "Restore application",
    purged: "Hard Delete application",
} as const;
const OF_SERVICE_PRINCIPAL = {
    deleted: "Remove service principal",
    restored: "Restore service principal",
    purged: "Hard delete service principal",
} as const;

/** Makes the entries about owners of applications and service principals. The first target is the owner. */
export function ownerEntries(changes: readonly Change<References>[], names: Names): Draft[] {
    return changes.flatMap(({ before, after }) => {
        const id = (after ?? before)?.id ?? "";
        const object = names.ownedBy(id);
        if (!object) return [];
        const [olds, news] = [before?.ids ?? [], after?.ids ?? []];
        const entry = (owner: string, isAdded: boolean): Draft => {
            const { type, displayName, appId } = object;
            const modifiedProperties = [
                oneSided(`${type}.ObjectID`, id, isAdded),
                oneSided(`${type}.DisplayName`, displayName ?? "", isAdded),
                oneSided(`${type}.AppId`, appId, isAdded),
            ];
            const words = type === "Application" ? "application" : "service principal";
            return {
                activity: isAdded ? `Add owner to ${words}` : `Remove owner from ${words}`,
                operation: isAdded ? "Assign" : "Unassign",
                targets: [
                    target(names.typeOf(owner), owner, { ...names.person(owner), modifiedProperties }),
                    target(type, id),
                ],
            };
        };
        return [
            ...news.filter((one) => !olds.includes(one)).map((one) => entry(one, true)),
            ...olds.filter((one) => !news.includes(one)).map((one) => entry(one, false)),
        ];
    });
}
