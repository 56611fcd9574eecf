// Makes the certificate of a written project, in the form of PortalCertificate's input `source`. The password of a PFX
// file is a secret of the stack, so it is never written here.
export type CertificateSource =
    | { readonly generate: { readonly name: string } }
    | { readonly pfx: { readonly file: string } }
    | { readonly store: { readonly subject: string } | { readonly thumbprint: string } };
