// Deploys one Restore Portal with the settings from the stack's configuration (Pulumi.<stack>.yaml).
import * as pulumi from "@pulumi/pulumi";
import {
    PortalCertificate,
    RestorePortalApp,
    type PortalCertificateArgs,
    type RestorePortalAppArgs,
} from "pulumi-restore-portal";

type Source = PortalCertificateArgs["source"];

const config = new pulumi.Config();
/** Returns `undefined` for an empty value. Pulumi.yaml uses empty values as defaults, and they mean "not set". */
const optional = (key: string): string | undefined => config.get(key) || undefined;
const applicationId = optional("applicationId");

/**
 * A new application needs a certificate. The certificates of an existing application are left alone, unless the
 * configuration contains one.
 */
function certificateSource(): Source | undefined {
    const source = config.getObject<{ generate?: object; store?: object; pfx?: object }>("certificate");
    if (source === undefined) return applicationId === undefined ? { generate: { name: "Restore Portal" } } : undefined;
    if (source.pfx === undefined) return source as Source;
    return { pfx: { ...source.pfx, password: config.getSecret("certificatePassword") } };
}

const source = certificateSource();
const certificate = source && new PortalCertificate("certificate", { source });

const portal = new RestorePortalApp("portal", {
    region: config.require("region") as NonNullable<RestorePortalAppArgs["region"]>,
    tenantId: optional("tenantId"),
    ...(applicationId === undefined ? { displayName: config.require("displayName") } : { applicationId }),
    certificate: certificate?.certificate,
    portalUrl: config.require("portalUrl"),
    restApiPort: config.requireNumber("restApiPort"),
    additionalPortalUrls: config.getObject<string[]>("additionalPortalUrls"),
    signInAudience: optional("signInAudience") as RestorePortalAppArgs["signInAudience"],
    servicePrincipal: optional("servicePrincipal") as RestorePortalAppArgs["servicePrincipal"],
    serviceManagementReference: optional("serviceManagementReference"),
    adminConsent: config.requireBoolean("adminConsent"),
    leaveAlone: config.getObject<[]>("leaveAlone"),
});

export const applicationIdOfPortal = portal.applicationId;
export const tenantId = portal.tenantId;
export const apiScope = portal.apiScope;
export const authority = portal.authority;
export const consentUrl = portal.consentUrl;
/** `null` if certificates are left alone. For an undefined output, Pulumi would print a warning. */
export const thumbprint = certificate?.certificate.thumbprint ?? null;
/** The PFX in base64, for VB365. `npx pulumi-restore-portal handover` writes the PFX to a file. */
export const pfx = certificate?.pfx ?? null;
export const pfxPassword = certificate?.pfxPassword ?? null;
