// Lists the arguments and outputs of each resource, for the resource classes, the plugin and its schema. This file
// imports only types, because every program loads it.
import type { CertificateInputs } from "./certificate/inputs";
import type { ConsentInputs } from "./consent/rules/inputs";
import type { RestorePortalAppInputs } from "./portal/rules/inputs";
import type { PortalCertificateArgs } from "./portalCertificate";
import type { PortalServerArgs } from "./portalServer";
import type { PortalTenantConsentArgs } from "./portalTenantConsent";
import type { RestorePortalAppArgs } from "./restorePortalApp";
import type { PortalServerInputs } from "./server/inputs";

/** The names of the exports of `host.ts`. */
export type HandlerName = "restorePortalApp" | "portalCertificate" | "portalServer" | "portalTenantConsent";

/** The description of a resource that its class passes to the base class. */
export interface ResourceShape {
    readonly handler: HandlerName;
    /** `restorePortal:<class>`. */
    readonly type: string;
    /** The arguments that a program may give. */
    readonly inputs: readonly string[];
    /** Outputs that the provider computes. An argument may have the same name. */
    readonly outputs: readonly string[];
    /** Outputs that no update changes. */
    readonly stable: readonly string[];
    /**
     * Outputs that repeat arguments under another name, with the paths of these arguments. `any`: the output may repeat
     * every argument. An output is secret if one of its arguments is.
     */
    readonly repeats: Readonly<Record<string, readonly string[] | "any">>;
    /** Paths of arguments and names of outputs that are secret even if the program does not mark them. */
    readonly secret: readonly string[];
    /** Whether project, stack, types of the parents and name identify the resource's objects in Entra. */
    readonly isIdentified: boolean;
    /** The end of a message that refuses a listing, an import or the option `id`: what to do instead. */
    readonly existing: string;
}

/** The type that the native plugin gives to a resource. State files contain it. */
export function nativeType({ type }: ResourceShape): string {
    return `restore-portal:index:${type.replace("restorePortal:", "")}`;
}

/** The type that a dynamic provider gives to a resource. State files contain it. */
export function dynamicType({ type }: ResourceShape): string {
    return `pulumi-nodejs:dynamic/${type}`;
}

/** The compiler requires an entry for each new argument, and a completed input of the same name. */
type Arguments<Args, Inputs> = { readonly [Name in keyof Args]-?: Name extends keyof Inputs ? true : never };

const PORTAL: Arguments<RestorePortalAppArgs, RestorePortalAppInputs> = {
    region: true,
    tenantId: true,
    credentials: true,
    applicationId: true,
    displayName: true,
    certificate: true,
    registerCertificate: true,
    certificateOverlapDays: true,
    portalUrl: true,
    restApiPort: true,
    additionalPortalUrls: true,
    signInAudience: true,
    adminConsent: true,
    owners: true,
    serviceManagementReference: true,
    restoreDeleted: true,
    servicePrincipal: true,
    leaveAlone: true,
};

export const PORTAL_SHAPE: ResourceShape = {
    handler: "restorePortalApp",
    type: "restorePortal:RestorePortalApp",
    inputs: Object.keys(PORTAL),
    outputs: [
        "applicationId",
        "objectId",
        "tenantId",
        "servicePrincipalId",
        "authority",
        "apiScope",
        "consentUrl",
        "certificates",
        "managed",
        "region",
        "signInAudience",
    ],
    stable: ["applicationId", "objectId", "tenantId", "apiScope"],
    repeats: {
        desired: "any",
        managed: "any",
        certificates: ["certificate"],
        authority: ["tenantId"],
        apiScope: ["applicationId"],
        consentUrl: ["tenantId", "applicationId"],
    },
    secret: [],
    isIdentified: true,
    existing: "to use an existing application, give its Application ID as the argument applicationId",
};

const CERTIFICATE: Arguments<PortalCertificateArgs, CertificateInputs> = {
    source: true,
    pfxEncryption: true,
    exportPfx: true,
};

export const CERTIFICATE_SHAPE: ResourceShape = {
    handler: "portalCertificate",
    type: "restorePortal:PortalCertificate",
    inputs: Object.keys(CERTIFICATE),
    outputs: ["certificate", "pfx", "pfxPassword"],
    stable: [],
    repeats: { certificate: ["source.generate", "source.store"] },
    secret: ["source.pfx.base64", "source.pfx.password", "pfx", "pfxPassword"],
    isIdentified: false,
    existing: "to use an existing certificate, give the argument source.pfx or source.store",
};

const CONSENT: Arguments<PortalTenantConsentArgs, ConsentInputs> = {
    applicationId: true,
    tenantId: true,
    region: true,
    credentials: true,
    mode: true,
    portalUrl: true,
    servicePrincipal: true,
};

export const CONSENT_SHAPE: ResourceShape = {
    handler: "portalTenantConsent",
    type: "restorePortal:PortalTenantConsent",
    inputs: Object.keys(CONSENT),
    outputs: ["servicePrincipalId", "authority", "consentUrl", "consent", "managed"],
    stable: ["authority"],
    repeats: {
        desired: "any",
        managed: "any",
        authority: ["tenantId"],
        consentUrl: ["tenantId", "applicationId", "portalUrl"],
    },
    secret: [],
    isIdentified: true,
    existing: "to use an existing consent, declare the resource with applicationId and tenantId",
};

const SERVER: Arguments<PortalServerArgs, PortalServerInputs> = {
    portalUrl: true,
    serverUrl: true,
    applicationId: true,
    authority: true,
    tlsThumbprint: true,
    tlsExpiryDays: true,
    required: true,
};

export const SERVER_SHAPE: ResourceShape = {
    handler: "portalServer",
    type: "restorePortal:PortalServer",
    inputs: Object.keys(SERVER),
    outputs: ["serverStatus", "isEnabled", "tlsCertificate", "tls"],
    stable: [],
    repeats: { desired: "any", tls: ["portalUrl", "serverUrl"] },
    secret: [],
    isIdentified: false,
    existing: "to read a server, declare the resource with portalUrl and applicationId",
};

export const SHAPES: readonly ResourceShape[] = [PORTAL_SHAPE, CERTIFICATE_SHAPE, CONSENT_SHAPE, SERVER_SHAPE];
