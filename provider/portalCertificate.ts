// Defines the resource PortalCertificate: the certificate by which Restore Portal signs in as its Entra application.
// This file has the arguments and outputs; certificate/ has the hooks. The resource never connects to Entra.
import * as pulumi from "@pulumi/pulumi";

import type { PfxEncryption } from "./certificate/inputs";
import { DynamicResource } from "./pulumi/dynamicResource";
import { CERTIFICATE_SHAPE } from "./shapes";

/** A new self-signed certificate. VB365's wizard calls this "Generate a new self-signed certificate". */
export interface GenerateArgs {
    /** Common name of the certificate, 1 to 64 characters. VB365 shows it. A change issues a new certificate. */
    name: pulumi.Input<string>;
    /** Size of the RSA key in bits: 2048 (default), 3072 or 4096. A change issues a new certificate. */
    keySize?: pulumi.Input<number> | undefined;
    /** Days that a certificate is valid, 1 to 1095. Default 365. A change applies to the next certificate. */
    validDays?: pulumi.Input<number> | undefined;
    /**
     * `pulumi up` renews the certificate from this many days before its expiry date: 0 to `validDays` - 1. Default 30.
     * A renewal issues a new key and certificate under the same `id`.
     */
    renewBeforeDays?: pulumi.Input<number> | undefined;
}

/**
 * An existing certificate from a PFX file. VB365's wizard calls this "Import certificate from a file". Its key must be
 * RSA.
 */
export interface PfxArgs {
    /**
     * Path of the PFX file: absolute, or relative to the folder of Pulumi.yaml. Set either `file` or `base64`. At most
     * 256 KiB. Each deployment reads the file. If the file contains another certificate, that certificate replaces the
     * current one under the same `id`.
     */
    file?: pulumi.Input<string> | undefined;
    /** Content of the PFX file as base64 text. Secret. Set either `file` or `base64`. */
    base64?: pulumi.Input<string> | undefined;
    /**
     * Password of the PFX file. Secret. Leave it out if the file has no password. The provider uses the password as
     * written. If the file does not open, the provider also tries the password without the additions of tools: a line
     * break, spaces, quotation marks, a byte order mark, or the zero bytes of UTF-16. If the file then opens, a warning
     * names the additions to remove.
     */
    password?: pulumi.Input<string> | undefined;
}

/**
 * An existing certificate from the certificate store of this machine. VB365's wizard calls this "Select certificate
 * from the Certificate Store". Its private key must be exportable. Not available on macOS.
 */
export interface StoreArgs {
    /** SHA-1 thumbprint as Windows shows it. Spaces and colons are ignored. Set either `thumbprint` or `subject`. */
    thumbprint?: pulumi.Input<string> | undefined;
    /**
     * Subject, such as `CN=portal.abc.com, O=Contoso`, as any tool shows it. Upper and lower case, additional spaces
     * and the order of the attributes do not matter. The common name alone is enough if only one certificate has it.
     * Set either `thumbprint` or `subject`.
     */
    subject?: pulumi.Input<string> | undefined;
    /**
     * Windows: `CurrentUser` or `LocalMachine`, which needs an elevated deployment. Default: both. Linux: `CurrentUser`
     * (default), which means .NET's own folder for the current user, or the absolute path of a folder of PFX files
     * without a password. The provider never writes to a store.
     */
    location?: pulumi.Input<string> | undefined;
}

/**
 * Set exactly one of `generate`, `pfx` and `store`. After a change to another source, the certificate of that source
 * replaces the current one under the same `id`.
 */
export type CertificateSourceArgs =
    | { generate: pulumi.Input<GenerateArgs>; pfx?: undefined; store?: undefined }
    | { pfx: pulumi.Input<PfxArgs>; generate?: undefined; store?: undefined }
    | { store: pulumi.Input<StoreArgs>; generate?: undefined; pfx?: undefined };

/**
 * The source of the certificate, and the form of the PFX for VB365. No change of an argument replaces the resource.
 * Before the provider writes anything, it refuses a certificate or PFX file that does not meet the rules. The error has
 * the code `ERR_CERTIFICATE_INVALID`, or names the property.
 */
export interface PortalCertificateArgs {
    /** Where the certificate comes from: `generate`, `pfx` or `store`. */
    source: pulumi.Input<CertificateSourceArgs>;
    /**
     * Encryption of the PFX for VB365. `tripleDES-SHA1` (default): Windows Server 2016 and later can import it.
     * `AES256-SHA256`: Windows Server 2019 and later. A change writes the PFX again, with a new password and the same
     * certificate.
     */
    pfxEncryption?: pulumi.Input<PfxEncryption> | undefined;
    /**
     * For an imported certificate: `true` puts its PFX into the secret outputs `pfx` and `pfxPassword`, and so into
     * state. Default `false`: the private key is not copied into state. A generated certificate always has these
     * outputs, because its key exists nowhere else.
     */
    exportPfx?: pulumi.Input<boolean> | undefined;
}

/** A public certificate, as RestorePortalApp's `certificate` accepts it. */
export interface PublicCertificate {
    /** Random id of the PortalCertificate. It stays the same through renewals. */
    id: string;
    /** Common name of the certificate, or its thumbprint if it has no common name. */
    name: string;
    /** The certificate as PEM text, without its private key. */
    certificatePem: string;
    /** SHA-1 thumbprint, upper-case hex. Windows, VB365 and Entra show it. */
    thumbprint: string;
    /** SHA-256 thumbprint, upper-case hex. */
    thumbprintSha256: string;
    /** Start of validity, ISO 8601, UTC. */
    notBefore: string;
    /** End of validity, ISO 8601, UTC. */
    notAfter: string;
}

/**
 * The certificate by which Restore Portal signs in as its Entra application, with its PFX for VB365. Before a generated
 * certificate expires, `pulumi up` issues a new one. The provider cannot renew an imported certificate: renew it at its
 * source, such as your certificate authority, and then let `source` point to the new certificate.
 */
export class PortalCertificate extends DynamicResource {
    /** The public certificate. Pass it to RestorePortalApp's `certificate`. */
    declare public readonly certificate: pulumi.Output<PublicCertificate>;
    /**
     * The PFX file for VB365 as base64 text: key, certificate and its issuers. Secret. `undefined` for an imported
     * certificate without `exportPfx`.
     */
    declare public readonly pfx: pulumi.Output<string>;
    /** Password of `pfx`: 32 random letters and digits. Secret. `undefined` if `pfx` is `undefined`. */
    declare public readonly pfxPassword: pulumi.Output<string>;

    constructor(name: string, args: pulumi.Input<PortalCertificateArgs>, options: pulumi.CustomResourceOptions = {}) {
        const secrets = { additionalSecretOutputs: ["pfx", "pfxPassword", ...(options.additionalSecretOutputs ?? [])] };
        super(CERTIFICATE_SHAPE, name, { args, mark: withSecrets }, { ...options, ...secrets });
    }
}

/** Marks content and password of the PFX file as secret. */
function withSecrets({ source, ...others }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    return source === undefined
        ? others
        : { ...others, source: withSecretSource(source as PortalCertificateArgs["source"]) };
}

/** Marks content and password of a PFX file as secret, even if the source is an Output or a Promise. */
function withSecretSource(source: PortalCertificateArgs["source"]): unknown {
    if (pulumi.Output.isInstance(source) || source instanceof Promise) return pulumi.output(source).apply(markSecrets);
    return markSecrets(source);
}

function markSecrets(source: pulumi.Unwrap<CertificateSourceArgs> | CertificateSourceArgs): unknown {
    const { pfx } = (source as { pfx?: pulumi.Input<PfxArgs> } | undefined) ?? {};
    if (pfx === undefined) return source;
    // The properties of an Output or a Promise cannot be read here, so its whole value is marked.
    if (pulumi.Output.isInstance(pfx) || pfx instanceof Promise) return { ...source, pfx: pulumi.secret(pfx) };
    const { base64, password } = pfx;
    const secrets = {
        ...(base64 === undefined ? {} : { base64: pulumi.secret(base64) }),
        ...(password === undefined ? {} : { password: pulumi.secret(password) }),
    };
    return { ...source, pfx: { ...pfx, ...secrets } };
}
