// The public surface of the package: re-exports only.
export { PortalCertificate, type PortalCertificateArgs } from "./portalCertificate";
export { PortalTenantConsent, type PortalTenantConsentArgs } from "./portalTenantConsent";
export { RestorePortalApp, type RestorePortalAppArgs } from "./restorePortalApp";
