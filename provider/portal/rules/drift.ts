// Compares the inputs of a portal with Entra, in the words that a preview prints. Pure. The rows follow Veeam's scripts
// and help pages for the application of a Restore Portal.
import type { LiveApplication } from "../../entra/live";
import { grantedPermissions, servicePrincipalStatus } from "../../sync/liveConsent";
import { isLeftAlone, type CertificateInput, type RestorePortalAppInputs } from "./inputs";
import { APPLICATION_ID_URI, ENABLED, NOT_REGISTERED, PRESENT } from "../../inputs/statusTexts";
import { PERMISSIONS, type Permission } from "../../sync/permissions";
import { certificatesDue, isCertificateRegistered } from "./certificates";
import { redirectUriOf } from "../../inputs/portalUrl";
import {
    applicationIdUriOf,
    desiredServicePrincipal,
    findScope,
    isRegistered,
    isRequired,
    type Observation,
} from "./live";

type Row<Key extends keyof RestorePortalAppInputs> = (
    inputs: RestorePortalAppInputs,
    observation: Observation,
) => RestorePortalAppInputs[Key];

/** Each row returns the live value of one input. An input without a row is not compared with Entra. */
const ROWS: { readonly [Key in keyof RestorePortalAppInputs]?: Row<Key> } = {
    applicationStatus: (_inputs, { live }) => (live.application.isDisabled === true ? "disabled" : PRESENT),
    displayName: (_inputs, { live }) => live.application.displayName,
    signInAudience: (_inputs, { live }) => live.application.signInAudience,
    serviceManagementReference: (_inputs, { live }) => live.application.serviceManagementReference ?? "",
    applicationIdUri: (_inputs, { live }) =>
        live.application.identifierUris.includes(applicationIdUriOf(live.application)) ? APPLICATION_ID_URI : "missing",
    accessAsUserScope: (_inputs, { live }) => scopeStatus(live.application),
    portalUrl: (inputs, { live }) =>
        isLeftAlone(inputs, "portalUrl") ? inputs.portalUrl : registeredUrl(inputs.portalUrl, live.application),
    additionalPortalUrls: (inputs, { live }) =>
        inputs.additionalPortalUrls.filter(
            (url) =>
                isLeftAlone(inputs, "portalUrl") || isRegistered(redirectUriOf(url), live.application.spa.redirectUris),
        ),
    implicitGrant: (_inputs, { live }) => hasImplicitGrant(live.application),
    certificate: ({ certificate }, observation) => certificate && registeredCertificate(certificate, observation),
    retiredCertificates: (_inputs, observation) => certificatesDue(observation),
    requiredPermissions: (_inputs, { live, managed }) => requiredPermissions(live.application, managed.scopeId),
    servicePrincipal: (inputs, { live, managed }) =>
        servicePrincipalStatus(live, desiredServicePrincipal(inputs, managed)),
    grantedPermissions: ({ adminConsent }, { live }) => (adminConsent ? grantedPermissions(live) : []),
    owners: ({ owners }, { live }) => owners?.filter((owner) => live.owners?.includes(owner) ?? true),
};

export const COMPARED_INPUTS = Object.keys(ROWS) as (keyof RestorePortalAppInputs)[];

/**
 * Returns the inputs with their live values, as `read` does. An input that neither the program nor `check` sets stays
 * `undefined`.
 */
export function liveInputs(inputs: RestorePortalAppInputs, observation: Observation): RestorePortalAppInputs {
    const live: Record<string, unknown> = { ...inputs };
    for (const [key, row] of Object.entries(ROWS)) {
        if (live[key] !== undefined) live[key] = row(inputs, observation);
    }
    return live as unknown as RestorePortalAppInputs;
}

/** Returns the names of the inputs that differ from Entra. */
export function drift(inputs: RestorePortalAppInputs, observation: Observation): (keyof RestorePortalAppInputs)[] {
    const live = liveInputs(inputs, observation);
    return COMPARED_INPUTS.filter((key) => JSON.stringify(live[key]) !== JSON.stringify(inputs[key]));
}

function scopeStatus(application: LiveApplication): string {
    const scope = findScope(application);
    if (scope === undefined) return "missing";
    return scope.isEnabled ? ENABLED : "disabled";
}

function registeredUrl(url: string, application: LiveApplication): string {
    const uri = redirectUriOf(url);
    if (isRegistered(uri, application.spa.redirectUris)) return url;
    if (isRegistered(uri, application.web.redirectUris)) return "registered as Web";
    if (isRegistered(uri, application.publicClient.redirectUris)) return "registered as Public client";
    return NOT_REGISTERED;
}

function hasImplicitGrant({ web }: LiveApplication): boolean {
    return web.implicitGrantSettings.enableIdTokenIssuance || web.implicitGrantSettings.enableAccessTokenIssuance;
}

function registeredCertificate(certificate: CertificateInput, { live, now }: Observation): CertificateInput {
    return isCertificateRegistered(live.application, certificate, now)
        ? certificate
        : { ...certificate, thumbprint: NOT_REGISTERED };
}

function requiredPermissions(application: LiveApplication, scopeId: string): Permission[] {
    return PERMISSIONS.filter((permission) => isRequired(permission, application, scopeId));
}
