// The one PATCH of the application: all of its fields that differ, and no other. Pure.
// Entra replaces lists whole and merges nested objects one level deep (Graph: application-update), so each list goes
// back with the entries of others as they came.
import type { KeyCredential, LiveApplication, RequiredResourceAccess, PermissionScope } from "../../entra/live";
import { APPLICATION_ID_URI, ENABLED, NOT_REGISTERED, PRESENT } from "../../inputs/statusTexts";
import { certificatesDue } from "./drift";
import { type CertificateInput, type RestorePortalAppInputs } from "./inputs";
import { applicationIdUriOf, findScope, isRegistered, isRequired, resourceAccessOf, type Observation } from "./live";
import {
    formatTags,
    isCertificateRegistered,
    isNeededByOthers,
    othersTags,
    ownRedirectUris,
    ownTags,
    thumbprintOf,
    type Item,
    type Managed,
} from "../../sync/ownership";
import { PERMISSIONS, accessAsUserScope } from "../../sync/permissions";
import { stableGuid } from "../../sync/identity";
import { isSameRedirectUri, redirectUriOf } from "../../inputs/portalUrl";

/** Body of the PATCH, in Graph's spelling. */
export type ApplicationPatch = Readonly<Record<string, unknown>>;

/** One field: what to send (nothing: it is as it should be), what becomes ours by it, and what stops being ours. */
interface Field {
    readonly body?: Record<string, unknown>;
    readonly changes: readonly string[];
    readonly added?: readonly Item[];
    readonly removed?: readonly Item[];
}

const UNCHANGED: Field = { changes: [] };

export function planApplication(
    inputs: RestorePortalAppInputs,
    observation: Observation,
    addedElsewhere: readonly Item[],
): { patch: ApplicationPatch | undefined; changes: string[]; managed: Managed } {
    const fields = [
        planScalars(inputs, observation),
        planIdentifierUris(inputs, observation),
        planScopes(inputs, observation),
        planRedirectUris(inputs, observation),
        planImplicitGrant(inputs, observation),
        planRequiredResourceAccess(inputs, observation),
        planKeyCredentials(inputs, observation),
    ];
    const managed = managedAfter(inputs, observation, addedElsewhere, fields);
    const all = [...fields, planTags(inputs, observation, managed)];
    const body = all.reduce((merged, field) => mergeBodies(merged, field.body ?? {}), {});
    return {
        patch: Object.keys(body).length === 0 ? undefined : body,
        changes: all.flatMap(({ changes }) => changes),
        managed,
    };
}

// `web` is written by two fields (implicit grant, a URI moved back from Web): nested objects merge.
function mergeBodies(a: Record<string, unknown>, b: Record<string, unknown>): Record<string, unknown> {
    const web = { ...(a["web"] as object | undefined), ...(b["web"] as object | undefined) };
    return { ...a, ...b, ...(Object.keys(web).length === 0 ? {} : { web }) };
}

function managedAfter(
    inputs: RestorePortalAppInputs,
    observation: Observation,
    addedElsewhere: readonly Item[],
    fields: readonly Field[],
): Managed {
    const { managed, live } = observation;
    const removed = [...fields.flatMap((field) => field.removed ?? []), ...goneCertificates(inputs, observation)];
    const added = [...addedElsewhere, ...fields.flatMap((field) => field.added ?? [])];
    return {
        created: managed.created,
        hash: managed.hash,
        added: [...new Set(added)].filter((item) => !removed.includes(item)).sort(),
        scopeId: findScope(live.application)?.id ?? managed.scopeId,
        ...declared(inputs),
    };
}

/** Certificates of ours that are neither the program's nor on their way out nor registered: somebody took them away. */
function goneCertificates({ certificate }: RestorePortalAppInputs, { live, managed, retiring }: Observation): Item[] {
    const prefix = "certificates/";
    const isKept = (thumbprint: string) =>
        thumbprint === certificate?.thumbprint ||
        retiring.some((one) => one.thumbprint === thumbprint) ||
        isCertificateRegistered(live.application, thumbprint);
    return managed.added.filter((item) => item.startsWith(prefix) && !isKept(item.slice(prefix.length)));
}

/** What of the program `read` has to remember. */
export function declared(inputs: RestorePortalAppInputs): Pick<Managed, "portalUrls" | "certificate" | "owners"> {
    return {
        portalUrls: [inputs.portalUrl, ...inputs.additionalPortalUrls],
        ...(inputs.certificate?.thumbprint === undefined ? {} : { certificate: inputs.certificate.thumbprint }),
        ...(inputs.owners ? { owners: inputs.owners } : {}),
    };
}

/** What a portal sets back on release: only what an adoption found otherwise, never what was healed later. */
function scalarItems(observation: Observation, item: Item): Item[] {
    return isAdopting(observation) ? [item] : [];
}

/** Before its tag is there, an application is as its owner left it. */
export function isAdopting({ live, managed }: Observation): boolean {
    return !managed.created && ownTags(live.application.tags, managed.hash).length === 0;
}

function planScalars(inputs: RestorePortalAppInputs, observation: Observation): Field {
    const { application } = observation.live;
    const body = {
        ...(inputs.displayName !== undefined && inputs.displayName !== application.displayName
            ? { displayName: inputs.displayName }
            : {}),
        ...(inputs.signInAudience !== undefined && inputs.signInAudience !== application.signInAudience
            ? { signInAudience: inputs.signInAudience }
            : {}),
        ...(inputs.serviceManagementReference !== undefined &&
        inputs.serviceManagementReference !== (application.serviceManagementReference ?? "")
            ? { serviceManagementReference: inputs.serviceManagementReference }
            : {}),
        ...(application.isDisabled === true && inputs.applicationStatus === PRESENT ? { isDisabled: false } : {}),
    };
    const added = [
        ...("signInAudience" in body ? scalarItems(observation, `signInAudience/${application.signInAudience}`) : []),
        ...("isDisabled" in body ? scalarItems(observation, "applicationStatus/enabled") : []),
    ];
    return { body, changes: Object.keys(body), added };
}

// `ignoreChanges` hands back what a refresh found as what is wanted: then there is nothing to do. So below.
function planIdentifierUris(inputs: RestorePortalAppInputs, { live: { application } }: Observation): Field {
    if (inputs.applicationIdUri !== APPLICATION_ID_URI) return UNCHANGED;
    const uri = applicationIdUriOf(application);
    // An application that is about to be registered has no appId yet; a second write adds the URI.
    if (application.appId === "" || application.identifierUris.includes(uri)) return UNCHANGED;
    return {
        body: { identifierUris: [...application.identifierUris, uri] },
        changes: ["applicationIdUri"],
        added: ["applicationIdUri"],
    };
}

function planScopes(inputs: RestorePortalAppInputs, observation: Observation): Field {
    if (inputs.accessAsUserScope !== ENABLED) return UNCHANGED;
    const { live, managed } = observation;
    const scopes = live.application.api.oauth2PermissionScopes;
    const existing = findScope(live.application);
    if (existing?.isEnabled === true) return UNCHANGED;
    const next: PermissionScope[] =
        existing === undefined
            ? [...scopes, accessAsUserScope(managed.scopeId)]
            : scopes.map((scope) => (scope === existing ? { ...scope, isEnabled: true } : scope));
    return {
        body: { api: { oauth2PermissionScopes: next } },
        changes: ["accessAsUserScope"],
        added: existing === undefined ? ["accessAsUserScope"] : scalarItems(observation, "accessAsUserScope/enabled"),
    };
}

/** The redirect URIs of a program, the portal's own first. */
export function desiredRedirectUris(inputs: RestorePortalAppInputs): string[] {
    const urls = [inputs.portalUrl, ...inputs.additionalPortalUrls].filter((url) => url.startsWith("https://"));
    return [...new Set(urls.map(redirectUriOf))];
}

function planRedirectUris(inputs: RestorePortalAppInputs, { live: { application }, managed }: Observation): Field {
    const desired = desiredRedirectUris(inputs);
    const others = othersTags(application.tags, managed.hash);
    const registered = application.spa.redirectUris;
    const missing = desired.filter((uri) => !isRegistered(uri, registered));
    const stale = ownRedirectUris(managed).filter((uri) => !isRegistered(uri, desired));
    const gone = registered.filter((uri) => stale.includes(uri) && !isNeededByOthers(`redirectUris/${uri}`, others));
    // Entra allows a URI on one platform only: one of ours that somebody moved to another platform is moved back.
    const moved = missing.filter((uri) => ownRedirectUris(managed).includes(uri));
    const without = (uris: readonly string[]) =>
        uris.filter((uri) => !moved.some((one) => isSameRedirectUri(one, uri)));
    const isMoved = (uris: readonly string[]) => without(uris).length < uris.length;
    const spa = [...registered.filter((uri) => !gone.includes(uri)), ...missing];
    const body = {
        ...(missing.length + gone.length > 0 ? { spa: { redirectUris: spa } } : {}),
        ...(isMoved(application.web.redirectUris)
            ? { web: { redirectUris: without(application.web.redirectUris) } }
            : {}),
        ...(isMoved(application.publicClient.redirectUris)
            ? { publicClient: { redirectUris: without(application.publicClient.redirectUris) } }
            : {}),
    };
    return {
        body,
        changes: [...missing, ...gone].map((uri) => `redirectUris/${uri}`),
        added: missing.map((uri) => `redirectUris/${uri}`),
        removed: stale.map((uri) => `redirectUris/${uri}`),
    };
}

function planImplicitGrant(inputs: RestorePortalAppInputs, { live: { application } }: Observation): Field {
    const settings = application.web.implicitGrantSettings;
    const isOn = settings.enableIdTokenIssuance || settings.enableAccessTokenIssuance;
    if (inputs.implicitGrant !== false || !isOn) return UNCHANGED;
    const implicitGrantSettings = { enableIdTokenIssuance: false, enableAccessTokenIssuance: false };
    return { body: { web: { implicitGrantSettings } }, changes: ["implicitGrant"] };
}

function planRequiredResourceAccess(
    inputs: RestorePortalAppInputs,
    { live: { application }, managed }: Observation,
): Field {
    const missing = PERMISSIONS.filter(
        (permission) =>
            inputs.requiredPermissions.includes(permission) &&
            !isRequired(permission, application, managed.scopeId) &&
            isNameable(permission, application),
    );
    if (missing.length === 0) return UNCHANGED;
    const requiredResourceAccess = missing.reduce<readonly RequiredResourceAccess[]>((list, permission) => {
        const { resourceAppId, id } = resourceAccessOf(permission, application, managed.scopeId);
        const isThere = list.some((entry) => entry.resourceAppId === resourceAppId);
        const entries = isThere ? list : [...list, { resourceAppId, resourceAccess: [] }];
        return entries.map((entry) =>
            entry.resourceAppId === resourceAppId
                ? { ...entry, resourceAccess: [...entry.resourceAccess, { id, type: "Scope" }] }
                : entry,
        );
    }, application.requiredResourceAccess);
    const items = missing.map((permission) => `requiredPermissions/${permission}`);
    return { body: { requiredResourceAccess }, changes: items, added: items };
}

function isNameable(permission: string, application: LiveApplication): boolean {
    return permission === "User.Read" || application.appId !== "";
}

function planKeyCredentials(inputs: RestorePortalAppInputs, observation: Observation): Field {
    const { live, managed } = observation;
    const keys = live.application.keyCredentials;
    const thumbprints = keys.map((key) => thumbprintOf(key.customKeyIdentifier));
    const certificate = inputs.certificate;
    const isMissing =
        certificate !== undefined &&
        certificate.thumbprint !== NOT_REGISTERED &&
        inputs.registerCertificate &&
        !thumbprints.includes(certificate.thumbprint ?? "");
    // Add before remove: an old certificate goes only once a read shows the new one.
    const due = isMissing ? [] : removable(certificatesDue(observation), certificate, observation);
    if (!isMissing && due.length === 0) return UNCHANGED;
    const kept: readonly unknown[] = keys.filter((key) => !due.includes(thumbprintOf(key.customKeyIdentifier)));
    const added = isMissing ? [`certificates/${certificate.thumbprint ?? ""}`] : [];
    return {
        body: { keyCredentials: isMissing ? [...kept, newKeyCredential(certificate)] : kept },
        changes: [...added, ...due.map((thumbprint) => `certificates/${thumbprint}`)],
        added: added.filter((item) => !managed.added.includes(item)),
        removed: due.map((thumbprint) => `certificates/${thumbprint}`),
    };
}

function removable(
    due: readonly string[],
    certificate: CertificateInput | undefined,
    { live, managed }: Observation,
): string[] {
    const others = othersTags(live.application.tags, managed.hash);
    return due.filter(
        (thumbprint) =>
            thumbprint !== certificate?.thumbprint && !isNeededByOthers(`certificates/${thumbprint}`, others),
    );
}

/** Dates are the certificate's own: later ones are refused (KeyCredentialsInvalidEndDate). Entra fills the thumbprint. */
function newKeyCredential(certificate: CertificateInput): Omit<KeyCredential, "customKeyIdentifier" | "endDateTime"> {
    return {
        // Its own, so that two deployments that add the certificate at the same time add it once.
        keyId: stableGuid(`certificate ${certificate.thumbprint ?? ""}`),
        type: "AsymmetricX509Cert",
        usage: "Verify",
        key: certificate.certificatePem.replace(/-----[^-]+-----|\s/g, ""),
        ...(certificate.name === undefined ? {} : { displayName: certificate.name.slice(0, 90) }),
        ...(certificate.notBefore === undefined ? {} : { startDateTime: certificate.notBefore }),
        ...(certificate.notAfter === undefined ? {} : { endDateTime: certificate.notAfter }),
    };
}

function planTags(inputs: RestorePortalAppInputs, { live: { application } }: Observation, managed: Managed): Field {
    const needed = [
        ...desiredRedirectUris(inputs).map((uri) => `redirectUris/${uri}`),
        ...(inputs.certificate?.thumbprint === undefined ? [] : [`certificates/${inputs.certificate.thumbprint}`]),
    ];
    const own = formatTags(managed.hash, managed.added, needed);
    const present = ownTags(application.tags, managed.hash);
    if (own.length === present.length && own.every((tag) => present.includes(tag))) return UNCHANGED;
    const foreign = application.tags.filter((tag) => !present.includes(tag));
    // With their text: while a write is awaited, tags that the next round will write must not look like the same change.
    return { body: { tags: [...foreign, ...own] }, changes: [`tags/${own.join(" ")}`] };
}
