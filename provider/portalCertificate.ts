// The resource: the certificate with which Restore Portal proves itself. Hooks in the order check, diff, create, read,
// update, delete. It never talks to Entra.
import { randomUUID } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";

import { checkSource, type CertificateInputs, type GenerateSource } from "./certificate/checkSource";
import { generate, type CertificateState } from "./certificate/generate";
import { renewalStatus, CURRENT } from "./certificate/renewal";
import { DynamicResource, type Hooks } from "./dynamicResource";
import { clock } from "./entra/clock";

/** A new self-signed certificate, as the wizard's "generate a new self-signed certificate". */
export interface GenerateArgs {
    /** Name of the certificate, 1 to 64 characters: its subject and what VB365 shows. A change makes a new certificate. */
    name: pulumi.Input<string>;
    /** Bits of the RSA key: 2048 (default), 3072 or 4096. A change makes a new certificate. */
    keySize?: pulumi.Input<number> | undefined;
    /** Days that a certificate is valid, 1 to 1095. Default 365. A change counts for the next certificate. */
    validDays?: pulumi.Input<number> | undefined;
    /** Days before its end at which `pulumi up` renews it. Default 30. */
    renewBeforeDays?: pulumi.Input<number> | undefined;
}

export interface PortalCertificateArgs {
    /** Where the certificate comes from. */
    source: pulumi.Input<{ generate: pulumi.Input<GenerateArgs> }>;
    /**
     * How the PFX for VB365 is encrypted: `tripleDES-SHA1` (default: Windows Server 2016 can read it) or `AES256-SHA256`
     * (Server 2019 and later). A change writes the PFX anew, with the same certificate.
     */
    pfxEncryption?: pulumi.Input<"tripleDES-SHA1" | "AES256-SHA256"> | undefined;
}

/** A certificate as RestorePortalApp takes it. */
export interface PublicCertificate {
    /** The same through renewals. */
    id: string;
    name: string;
    certificatePem: string;
    /** SHA-1, upper-case hex: what Windows, VB365 and Entra show. */
    thumbprint: string;
    thumbprintSha256: string;
    /** ISO 8601, UTC. */
    notBefore: string;
    notAfter: string;
}

/** The certificate for the data exchange between Restore Portal and its Entra application, with its PFX for VB365. */
export class PortalCertificate extends DynamicResource {
    declare public readonly certificate: pulumi.Output<PublicCertificate>;
    /** The PFX file for VB365, base64. Secret. */
    declare public readonly pfx: pulumi.Output<string>;
    /** The password of the PFX file. Secret. */
    declare public readonly pfxPassword: pulumi.Output<string>;

    constructor(name: string, args: PortalCertificateArgs, options: pulumi.CustomResourceOptions = {}) {
        const props = { certificate: undefined, pfx: undefined, pfxPassword: undefined, ...args };
        const secrets = { additionalSecretOutputs: ["pfx", "pfxPassword", ...(options.additionalSecretOutputs ?? [])] };
        super("portalCertificate", "restorePortal:PortalCertificate", name, props, { ...options, ...secrets });
    }
}

export const portalCertificateHooks: Hooks = {
    check: (_olds, news) => Promise.resolve(checkSource(news)),

    // Never replaced: the id stays through renewals. What differs is named by the engine itself.
    diff: () => Promise.resolve({}),

    create: async (news) => {
        const id = randomUUID();
        return { id, outs: await generate(id, news as unknown as CertificateInputs, clock.now()) };
    },

    read: (id, props) => {
        const state = props as unknown as CertificateState;
        const status = renewalStatus(state, clock.now());
        const { source, pfxEncryption } = state;
        return Promise.resolve({ id, props: { ...state, status }, inputs: { source, pfxEncryption, status } });
    },

    update: async (id, olds, news) => {
        const state = olds as unknown as CertificateState;
        const inputs = news as unknown as CertificateInputs;
        const isKept =
            isSameCertificate(state.source.generate, inputs.source.generate) &&
            state.pfxEncryption === inputs.pfxEncryption &&
            renewalStatus({ ...state, source: inputs.source }, clock.now()) === CURRENT;
        return { outs: isKept ? { ...state, ...inputs } : await generate(id, inputs, clock.now()) };
    },

    // Nothing to do: the certificate lives in state alone. On an application it is RestorePortalApp's to remove.
    delete: () => Promise.resolve(),
};

/** A changed validity counts for the next certificate; a changed name or key size asks for a new one now. */
function isSameCertificate(old: GenerateSource, now: GenerateSource): boolean {
    return old.name === now.name && old.keySize === now.keySize;
}
