// What the engine's provider process loads, by the text in `__provider`. Its exports are permanent: state files of every
// release name them.
import { hostedProvider } from "./dynamicResource";
import { portalCertificateHooks } from "./portalCertificate";
import { portalTenantConsentHooks } from "./portalTenantConsent";
import { restorePortalAppHooks } from "./restorePortalApp";

export const restorePortalApp = hostedProvider(restorePortalAppHooks);
export const portalCertificate = hostedProvider(portalCertificateHooks);
export const portalTenantConsent = hostedProvider(portalTenantConsentHooks);
