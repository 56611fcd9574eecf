// Defines the completed inputs and the state of PortalCertificate. Pure.

export interface GenerateSource {
    readonly name: string;
    readonly keySize: number;
    readonly validDays: number;
    readonly renewBeforeDays: number;
}

export interface PfxSource {
    readonly file?: string;
    readonly base64?: string;
    readonly password?: string;
}

export interface StoreSource {
    readonly thumbprint?: string;
    readonly subject?: string;
    readonly location?: string;
}

export type ImportedSource = { readonly pfx: PfxSource } | { readonly store: StoreSource };
export type CertificateSource = { readonly generate: GenerateSource } | ImportedSource;

/**
 * The first encryption is the default. writePfx.ts must have an entry for each encryption, or the compiler reports an
 * error.
 */
export const PFX_ENCRYPTIONS = ["tripleDES-SHA1", "AES256-SHA256"] as const;
export type PfxEncryption = (typeof PFX_ENCRYPTIONS)[number];

export interface CertificateInputs {
    readonly source: CertificateSource;
    readonly pfxEncryption: PfxEncryption;
    /** Whether the PFX of an imported certificate becomes an output. */
    readonly exportPfx?: boolean;
    /**
     * Set only for an imported certificate. `check` fills it in, so that a preview shows the change if the file or
     * store now contains another certificate.
     */
    readonly thumbprint?: string;
    /**
     * The desired value is `current`. The live value may be `due for renewal: ends ...`. `check` fills in the desired
     * value, so that a preview can name a renewal.
     */
    readonly status: string;
}

export interface CertificateState extends CertificateInputs {
    readonly certificate: {
        readonly id: string;
        readonly name: string;
        readonly certificatePem: string;
        readonly thumbprint: string;
        readonly thumbprintSha256: string;
        readonly notBefore: string;
        readonly notAfter: string;
    };
    /** The PFX as base64 text. The resource declares it secret. */
    readonly pfx?: string;
    readonly pfxPassword?: string;
}

export function generateSource(source: CertificateSource): GenerateSource | undefined {
    return "generate" in source ? source.generate : undefined;
}

/**
 * Removes the program's secrets before the source becomes an output. The outputs do not need the secrets, because the
 * program passes them to each `check` again.
 */
export function withoutSecrets(source: CertificateSource): CertificateSource {
    if (!("pfx" in source)) return source;
    const { file } = source.pfx;
    return { pfx: file === undefined ? {} : { file } };
}
