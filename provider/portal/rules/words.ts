// Describes in words the writes of a plan, and the entries that it leaves alone. Pure. A preview and `pulumi up` print
// the same words, because both make them from the plan.
import type { Live, LiveApplication } from "../../entra/live";
import { ASSIGNMENT_REQUIRED } from "../../inputs/statusTexts";
import { counted, countedAll, listed } from "../../sentences";
import { SERVICE_PRINCIPAL } from "../../sync/consentWords";
import type { ServicePrincipalChange } from "../../sync/grants";
import { findGrantOf } from "../../sync/liveConsent";
import { isSameSet } from "../../sync/ownership";
import { ENTERPRISE_APPLICATION_TAG, PERMISSION_RESOURCES, PERMISSIONS } from "../../sync/permissions";
import { isProviderTag, withoutCopiedTags } from "../../sync/tags";
import { TEXT_SETTINGS } from "../../sync/textSettings";
import { besideWords, datedKey, newCertificateWords } from "./certificateWords";
import { isLeftAlone, LEAVABLE_PARTS, type CertificateInput, type RestorePortalAppInputs } from "./inputs";
import { accessOf, isRegistered } from "./live";
import type { Plan } from "./plan";
import { desiredRedirectUris } from "./redirectUris";

/** The fields of a PATCH. A new key credential lacks the fields that Entra fills in. */
type Body = Partial<LiveApplication>;

/**
 * A certificate that the deployment generates before it writes the plan. A preview does not have it yet, so the plan
 * does not contain it.
 */
export type Generated = Pick<CertificateInput, "name"> | undefined;

/** Returns phrases for the changes of a plan, those about tags last. Each begins with a verb. */
export function plannedPhrases(
    inputs: RestorePortalAppInputs,
    live: Live,
    next: Plan,
    generated?: Generated,
): string[] {
    const phrases = changePhrases(inputs, live, next, generated);
    const tags = tagPhrases(taggedObjects(next, live), phrases.length === 0);
    return phrases.length + tags.length === 0 ? ["writes nothing"] : [...phrases, ...tags];
}

/** Returns all phrases except those about tags. */
function changePhrases(inputs: RestorePortalAppInputs, live: Live, next: Plan, generated?: Generated): string[] {
    const body = (next.application?.body ?? {}) as Body;
    return [
        ...applicationPhrases(body, live.application),
        ...certificatePhrases(body, live.application, inputs.certificate, generated),
        ...consentPhrases(next, live),
        ...(next.owners.length === 0 ? [] : [`adds ${counted(next.owners.length, "owner")} (${listed(next.owners)})`]),
    ];
}

/**
 * Returns the phrases of an update for what its inputs do not show: tags, the consent that is written with a tag,
 * restored values, and parts that are no longer in `leaveAlone`. `before`: the inputs of the last deployment.
 * `isAnnounced`: another part of the same message already names the certificates.
 */
export function updatePhrases(
    inputs: RestorePortalAppInputs,
    live: Live,
    next: Plan,
    { before, isAnnounced }: { readonly before: RestorePortalAppInputs; readonly isAnnounced: boolean },
): string[] {
    const body = (next.application?.body ?? {}) as Body;
    const isCompleted = LEAVABLE_PARTS.some((part) => isLeftAlone(before, part) && !isLeftAlone(inputs, part));
    const unseen = isCompleted
        ? applicationPhrases(body, live.application)
        : settingPhrases(unsaid(inputs, body), live.application);
    const objects = taggedObjects(next, live);
    const isTagged = objects.length > 0 || next.servicePrincipal?.body["tags"] !== undefined;
    if (!isTagged && !isAnnounced) return unseen;
    const isOnly = !isAnnounced && changePhrases(inputs, live, next).length === 0;
    return [...unseen, ...consentPhrases(next, live), ...tagPhrases(objects, isOnly)];
}

/** Returns the text settings of a PATCH that the program does not set. The PATCH restores their previous values. */
function unsaid(inputs: RestorePortalAppInputs, body: Body): Body {
    const items = TEXT_SETTINGS.filter(({ item }) => inputs[item] === undefined && body[item] !== undefined);
    return Object.fromEntries(items.map(({ item }) => [item, body[item]]));
}

function applicationPhrases(body: Body, application: LiveApplication): string[] {
    return [...settingPhrases(body, application), ...apiPhrases(body, application), ...uriPhrases(body, application)];
}

export function settingPhrases(body: Body, application: LiveApplication): string[] {
    const texts = TEXT_SETTINGS.flatMap(({ item }) => {
        const [from, to] = [application[item] ?? "", body[item]];
        if (to === undefined) return [];
        return [from === "" ? `sets ${item} to "${to ?? ""}"` : `changes ${item} from "${from}" to "${to ?? ""}"`];
    });
    return [
        ...(body.displayName === undefined ? [] : [`renames it to "${body.displayName}"`]),
        ...texts,
        ...(body.isDisabled === false ? ["enables the application"] : []),
        ...(body.isDisabled === true ? ["disables the application"] : []),
        ...(body.web?.implicitGrantSettings === undefined ? [] : ["turns implicit grant off"]),
    ];
}

function apiPhrases(body: Body, application: LiveApplication): string[] {
    const before = application.api.oauth2PermissionScopes;
    const scopes = (body.api?.oauth2PermissionScopes ?? []).filter(
        (scope) => !before.some(({ id, isEnabled }) => id === scope.id && isEnabled === scope.isEnabled),
    );
    const isThere = (id: string) => before.some((scope) => scope.id === id);
    const old = accessPairs(application);
    const pairs = accessPairs({ requiredResourceAccess: body.requiredResourceAccess ?? [] });
    const required = permissionNames(
        pairs.filter((pair) => !old.includes(pair)),
        application,
    );
    return [
        ...(body.identifierUris ?? [])
            .filter((uri) => !application.identifierUris.includes(uri))
            .map((uri) => `adds Application ID URI ${uri}`),
        ...scopes.map(({ id, value }) => `${isThere(id) ? "enables" : "adds"} scope ${value ?? id}`),
        ...(required.length === 0
            ? []
            : [`adds ${required.length === 1 ? "permission" : "permissions"} ${listed(required)}`]),
    ];
}

/** Returns the names of permissions that `accessPairs` returned. */
export function permissionNames(pairs: readonly string[], application: LiveApplication): string[] {
    return pairs.map(
        (pair) => PERMISSIONS.find((one) => pair === pairOf(accessOf(one, application, ""))) ?? "access_as_user",
    );
}

const pairOf = ({ resourceAppId, id }: { resourceAppId: string; id: string }) => `${resourceAppId}/${id}`;

export function accessPairs({ requiredResourceAccess }: Pick<LiveApplication, "requiredResourceAccess">): string[] {
    return requiredResourceAccess.flatMap(({ resourceAppId, resourceAccess }) =>
        resourceAccess.map(({ id }) => pairOf({ resourceAppId, id })),
    );
}

export function uriPhrases(body: Body, { spa, web, publicClient }: LiveApplication): string[] {
    const beyond = (a: readonly string[], b: readonly string[]) => a.filter((uri) => !b.includes(uri));
    const next = body.spa?.redirectUris ?? spa.redirectUris;
    const moved = [
        ...beyond(web.redirectUris, body.web?.redirectUris ?? web.redirectUris),
        ...beyond(publicClient.redirectUris, body.publicClient?.redirectUris ?? publicClient.redirectUris),
    ];
    const added = beyond(next, spa.redirectUris).filter((uri) => !isRegistered(uri, moved));
    return [
        ...added.map((uri) => `adds redirect URI ${uri}`),
        ...moved.map((uri) => `moves redirect URI ${uri} to the platform Single-page application`),
        ...beyond(spa.redirectUris, next).map((uri) => `removes redirect URI ${uri}`),
    ];
}

function certificatePhrases(
    { keyCredentials: next }: Body,
    { keyCredentials: before }: LiveApplication,
    certificate: CertificateInput | undefined,
    generated: Generated,
): string[] {
    if (next === undefined && generated === undefined) return [];
    const stay = before.filter(({ keyId }) => next?.some((key) => key.keyId === keyId) ?? true);
    const added = generated === undefined ? certificate : { certificatePem: "", ...generated };
    return [`adds ${newCertificateWords(added)}${besideWords(stay.map(datedKey))}`];
}

function consentPhrases({ servicePrincipal, grants }: Plan, live: Live): string[] {
    const granted = grants.flatMap(({ permissions }) => permissions);
    return [
        ...servicePrincipalPhrases(servicePrincipal, live),
        ...(granted.length === 0 ? [] : [`grants ${listed(granted)} for all users of the tenant`]),
    ];
}

function servicePrincipalPhrases(change: ServicePrincipalChange | undefined, { servicePrincipal }: Live): string[] {
    if (change === undefined) return [];
    const { appRoleAssignmentRequired: assignment, accountEnabled, tags = [] } = change.body;
    const what = SERVICE_PRINCIPAL;
    if (change.id === undefined)
        return [`creates ${what}${assignment === true ? `, with "${ASSIGNMENT_REQUIRED}"` : ""}`];
    const isListed = (list: readonly string[]) => list.includes(ENTERPRISE_APPLICATION_TAG);
    return [
        ...(accountEnabled === true ? [`enables ${what}`] : []),
        ...(assignment === true ? ["lets only assigned users sign in"] : []),
        ...(assignment === false ? ["lets all users sign in"] : []),
        ...(isListed(tags as string[]) && !isListed(servicePrincipal?.tags ?? [])
            ? [`lists ${what} among enterprise applications`]
            : []),
    ];
}

function tagPhrases(objects: readonly string[], isOnly: boolean): string[] {
    return objects.length === 0 ? [] : [`writes ${isOnly ? "only " : ""}its tag on the ${listed(objects)}`];
}

/** Returns the objects whose tag is written. The request that creates a service principal can also write its tag. */
function taggedObjects(next: Plan, live: Live): string[] {
    return [
        ...(next.application?.body["tags"] === undefined ? [] : ["application"]),
        ...(writesConsentTag(next, live) ? ["service principal"] : []),
    ];
}

/**
 * Returns whether this provider's tags on the service principal change. The tag that lists it among enterprise
 * applications is not one of them.
 */
function writesConsentTag({ servicePrincipal: change }: Plan, { servicePrincipal }: Live): boolean {
    const sent = change?.body["tags"] as readonly string[] | undefined;
    if (sent === undefined) return false;
    const own = (tags: readonly string[]) => withoutCopiedTags(tags).filter(isProviderTag);
    return !isSameSet(own(sent), own(servicePrincipal?.tags ?? []));
}

/**
 * Counts the entries of others that a deployment leaves alone. If another phrase already lists the certificates, they
 * are not counted.
 */
export function leftAlone(inputs: RestorePortalAppInputs, live: Live, next: Plan, generated?: Generated): string[] {
    const { application, owners = [] } = live;
    const { spa, web, publicClient, keyCredentials, api, tags } = application;
    const uris = [...spa.redirectUris, ...web.redirectUris, ...publicClient.redirectUris];
    const ours = PERMISSIONS.map((one) => pairOf(accessOf(one, application, "")));
    const namesCertificates = generated !== undefined || next.application?.body["keyCredentials"] !== undefined;
    const granted = PERMISSION_RESOURCES.map((resource) => findGrantOf(resource, live)?.id);
    const counts: readonly (readonly [number, string])[] = [
        [uris.filter((uri) => !isRegistered(uri, desiredRedirectUris(inputs))).length, "redirect URI"],
        [namesCertificates ? 0 : keyCredentials.length, "certificate"],
        [api.oauth2PermissionScopes.filter(({ value }) => value !== "access_as_user").length, "scope"],
        [accessPairs(application).filter((pair) => !ours.includes(pair)).length, "permission"],
        [(live.grants ?? []).filter(({ id }) => !granted.includes(id)).length, "grant"],
        [owners.filter((owner) => inputs.owners?.includes(owner) !== true).length, "owner"],
        [tags.filter((tag) => !isProviderTag(tag)).length, "tag"],
    ];
    return countedAll(counts);
}
