// Describes the writes in the tenant's request log in the words of a preview. Shares no code with the provider, so that
// the tests can judge the provider's words.
import type { Exactly } from "./startingStates";
import { GRAPH_APP_ID } from "../tenant/portalByHand";
import { PORTAL_URL } from "../tenant/portals";
import type { Application, Scope } from "../tenant/testTenant";

interface Logged {
    readonly method: string;
    readonly path: string;
    readonly body?: unknown;
}

interface Key {
    readonly keyId: string;
    readonly customKeyIdentifier?: string;
    readonly endDateTime: string;
}

type Sent = Partial<Application> & {
    readonly keyCredentials?: readonly Key[];
    readonly scope?: string;
    readonly accountEnabled?: boolean;
    readonly appRoleAssignmentRequired?: boolean;
};

const ENTERPRISE = "WindowsAzureActiveDirectoryIntegratedApp";
const USER_READ = "e1fe6dd8-ba31-4d61-89e7-88639da4683d";
const OWN_TAG = /^(restore-portal|portal-consent)/;
/**
 * Matches the portal's tags on the service principal itself, but not the copies of the application's tags that Graph
 * shows there.
 */
const CONSENT_TAG = /^(restore-portal-consent|portal-consent):/;

/** `after` provides the thumbprint of an added certificate, because the log contains no bytes of keys. */
export function loggedPhrases(before: Exactly, after: Exactly, writes: readonly Logged[]): string[] {
    const sent = (path: RegExp): { method: string; body: Sent }[] =>
        writes.filter((one) => path.test(one.path)).map(({ method, body }) => ({ method, body: body ?? {} }));
    const applications = sent(/^\/applications\(appId='[^']+'\)$/).map(({ body }) => body);
    const principals = sent(/^\/servicePrincipals/);
    const phrases = [
        ...applications.flatMap((body) => applicationPhrases(before.application, body)),
        ...applications.flatMap((body) => certificatePhrase(before.application, after.application, body)),
        ...principals.flatMap(({ method, body }) => principalPhrases(before, method, body)),
        ...grantPhrases(before, sent(/^\/oauth2PermissionGrants/)),
        ...(sent(/\/owners\/\$ref$/).length > 0 ? [`adds ${sent(/\/owners\/\$ref$/).length} owners`] : []),
    ];
    const tagged = [
        ...(applications.some(({ tags }) => tags !== undefined) ? ["application"] : []),
        ...(principals.some(({ body }) => writesTag(before, body)) ? ["service principal"] : []),
    ].join(" and ");
    if (tagged === "") return phrases;
    return [...phrases, `writes ${phrases.length === 0 ? "only " : ""}its tag on the ${tagged}`];
}

/** Returns whether a request changes the portal's tags on the service principal. The request may also create it. */
function writesTag({ servicePrincipal }: Exactly, { tags }: Sent): boolean {
    if (tags === undefined) return false;
    const old = (servicePrincipal?.["tags"] ?? []) as readonly string[];
    const ofOthers = (list: readonly string[]) => list.filter((tag) => !OWN_TAG.test(tag) && tag !== ENTERPRISE).sort();
    if (String(ofOthers(tags)) !== String(ofOthers(old))) throw new Error("the deployment changed tags of others");
    const own = (list: readonly string[]) => list.filter((tag) => CONSENT_TAG.test(tag)).sort();
    return String(own(tags)) !== String(own(old));
}

const added = <T>(next: readonly T[] | undefined, before: readonly T[]): T[] =>
    (next ?? []).filter((one) => !before.some((other) => JSON.stringify(other) === JSON.stringify(one)));

function applicationPhrases(before: Application, body: Sent): string[] {
    const scopes = (body.api?.oauth2PermissionScopes ?? []).map((scope) => scopePhrase(before, scope));
    const permissions = added(accessOf(body), accessOf(before)).map((one) =>
        one.startsWith(GRAPH_APP_ID) ? "User.Read" : "access_as_user",
    );
    return [
        ...(body.signInAudience === undefined
            ? []
            : [`changes signInAudience from "${before.signInAudience}" to "${body.signInAudience}"`]),
        ...added(body.identifierUris, before.identifierUris).map((uri) => `adds Application ID URI ${uri}`),
        ...scopes.filter((phrase) => phrase !== undefined),
        ...(permissions.length === 0 ? [] : [`adds permission${plural(permissions)} ${joined(permissions)}`]),
        ...added(body.spa?.redirectUris, before.spa.redirectUris).map((uri) => `adds redirect URI ${uri}`),
    ];
}

const plural = (list: readonly unknown[]) => (list.length === 1 ? "" : "s");
const joined = (names: readonly string[]) => [...names].sort().join(" and ");

function accessOf({ requiredResourceAccess = [] }: Pick<Sent, "requiredResourceAccess">): string[] {
    return requiredResourceAccess.flatMap(({ resourceAppId, resourceAccess }) =>
        resourceAccess.map(({ id }) => `${resourceAppId}/${id}`),
    );
}

function scopePhrase({ api }: Application, { id, value, isEnabled }: Scope): string | undefined {
    const old = api.oauth2PermissionScopes.find((scope) => scope.id === id);
    if (old === undefined) return `adds scope ${value}`;
    return old.isEnabled === isEnabled ? undefined : `enables scope ${value}`;
}

const textOf = ({ endDateTime, customKeyIdentifier = "" }: Key) => endDateTime + customKeyIdentifier;

function certificatePhrase(before: Application, after: Application, body: Sent): string[] {
    const old = before.keyCredentials as unknown as readonly Key[];
    const [key, ...more] = (body.keyCredentials ?? []).filter(({ keyId }) => !old.some((one) => one.keyId === keyId));
    if (key === undefined) return [];
    if (more.length > 0) throw new Error("the deployment added several certificates");
    const stored = (after.keyCredentials as unknown as readonly Key[]).find(({ keyId }) => keyId === key.keyId);
    const inOrder = [...old].sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
    const nameOf = (one: Key) => `${one.customKeyIdentifier ?? ""}, valid until ${one.endDateTime.slice(0, 10)}`;
    const beside = old.length === 0 ? "" : `, beside ${inOrder.map(nameOf).join(" and ")}`;
    return [`adds certificate ${nameOf((stored ?? key) as Key)}${beside}`];
}

function principalPhrases({ servicePrincipal }: Exactly, method: string, body: Sent): string[] {
    const what = "the service principal (enterprise application)";
    if (method === "POST") return [`creates ${what}`];
    const old = (servicePrincipal?.["tags"] ?? []) as readonly string[];
    return [
        ...(body.accountEnabled === true ? [`enables ${what}`] : []),
        ...(body.appRoleAssignmentRequired === true ? ["lets only assigned users sign in"] : []),
        ...(body.tags?.includes(ENTERPRISE) === true && !old.includes(ENTERPRISE)
            ? [`lists ${what} among enterprise applications`]
            : []),
    ];
}

function grantPhrases({ grants }: Exactly, writes: readonly { readonly body: Sent }[]): string[] {
    const scopes = writes.flatMap(({ body }) => body.scope?.split(" ") ?? []);
    const old = grants.flatMap(({ consentType, scope }) =>
        consentType === "AllPrincipals" ? String(scope).split(" ") : [],
    );
    const granted = scopes.filter((scope) => !old.includes(scope));
    return granted.length === 0 ? [] : [`grants ${joined(granted)} for all users of the tenant`];
}

interface LeftOf {
    readonly owners: number;
    /** Object id of Microsoft Graph's service principal. */
    readonly graphId: string;
}

/**
 * Returns the phrase that counts the existing entries that stay. Counts neither the portal's own entries nor
 * certificates that another phrase names.
 */
export function leftIn(before: Exactly, after: Exactly, { owners, graphId }: LeftOf): string {
    const { application: old, servicePrincipal } = before;
    const uris = [...old.spa.redirectUris, ...old.web.redirectUris, ...old.publicClient.redirectUris];
    const isAdded = after.application.keyCredentials.length > old.keyCredentials.length;
    const ownGrants = [servicePrincipal?.["id"], graphId];
    const isOfOthers = ({ consentType, resourceId }: Record<string, unknown>) =>
        consentType !== "AllPrincipals" || !ownGrants.includes(resourceId);
    const counts: [number, string][] = [
        [uris.filter((uri) => uri !== PORTAL_URL).length, "redirect URI"],
        [isAdded ? 0 : old.keyCredentials.length, "certificate"],
        [old.api.oauth2PermissionScopes.filter(({ value }) => value !== "access_as_user").length, "scope"],
        [accessOf(old).filter((one) => !one.startsWith(old.appId) && !one.endsWith(USER_READ)).length, "permission"],
        [before.grants.filter(isOfOthers).length, "grant"],
        [owners, "owner"],
        [old.tags.filter((tag) => !OWN_TAG.test(tag)).length, "tag"],
    ];
    return leaves(counts).join("");
}

/** Returns no phrase if every count is 0. */
function leaves(counts: readonly (readonly [number, string])[]): string[] {
    const named = counts.flatMap(([count, word]) =>
        count === 0 ? [] : [`${String(count)} ${word}${count === 1 ? "" : "s"}`],
    );
    const [last, ...others] = [...named].reverse();
    if (last === undefined) return [];
    return [`leaves ${[others.reverse().join(", "), last].filter(Boolean).join(" and ")} alone`];
}

const UNDOING: readonly (readonly [RegExp, string])[] = [
    [/^adds certificate ([^,]*, valid until [-0-9]+).*$/, "removes certificate $1, which VB365 may still use"],
    [/^adds /, "removes "],
    [/^enables /, "disables "],
    [/^lists (.*) among enterprise applications$/, "removes $1 from the list of enterprise applications"],
    [/^grants /, "revokes "],
    [/^creates /, "deletes "],
    [/^changes (\S+) from (".*") to (".*")$/, "changes $1 from $3 to $2"],
    [/^writes (?:only )?its tag on /, "removes its tag from "],
];

/**
 * Returns the phrases of a release that undoes the writes. If the writes created the service principal, the release
 * deletes it, so the grants and the tag on it get no phrases.
 */
export function undoingPhrases(written: readonly string[]): string[] {
    const isCreated = written.some((phrase) => phrase.startsWith("creates "));
    const undone = isCreated
        ? written
              .filter((phrase) => !phrase.startsWith("grants "))
              .map((phrase) => phrase.replace("application and service principal", "application"))
        : written;
    return undone.map((phrase) => {
        const [form, words] = UNDOING.find(([one]) => one.test(phrase)) ?? [];
        if (form === undefined || words === undefined) throw new Error(`nothing undoes this: ${phrase}`);
        return phrase.replace(form, words);
    });
}

/**
 * Returns the phrase that counts what a release leaves: the application's entries from before its adoption. Does not
 * count the owners, because a release does not read them.
 */
export function leftAfterRelease({ application, grants }: Exactly): string[] {
    const { spa, web, publicClient, keyCredentials, api, tags } = application;
    return leaves([
        [[...spa.redirectUris, ...web.redirectUris, ...publicClient.redirectUris].length, "redirect URI"],
        [keyCredentials.length, "certificate"],
        [api.oauth2PermissionScopes.length, "scope"],
        [accessOf(application).length, "permission"],
        [grants.length, "grant"],
        [tags.filter((tag) => !OWN_TAG.test(tag)).length, "tag"],
    ]);
}
