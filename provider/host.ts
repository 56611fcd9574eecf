// What the engine's provider process loads, by the text in `__provider`. Its exports are permanent: state files of every
// release name them.
import { setFlagsFromString } from "node:v8";

import { hostedProvider } from "./pulumi/dynamicResource";
import { portalCertificateHooks } from "./portalCertificate";
import { portalServerHooks } from "./portalServer";
import { portalTenantConsentHooks } from "./portalTenantConsent";
import { restorePortalAppHooks } from "./restorePortalApp";

// Hooks leave much behind that is soon garbage: what the SDK unpacks. V8 lets that grow to four times what is in use, and
// a thousand portals to 350 MB; with twice it is 250 MB, in the same time.
setFlagsFromString("--heap-growing-percent=100");

export const restorePortalApp = hostedProvider(restorePortalAppHooks);
export const portalCertificate = hostedProvider(portalCertificateHooks);
export const portalServer = hostedProvider(portalServerHooks);
export const portalTenantConsent = hostedProvider(portalTenantConsentHooks);
