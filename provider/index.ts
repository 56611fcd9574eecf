// The public surface of the package. It only re-exports, and it loads no hook (test/pulumi/loading.test.ts).
export type { Region } from "./inputs/regions";
export { PortalCertificate, type PortalCertificateArgs } from "./portalCertificate";
export { PortalServer, type PortalServerArgs } from "./portalServer";
export { PortalTenantConsent, type PortalTenantConsentArgs } from "./portalTenantConsent";
export { RestorePortalApp, type RestorePortalAppArgs } from "./restorePortalApp";
