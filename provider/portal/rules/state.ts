// The outputs of a portal: every input under its own name, and what a deployment found out. Pure.
import { DAY_MS } from "../../days";
import { consentUrlOf } from "../../sync/grants";
import type { RestorePortalAppInputs } from "./inputs";
import type { RetiringCertificate } from "./live";
import type { Live } from "../../entra/live";
import { thumbprintOf, type Managed } from "../../sync/ownership";

/** A certificate on the application, as the last deployment left it. */
export interface RegisteredCertificate {
    readonly thumbprint: string;
    readonly notAfter: string;
    readonly ours: boolean;
    /** When another certificate of the program took its place. */
    readonly replacedOn?: string;
    /** When a replaced one of ours is removed. */
    readonly retiresOn?: string;
}

export interface PortalState extends RestorePortalAppInputs {
    readonly applicationId: string;
    readonly objectId: string;
    readonly tenantId: string;
    readonly servicePrincipalId: string;
    readonly graphServicePrincipalId: string;
    readonly authority: string;
    readonly apiScope: string;
    readonly consentUrl: string;
    readonly certificates: readonly RegisteredCertificate[];
    readonly managed: Managed;
}

/** Where users sign in, and the tenant that the portal's application lives in. */
export interface Home {
    readonly tenantId: string;
    readonly loginUrl: string;
}

const INPUTS: readonly (keyof RestorePortalAppInputs)[] = [
    "identity",
    "region",
    "tenantId",
    "credentials",
    "applicationId",
    "displayName",
    "certificate",
    "registerCertificate",
    "certificateOverlapDays",
    "portalUrl",
    "restApiPort",
    "additionalPortalUrls",
    "signInAudience",
    "adminConsent",
    "owners",
    "serviceManagementReference",
    "restoreDeleted",
    "applicationStatus",
    "applicationIdUri",
    "accessAsUserScope",
    "requiredPermissions",
    "grantedPermissions",
    "servicePrincipal",
    "implicitGrant",
    "retiredCertificates",
];

/** The inputs within a state. State may hold what a refresh found in place of what was asked; `managed` remembers that. */
export function inputsOf(state: PortalState): RestorePortalAppInputs {
    const { managed } = state;
    const present = INPUTS.filter(
        // The id of an application that we registered is an output only.
        (key) => state[key] !== undefined && !(key === "applicationId" && managed.created),
    );
    const inputs = Object.fromEntries(present.map((key) => [key, state[key]])) as unknown as RestorePortalAppInputs;
    const [portalUrl = inputs.portalUrl, ...additionalPortalUrls] = managed.portalUrls;
    return {
        ...inputs,
        portalUrl,
        additionalPortalUrls,
        ...(managed.owners ? { owners: managed.owners } : {}),
        ...(inputs.certificate && managed.certificate !== undefined
            ? { certificate: { ...inputs.certificate, thumbprint: managed.certificate } }
            : {}),
    };
}

/** The outputs after a deployment or a read; `inputs` are the asked or the found ones. */
export function outputsFrom(
    home: Home,
    inputs: RestorePortalAppInputs,
    found: { readonly live: Live; readonly managed: Managed },
    retiring: readonly RetiringCertificate[],
): PortalState {
    const { application, servicePrincipal, graphServicePrincipalId } = found.live;
    const tenant = inputs.signInAudience === "AzureADMultipleOrgs" ? "organizations" : home.tenantId;
    return {
        ...inputs,
        applicationId: application.appId,
        objectId: application.id,
        tenantId: home.tenantId,
        servicePrincipalId: servicePrincipal?.id ?? "",
        graphServicePrincipalId,
        authority: `${home.loginUrl}/${tenant}`,
        apiScope: `api://${application.appId}/access_as_user`,
        consentUrl: consentUrlOf(home.loginUrl, home.tenantId, application.appId),
        certificates: registeredCertificates(found, retiring),
        managed: found.managed,
    };
}

function registeredCertificates(
    { live, managed }: { readonly live: Live; readonly managed: Managed },
    retiring: readonly RetiringCertificate[],
): RegisteredCertificate[] {
    return live.application.keyCredentials.map((key) => {
        const thumbprint = thumbprintOf(key.customKeyIdentifier);
        const { replacedOn, retiresOn } = retiring.find((one) => one.thumbprint === thumbprint) ?? {};
        return {
            thumbprint,
            notAfter: key.endDateTime,
            ours: managed.added.includes(`certificates/${thumbprint}`),
            ...(replacedOn === undefined ? {} : { replacedOn }),
            ...(retiresOn === undefined ? {} : { retiresOn }),
        };
    });
}

/**
 * Certificates of ours that are not the program's any more, and when they go: `certificateOverlapDays` after they were
 * replaced, or when they end, because VB365 may still hold the old one and nothing can see that.
 */
export function retiringCertificates(
    state: Pick<PortalState, "certificates">,
    inputs: RestorePortalAppInputs,
    now: Date,
): RetiringCertificate[] {
    return state.certificates
        .filter(({ ours, thumbprint }) => ours && inputs.certificate && thumbprint !== inputs.certificate.thumbprint)
        .map(({ thumbprint, notAfter, replacedOn = now.toISOString() }) => {
            const days = inputs.certificateOverlapDays;
            const overlapEnds = days === undefined ? Infinity : new Date(replacedOn).getTime() + days * DAY_MS;
            const retiresOn = new Date(Math.min(overlapEnds, new Date(notAfter).getTime())).toISOString();
            return { thumbprint, replacedOn, retiresOn };
        });
}
