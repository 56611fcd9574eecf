// What the engine's provider process loads, by the text in `__provider`. Its exports are permanent: state files of every
// release name them.
import { setFlagsFromString } from "node:v8";

import { portalCertificateHooks } from "./certificate/hooks";
import { portalTenantConsentHooks } from "./consent/hooks";
import { restorePortalAppHooks } from "./portal/hooks";
import { hostedProvider } from "./pulumi/hooks";
import { portalServerHooks } from "./server/hooks";

// Hooks leave much behind that is soon garbage: what the SDK unpacks. V8 lets that grow to four times what is in use, and
// a thousand portals to 350 MB; with twice it is 250 MB, in the same time.
setFlagsFromString("--heap-growing-percent=100");

export const restorePortalApp = hostedProvider(restorePortalAppHooks);
export const portalCertificate = hostedProvider(portalCertificateHooks);
export const portalServer = hostedProvider(portalServerHooks);
export const portalTenantConsent = hostedProvider(portalTenantConsentHooks);
