// Loads the hooks in the engine's provider process, as `__provider` requires. The exports are permanent, because the
// state files of every release name them.
import { setFlagsFromString } from "node:v8";

import { portalCertificateHooks } from "./certificate/hooks";
import { portalTenantConsentHooks } from "./consent/hooks";
import { restorePortalAppHooks } from "./portal/hooks";
import { hostedProvider } from "./pulumi/hooks";
import { portalServerHooks } from "./server/hooks";

// The SDK leaves much garbage behind with each hook. By default V8 lets the heap grow to four times what is in use: 350
// MB for a thousand portals. With twice what is in use it is 250 MB, in the same time (measured).
setFlagsFromString("--heap-growing-percent=100");

export const restorePortalApp = hostedProvider(restorePortalAppHooks);
export const portalCertificate = hostedProvider(portalCertificateHooks);
export const portalServer = hostedProvider(portalServerHooks);
export const portalTenantConsent = hostedProvider(portalTenantConsentHooks);
