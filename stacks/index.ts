// Deploys one Restore Portal. The stack's configuration (stacks/config/Pulumi.<stack>.yaml) declares it.
import * as pulumi from "@pulumi/pulumi";
import { PortalCertificate, RestorePortalApp, type RestorePortalAppArgs } from "pulumi-restore-portal";

const config = new pulumi.Config();
/** For an empty value, the provider uses its default. */
const optional = (key: string): string | undefined => config.get(key) || undefined;
const applicationId = optional("applicationId");

/** The certificates of an existing application are left alone, unless the configuration names a new one. */
const certificateName = optional("certificateName") ?? (applicationId === undefined ? "Restore Portal" : undefined);

const certificate =
    certificateName === undefined
        ? undefined
        : new PortalCertificate("certificate", { source: { generate: { name: certificateName } } });

const portal = new RestorePortalApp("portal", {
    region: config.require("region") as NonNullable<RestorePortalAppArgs["region"]>,
    tenantId: optional("tenantId"),
    ...(applicationId === undefined ? { displayName: config.require("displayName") } : { applicationId }),
    certificate: certificate?.certificate,
    portalUrl: config.require("portalUrl"),
    restApiPort: config.requireNumber("restApiPort"),
    additionalPortalUrls: config.getObject<string[]>("additionalPortalUrls") ?? [],
    signInAudience: optional("signInAudience") as RestorePortalAppArgs["signInAudience"],
    adminConsent: config.requireBoolean("adminConsent"),
});

export const applicationIdOfPortal = portal.applicationId;
export const tenantId = portal.tenantId;
export const apiScope = portal.apiScope;
export const authority = portal.authority;
export const consentUrl = portal.consentUrl;
export const thumbprint = certificate?.certificate.thumbprint;
/** VB365 needs this file. `npx pulumi-restore-portal handover` writes it. */
export const pfx = certificate?.pfx;
export const pfxPassword = certificate?.pfxPassword;
