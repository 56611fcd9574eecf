// Plans the release of an application that stays. The plan removes the entries that this resource added. It restores a
// value that this resource changed, unless somebody changed the value again. Everything that another holder needs
// stays. Pure.
import type { Live, LiveApplication } from "../../entra/live";
import { isSameRedirectUri } from "../../inputs/portalUrl";
import { planConsentRelease, type ConsentRelease } from "../../sync/consentRelease";
import { handedOver, tagsWith } from "../../sync/handOver";
import { isConsentItem, type Item, type Owned } from "../../sync/owned";
import { has, heirOf, isNeededByOthers } from "../../sync/ownership";
import { encodeOwned } from "../../sync/ownershipCodes";
import { rowOf, type Permission } from "../../sync/permissions";
import { TEXT_SETTINGS } from "../../sync/textSettings";
import { allTagsOf, codesOf, formatTags, PORTAL_TAG, tagsOf } from "../../sync/tags";
import { applicationIdUriOf, type Managed } from "./live";
import { HOME_CONSENT } from "./plan";
import { ownRedirectUris } from "./redirectUris";
import { asSent } from "./settings";

type Body = Readonly<Record<string, unknown>>;

export interface ReleasePlan extends ConsentRelease {
    /**
     * Body of the PATCH of the application. The plan removes the scope and the tag only after a read shows that all
     * other changes of the release took effect.
     */
    readonly application: Body | undefined;
    /** One name for each change of this round. */
    readonly changes: readonly string[];
}

/** Everything that a release still has to write. A body may be empty. */
export interface WholeRelease {
    /** The entries of the application that are removed or restored. */
    readonly going: readonly Owned[];
    readonly first: Body;
    readonly consent: ConsentRelease;
    /** Written only after a read shows that all other changes took effect. */
    readonly last: Body;
}

export function wholeRelease(live: Live, managed: Managed): WholeRelease {
    const { application } = live;
    const owned = managed.owned.filter(({ item }) => !isConsentItem(item));
    const going = owned.filter((entry) => !isNeededByOthers(entry, managed.holder, live));
    return {
        going,
        first: {
            ...listsWithout(application, going),
            ...settingsBack(application, going),
            ...disabledScope(application, going),
            ...requiredAccessWithout(application, going),
        },
        consent: planConsentRelease(live, managed, HOME_CONSENT),
        last: { ...scopesWithout(application, going), ...tagsWithout(live, managed, owned) },
    };
}

export function planRelease(live: Live, managed: Managed): ReleasePlan {
    const { going, first, consent, last } = wholeRelease(live, managed);
    const isFirstDone = Object.keys(first).length === 0;
    const isRestDone = isFirstDone && !consent.servicePrincipal && consent.grants.length === 0;
    const body = isRestDone ? last : isFirstDone ? {} : { ...first, ...tagsOfRest(live, managed, going) };
    return {
        ...consent,
        application: Object.keys(body).length === 0 ? undefined : body,
        changes: [
            // A scope is disabled in one round and removed in the next. These two changes of one field need two names.
            ...Object.keys(body).map((field) => `${isRestDone ? "removal" : "release"}/${field}`),
            ...(consent.servicePrincipal ? ["servicePrincipal"] : []),
            ...consent.grants.map(({ id }) => `grants/${id}`),
        ],
    };
}

/** Returns an empty object if no entry is removed, so that the list is not sent. */
function withoutAny<T>(name: string, list: readonly T[], isGoing: (entry: T) => boolean): Record<string, unknown> {
    return list.some(isGoing) ? { [name]: list.filter((entry) => !isGoing(entry)) } : {};
}

function idOf(going: readonly Owned[], item: Item): string | undefined {
    return going.find((entry) => entry.item === item)?.id;
}

function listsWithout(application: LiveApplication, going: readonly Owned[]): Record<string, unknown> {
    const own = ownRedirectUris({ owned: going });
    const uris = withoutAny("redirectUris", application.spa.redirectUris, (uri) =>
        own.some((one) => isSameRedirectUri(one, uri)),
    );
    const keyIds = going.filter(({ item }) => item.startsWith("certificates/")).map(({ id }) => id);
    return {
        ...withoutAny(
            "identifierUris",
            application.identifierUris,
            (uri) => has(going, "applicationIdUri") && uri === applicationIdUriOf(application),
        ),
        ...(Object.keys(uris).length === 0 ? {} : { spa: uris }),
        ...withoutAny("keyCredentials", application.keyCredentials, ({ keyId }) => keyIds.includes(keyId)),
    };
}

function settingsBack(application: LiveApplication, going: readonly Owned[]): Record<string, unknown> {
    const back = TEXT_SETTINGS.flatMap(({ item }) => {
        const entry = going.find((one) => one.item === item);
        return entry?.changed?.to === (application[item] ?? "") ? [[item, asSent(entry.changed.from)] as const] : [];
    });
    const wasDisabled = has(going, "applicationStatus/enabled") && application.isDisabled !== true;
    return { ...Object.fromEntries(back), ...(wasDisabled ? { isDisabled: true } : {}) };
}

/**
 * Disables our scope, because Entra deletes only disabled scopes. Also disables a scope that this resource only
 * enabled. If somebody enabled the scope again, it is disabled again.
 */
function disabledScope({ api }: LiveApplication, going: readonly Owned[]): Record<string, unknown> {
    const ids = [idOf(going, "accessAsUserScope"), idOf(going, "accessAsUserScope/enabled")];
    const scopes = api.oauth2PermissionScopes;
    const isEnding = ({ id, isEnabled }: (typeof scopes)[number]) => isEnabled && ids.includes(id);
    if (!scopes.some(isEnding)) return {};
    return {
        api: { oauth2PermissionScopes: scopes.map((one) => (isEnding(one) ? { ...one, isEnabled: false } : one)) },
    };
}

function requiredAccessWithout(application: LiveApplication, going: readonly Owned[]): Record<string, unknown> {
    const ids = going.filter(({ item }) => item.startsWith("requiredPermissions/")).map(scopeIdOfEntry);
    const isGoing = ({ id, type }: { id: string; type: string }) => type === "Scope" && ids.includes(id);
    const list = application.requiredResourceAccess;
    if (!list.some(({ resourceAccess }) => resourceAccess.some(isGoing))) return {};
    const requiredResourceAccess = list
        .map((resource) => ({
            ...resource,
            resourceAccess: resource.resourceAccess.filter((entry) => !isGoing(entry)),
        }))
        .filter(({ resourceAccess }) => resourceAccess.length > 0);
    return { requiredResourceAccess };
}

/**
 * If the record has no id, takes the id from the table of permissions. Release 0.1.0 stored no id for a scope of
 * Microsoft Graph.
 */
function scopeIdOfEntry({ item, id }: Owned): string | undefined {
    return id ?? rowOf(item.slice("requiredPermissions/".length) as Permission).scopeId;
}

/** Entra deletes a scope only after every replica shows it as disabled (CannotDeleteOrUpdateEnabledEntitlement). */
function scopesWithout({ api }: LiveApplication, going: readonly Owned[]): Record<string, unknown> {
    const id = idOf(going, "accessAsUserScope");
    const scopes = api.oauth2PermissionScopes;
    return scopes.some((scope) => scope.id === id)
        ? { api: { oauth2PermissionScopes: scopes.filter((scope) => scope.id !== id) } }
        : {};
}

/**
 * Returns the tags without the codes of the entries that this PATCH removes. Entra may refuse the later PATCH that
 * removes our tag. Then a code that stayed would make an entry count as ours if somebody added the entry again by hand.
 * Two kinds of codes stay, because the later PATCH needs them: the code of the scope, which it removes, and the code of
 * a value that another holder has changed after us, which it hands over to that holder.
 */
function tagsOfRest(live: Live, { holder }: Managed, going: readonly Owned[]): Record<string, unknown> {
    const { tags } = live.application;
    const isEnding = (entry: Owned) => entry.item !== "accessAsUserScope" && heirOf(entry, holder, live) === undefined;
    const gone = going.filter(isEnding).flatMap((entry) => encodeOwned(entry) ?? []);
    const [own, codes] = [tagsOf(tags, holder), codesOf(tags, holder)];
    const kept = codes.filter((code) => !gone.includes(code));
    if (kept.length === codes.length) return {};
    return { tags: [...tags.filter((tag) => !own.includes(tag)), ...formatTags(PORTAL_TAG, holder, kept)] };
}

/**
 * Removes our tag last, because it shows other holders that we use the application. Afterwards the other holders own
 * the entries that they need.
 */
function tagsWithout(live: Live, managed: Managed, owned: readonly Owned[]): Record<string, unknown> {
    const { tags } = live.application;
    const own = allTagsOf(tags, managed.holder);
    if (own.length === 0) return {};
    const foreign = tags.filter((tag) => !own.includes(tag));
    return { tags: tagsWith(foreign, handedOver(live, managed.holder, owned), PORTAL_TAG) };
}
