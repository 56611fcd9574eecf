// The public surface of the package. It only re-exports, and it loads no hook (test/pulumi/loading.test.ts).
export { PortalCertificate, type PortalCertificateArgs } from "./portalCertificate";
export { PortalServer, type PortalServerArgs } from "./portalServer";
export { PortalTenantConsent, type PortalTenantConsentArgs } from "./portalTenantConsent";
export { RestorePortalApp, type Region, type RestorePortalAppArgs } from "./restorePortalApp";
