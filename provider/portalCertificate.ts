// PortalCertificate: the certificate with which Restore Portal proves itself. Its arguments and outputs; its hooks are in
// certificate/. It never talks to Entra.
import * as pulumi from "@pulumi/pulumi";

import { DynamicResource } from "./pulumi/dynamicResource";

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

/** An existing certificate with its private key, as the wizard's "import certificate from a file". */
export interface PfxArgs {
    /** Path of the PFX file, from the project's folder or whole. Exactly one of it and `base64`. Up to 256 KiB. */
    file?: pulumi.Input<string> | undefined;
    /** The file's content, base64; kept secret. */
    base64?: pulumi.Input<string> | undefined;
    /** Password of the file; left out where it has none. Kept secret, never trimmed. */
    password?: pulumi.Input<string> | undefined;
}

/** A certificate of this machine, as the wizard's "select certificate from the store". Its key must be exportable. */
export interface StoreArgs {
    /** SHA-1 thumbprint as Windows shows it. Exactly one of it and `subject`. */
    thumbprint?: pulumi.Input<string> | undefined;
    /** The whole subject, such as `CN=portal.abc.com`; upper and lower case are the same. */
    subject?: pulumi.Input<string> | undefined;
    /**
     * On Windows `CurrentUser` or `LocalMachine` (default: both); `LocalMachine` needs an elevated deployment. On Linux
     * a folder of PFX files without password (default: that of .NET, which is read only). macOS has none.
     */
    location?: pulumi.Input<string> | undefined;
}

/** Exactly one of the three. Another file, certificate or kind is a new certificate under the same id. */
export type CertificateSourceArgs =
    | { generate: pulumi.Input<GenerateArgs>; pfx?: undefined; store?: undefined }
    | { pfx: pulumi.Input<PfxArgs>; generate?: undefined; store?: undefined }
    | { store: pulumi.Input<StoreArgs>; generate?: undefined; pfx?: undefined };

export interface PortalCertificateArgs {
    /** Where the certificate comes from. */
    source: pulumi.Input<CertificateSourceArgs>;
    /**
     * How the PFX for VB365 is encrypted: `tripleDES-SHA1` (default: Windows Server 2016 can read it) or `AES256-SHA256`
     * (Server 2019 and later). A change writes the PFX anew, with the same certificate.
     */
    pfxEncryption?: pulumi.Input<"tripleDES-SHA1" | "AES256-SHA256"> | undefined;
    /**
     * Of an imported certificate: `true` puts its PFX (with a password of its own) into the secret outputs, and so into
     * state. Default `false`: no private key is copied into state unasked. A generated one is always put out.
     */
    exportPfx?: pulumi.Input<boolean> | undefined;
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
    /** The PFX file for VB365, base64. Secret. Of an imported certificate only with `exportPfx`. */
    declare public readonly pfx: pulumi.Output<string>;
    /** The password of that PFX file, 32 letters and digits. Secret. */
    declare public readonly pfxPassword: pulumi.Output<string>;

    constructor(name: string, args: PortalCertificateArgs, options: pulumi.CustomResourceOptions = {}) {
        const source = withSecrets(args.source);
        const props = { certificate: undefined, pfx: undefined, pfxPassword: undefined, ...args, source };
        const secrets = { additionalSecretOutputs: ["pfx", "pfxPassword", ...(options.additionalSecretOutputs ?? [])] };
        super("portalCertificate", "restorePortal:PortalCertificate", name, props, { ...options, ...secrets });
    }
}

/** Content and password of a file are secret, also where the program forgot to say so. */
function withSecrets(source: PortalCertificateArgs["source"]): unknown {
    if (pulumi.Output.isInstance(source) || source instanceof Promise) return pulumi.output(source).apply(markSecrets);
    return markSecrets(source);
}

function markSecrets(source: pulumi.Unwrap<CertificateSourceArgs> | CertificateSourceArgs): unknown {
    const { pfx } = (source as { pfx?: pulumi.Input<PfxArgs> } | undefined) ?? {};
    if (pfx === undefined) return source;
    // All of it: what an output holds cannot be told apart here.
    if (pulumi.Output.isInstance(pfx) || pfx instanceof Promise) return { ...source, pfx: pulumi.secret(pfx) };
    const { base64, password } = pfx;
    const secrets = {
        ...(base64 === undefined ? {} : { base64: pulumi.secret(base64) }),
        ...(password === undefined ? {} : { password: pulumi.secret(password) }),
    };
    return { ...source, pfx: { ...pfx, ...secrets } };
}
