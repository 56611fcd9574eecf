// Where a PortalCertificate comes from: resolved inputs, and what state keeps of them. Pure types.

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
export type PfxEncryption = "tripleDES-SHA1" | "AES256-SHA256";

export interface CertificateInputs {
    readonly source: CertificateSource;
    readonly pfxEncryption: PfxEncryption;
    /** Of an imported certificate: whether its PFX is put out too. */
    readonly exportPfx?: boolean;
    /** Of an imported certificate, read by check, so that a changed file has a name in preview. */
    readonly thumbprint?: string;
    /** `current`; live: `due for renewal: ends ...`. Completed by check, so that a renewal has a name in preview. */
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
    /** base64; declared secret by the resource. Of an imported certificate only with `exportPfx`. */
    readonly pfx?: string;
    readonly pfxPassword?: string;
}

export function generateSource(source: CertificateSource): GenerateSource | undefined {
    return "generate" in source ? source.generate : undefined;
}

/** State needs no secret of the program's: a file is read again where it is needed. */
export function withoutSecrets(source: CertificateSource): CertificateSource {
    if (!("pfx" in source)) return source;
    const { file } = source.pfx;
    return { pfx: file === undefined ? {} : { file } };
}
