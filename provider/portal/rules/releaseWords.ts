// Describes in one sentence the release of an application that stays: what the release writes, and what it leaves
// alone. Pure.
import type { Live, LiveApplication } from "../../entra/live";
import { countedAll, listed } from "../../sentences";
import { consentReleasePhrases, grantsLeft, removesConsentTag } from "../../sync/consentWords";
import { PERMISSIONS } from "../../sync/permissions";
import { isProviderTag } from "../../sync/tags";
import { datedKey, removalWords } from "./certificateWords";
import type { Managed } from "./live";
import { wholeRelease, type WholeRelease } from "./releasePlan";
import { accessPairs, permissionNames, settingPhrases, uriPhrases } from "./words";

/** The fields of a PATCH. */
type Body = Partial<LiveApplication>;

/** `undefined`: the release writes nothing. */
export function releaseWords(live: Live, managed: Managed, now: Date): string | undefined {
    const { application } = live;
    const whole = wholeRelease(live, managed);
    const { first, last }: { readonly first: Body; readonly last: Body } = whole;
    const phrases = [
        ...settingPhrases(first, application),
        ...apiPhrases(first, last, application),
        ...uriPhrases(first, application),
        ...goneFrom(application.keyCredentials, first.keyCredentials).map((key) => removalWords(datedKey(key), now)),
        ...consentReleasePhrases(live, whole.consent),
        ...tagPhrases(live, whole, managed.holder),
    ];
    if (phrases.length === 0) return undefined;
    const left = leftAfter(live, whole);
    const end = left.length === 0 ? [] : [`leaves ${listed(left)} alone`];
    return `releases "${application.displayName}" (${application.appId}): ${[...phrases, ...end].join("; ")}`;
}

/** Returns the entries of a list that a PATCH removes or changes. A PATCH without the list changes none. */
function goneFrom<T>(before: readonly T[], after: readonly T[] | undefined): T[] {
    return after === undefined ? [] : before.filter((entry) => !after.includes(entry));
}

/** Our scope is disabled first and removed last. A scope that we only enabled is disabled again. */
function apiPhrases(first: Body, last: Body, application: LiveApplication): string[] {
    const scopes = application.api.oauth2PermissionScopes;
    const removed = goneFrom(scopes, last.api?.oauth2PermissionScopes);
    const disabled = goneFrom(scopes, first.api?.oauth2PermissionScopes).filter((scope) => !removed.includes(scope));
    const { requiredResourceAccess } = first;
    const after = requiredResourceAccess && accessPairs({ requiredResourceAccess });
    const gone = permissionNames(goneFrom(accessPairs(application), after), application);
    const names = PERMISSIONS.filter((name) => gone.includes(name));
    return [
        ...goneFrom(application.identifierUris, first.identifierUris).map((uri) => `removes Application ID URI ${uri}`),
        ...disabled.map(({ id, value }) => `disables scope ${value ?? id}`),
        ...removed.map(({ id, value }) => `removes scope ${value ?? id}`),
        ...(names.length === 0
            ? []
            : [`removes ${names.length === 1 ? "permission" : "permissions"} ${listed(names)}`]),
    ];
}

function tagPhrases(live: Live, { consent, last }: WholeRelease, holder: string): string[] {
    const objects = [
        ...(last["tags"] === undefined ? [] : ["application"]),
        ...(removesConsentTag(live, consent, holder) ? ["service principal"] : []),
    ];
    return objects.length === 0 ? [] : [`removes its tag from the ${listed(objects)}`];
}

/** Counts what the release leaves. It also leaves the owners, but does not read them. */
function leftAfter(live: Live, { first, last, consent }: WholeRelease): string[] {
    const { application } = live;
    const { spa, web, publicClient, keyCredentials, requiredResourceAccess, tags } = { ...application, ...first };
    const { oauth2PermissionScopes: scopes } = (last as Body).api ?? application.api;
    return countedAll([
        [[...spa.redirectUris, ...web.redirectUris, ...publicClient.redirectUris].length, "redirect URI"],
        [keyCredentials.length, "certificate"],
        [scopes.length, "scope"],
        [accessPairs({ requiredResourceAccess }).length, "permission"],
        [grantsLeft(live, consent), "grant"],
        [tags.filter((tag) => !isProviderTag(tag)).length, "tag"],
    ]);
}
