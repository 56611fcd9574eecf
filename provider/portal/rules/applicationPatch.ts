// Plans the PATCH of the application. The PATCH contains only fields that differ. Pure. Entra replaces a whole list and
// merges nested objects one level deep (Graph: application-update). So each list contains the entries of others as they
// were read.
import { APPLICATION_ID_URI, ENABLED } from "../../inputs/statusTexts";
import { handedOver, tagsWith } from "../../sync/handOver";
import { isConsentItem, type Item, type Owned } from "../../sync/owned";
import { withOwned } from "../../sync/ownership";
import { encodeOwned, neededAssignment, neededText } from "../../sync/ownershipCodes";
import { accessAsUserScope } from "../../sync/permissions";
import { TEXT_SETTINGS } from "../../sync/textSettings";
import { everyTagOf, formatTags, identityOfHolder, PORTAL_TAG, readableTag, tagsOf } from "../../sync/tags";
import { certificatesGone, ownedCertificate, planKeyCredentials } from "./certificates";
import type { RestorePortalAppInputs } from "./inputs";
import { applicationIdUriOf, findScope, UNCHANGED, type Field, type Managed, type Observation } from "./live";
import { planRequiredResourceAccess } from "./requiredAccess";
import { desiredRedirectUris, planRedirectUris } from "./redirectUris";
import { planSettings } from "./settings";

/** Body of the PATCH, with Graph's field names. */
export type ApplicationPatch = Readonly<Record<string, unknown>>;

export interface PlannedPatch {
    readonly body: ApplicationPatch;
    /** The record of ownership after Entra has accepted the PATCH. */
    readonly managed: Managed;
}

export function planApplication(
    inputs: RestorePortalAppInputs,
    observation: Observation,
    isUnfinished = false,
): { patch: PlannedPatch | undefined; changes: string[] } {
    const fields = [
        planSettings(inputs, observation),
        planIdentifierUris(inputs, observation),
        planScopes(inputs, observation),
        planRedirectUris(inputs, observation),
        planImplicitGrant(inputs, observation),
        planRequiredResourceAccess(inputs, observation),
        planKeyCredentials(inputs, observation),
    ];
    const { live, managed } = observation;
    const lost = [...fields.flatMap((field) => field.lost ?? []), ...certificatesGone(inputs, observation)];
    const owned = withOwned(
        managed.owned,
        fields.flatMap((field) => field.gained ?? []),
        lost,
    );
    const leaving = managed.owned.filter(({ item }) => lost.includes(item));
    const tags = planTags(inputs, observation, { owned, leaving, isUnfinished });
    const all = [...fields, tags];
    const body = all.reduce((merged, field) => mergeBodies(merged, field.body ?? {}), {});
    const consentTags = (managed.tags ?? []).filter((tag) => !tag.startsWith(`${PORTAL_TAG}:`));
    const nextTags = (tags.body?.["tags"] as string[] | undefined) ?? live.application.tags;
    const next = { ...managed, owned, tags: [...tagsOf(nextTags, managed.holder), ...consentTags] };
    return {
        patch: Object.keys(body).length === 0 ? undefined : { body, managed: next },
        changes: all.flatMap(({ changes }) => changes),
    };
}

// Two fields write `web`: the implicit grant, and a URI that is moved back from the platform Web. So both values are
// merged.
function mergeBodies(a: Record<string, unknown>, b: Record<string, unknown>): Record<string, unknown> {
    const web = { ...(a["web"] as object | undefined), ...(b["web"] as object | undefined) };
    return { ...a, ...b, ...(Object.keys(web).length === 0 ? {} : { web }) };
}

// If an input is in `ignoreChanges`, the engine passes the value in state, which may be a live value such as "missing".
// For such a value, this function, `planScopes` and `planImplicitGrant` write nothing.
function planIdentifierUris(inputs: RestorePortalAppInputs, { live: { application } }: Observation): Field {
    if (inputs.applicationIdUri !== APPLICATION_ID_URI) return UNCHANGED;
    const uri = applicationIdUriOf(application);
    // Before its registration, an application has no appId, and so no URI can be made. The next write adds the URI.
    if (application.appId === "" || application.identifierUris.includes(uri)) return UNCHANGED;
    return {
        body: { identifierUris: [...application.identifierUris, uri] },
        changes: ["applicationIdUri"],
        gained: [{ item: "applicationIdUri", how: "answered" }],
    };
}

function planScopes(inputs: RestorePortalAppInputs, { live, managed, before }: Observation): Field {
    if (inputs.accessAsUserScope !== ENABLED) return UNCHANGED;
    const scopes = live.application.api.oauth2PermissionScopes;
    const existing = findScope(live.application);
    if (existing?.isEnabled === true) return UNCHANGED;
    const next =
        existing === undefined
            ? [...scopes, accessAsUserScope(managed.scopeId)]
            : scopes.map((scope) => (scope === existing ? { ...scope, isEnabled: true } : scope));
    return {
        body: { api: { oauth2PermissionScopes: next } },
        changes: ["accessAsUserScope"],
        gained: gainedScope(existing?.id, { managed, before }),
    };
}

function gainedScope(
    existingId: string | undefined,
    { managed, before }: Pick<Observation, "managed" | "before">,
): Owned[] {
    if (existingId === undefined) return [{ item: "accessAsUserScope", id: managed.scopeId, how: "answered" }];
    const isOurs = managed.owned.some(({ item, id }) => item === "accessAsUserScope" && id === existingId);
    const isRepair = before?.accessAsUserScope === ENABLED && existingId === managed.scopeId;
    if (isOurs || isRepair || managed.created) return [];
    const changed = { from: false, to: true };
    return [{ item: "accessAsUserScope/enabled", id: existingId, changed, how: "answered" }];
}

function planImplicitGrant(inputs: RestorePortalAppInputs, { live: { application } }: Observation): Field {
    const settings = application.web.implicitGrantSettings;
    const isOn = settings.enableIdTokenIssuance || settings.enableAccessTokenIssuance;
    if (inputs.implicitGrant !== false || !isOn) return UNCHANGED;
    const implicitGrantSettings = { enableIdTokenIssuance: false, enableAccessTokenIssuance: false };
    return { body: { web: { implicitGrantSettings } }, changes: ["implicitGrant"] };
}

/** This code in a tag marks an application whose registration is not complete. The second write removes the code. */
export const UNFINISHED = "new";

interface NextRecord {
    readonly owned: readonly Owned[];
    /**
     * Entries that this resource no longer owns. If another holder needs an entry, that holder owns it from then on.
     */
    readonly leaving: readonly Owned[];
    readonly isUnfinished: boolean;
}

function planTags(
    inputs: RestorePortalAppInputs,
    { live, managed }: Observation,
    { owned, leaving, isUnfinished }: NextRecord,
): Field {
    const { tags } = live.application;
    const { holder } = managed;
    const own = formatTags(PORTAL_TAG, holder, [
        ...owned.filter(({ item }) => !isConsentItem(item)).flatMap((entry) => encodeOwned(entry) ?? []),
        ...neededCodes(inputs, owned, managed),
        ...(isUnfinished ? [UNFINISHED] : []),
    ]);
    const handed = handedOver(live, holder, leaving);
    const present = tagsOf(tags, holder);
    const isSame = own.length === present.length && own.every((tag) => present.includes(tag));
    if (isSame && handed.size === 0) return UNCHANGED;
    const former = everyTagOf(tags, holder, inputs.identity);
    const foreign = tags.filter((tag) => !former.includes(tag));
    const readable = readableTag(holder, identityOfHolder(tags, holder) ?? inputs.identity);
    return {
        body: { tags: [...tagsWith(foreign, handed, PORTAL_TAG), readable, ...own] },
        // The name of the change contains the tags, so that other tags in the next round count as another change.
        changes: [`tags/${own.join(" ")}`],
    };
}

/**
 * Returns a code with `~` before it for each redirect URI, certificate and setting that the program names, unless the
 * tag already contains it as an owned entry. If another holder releases the application, it reads these codes and keeps
 * these values and entries.
 */
function neededCodes(inputs: RestorePortalAppInputs, owned: readonly Owned[], { created }: Managed): string[] {
    const { certificate } = inputs;
    const thumbprint = certificate?.thumbprint;
    const needed: Owned[] = [
        ...desiredRedirectUris(inputs).map((uri): Owned => ({ item: `redirectUris/${uri}`, how: "answered" })),
        ...(thumbprint === undefined ? [] : [ownedCertificate(thumbprint)]),
    ];
    const own = owned.map((entry) => encodeOwned(entry));
    const texts = TEXT_SETTINGS.flatMap(({ item, code }): string[] => {
        const value = inputs[item];
        if (value === undefined || isWrittenBy(owned, item, value)) return [];
        // On an application that this resource registered, the resource owns the setting, whatever its value is. So the
        // code contains no value.
        return [created ? code : neededText(code, value)];
    });
    return [
        ...needed.flatMap((entry) => encodeOwned(entry) ?? []).filter((code) => !own.includes(code)),
        ...texts,
        // This code says only that the program needs its value of "Assignment required". The tag on the service
        // principal records whether the resource changed that value.
        ...neededAssignment(inputs),
    ].map((code) => `~${code}`);
}

/**
 * Returns whether the tag already contains an owned entry with this value. The entry also shows that the program needs
 * the value.
 */
function isWrittenBy(owned: readonly Owned[], item: Item, value: string): boolean {
    return owned.some(
        (entry) => entry.item === item && entry.changed?.to === value && encodeOwned(entry) !== undefined,
    );
}
