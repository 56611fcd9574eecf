// Defines the certificate of a new project, in the form of PortalCertificate's input `source`. The type has no
// password of a PFX file, because the password is a secret of the stack.
export type CertificateSource =
    | { readonly generate: { readonly name: string } }
    | { readonly pfx: { readonly file: string } }
    | { readonly store: { readonly subject: string } | { readonly thumbprint: string } };
