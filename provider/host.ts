// Exports the hooks to the engine's provider process, where the text `__provider` loads them. The names of the exports
// never change, because state files contain them.
import { setFlagsFromString } from "node:v8";

import { portalCertificateHooks } from "./certificate/hooks";
import { portalTenantConsentHooks } from "./consent/hooks";
import { restorePortalAppHooks } from "./portal/hooks";
import { hostedProvider } from "./pulumi/hooks";
import { portalServerHooks } from "./server/hooks";

// Each hook of the SDK leaves much garbage. By default, V8 lets the heap grow to four times the memory in use: 350 MB
// for a thousand portals. With a factor of two, the process needs 250 MB and the same time (measured).
setFlagsFromString("--heap-growing-percent=100");

export const restorePortalApp = hostedProvider(restorePortalAppHooks);
export const portalCertificate = hostedProvider(portalCertificateHooks);
export const portalServer = hostedProvider(portalServerHooks);
export const portalTenantConsent = hostedProvider(portalTenantConsentHooks);
