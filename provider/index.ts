// Exports the public API of the package. This file loads no hook, because each module costs every program time and
// memory (test/pulumi/loading.test.ts).
import "./pulumi/sdkOfProgram";

export { PortalCertificate, type PortalCertificateArgs } from "./portalCertificate";
export { PortalServer, type PortalServerArgs } from "./portalServer";
export { PortalTenantConsent, type PortalTenantConsentArgs } from "./portalTenantConsent";
export { RestorePortalApp, type Region, type RestorePortalAppArgs } from "./restorePortalApp";
export { shardOf } from "./shards";
