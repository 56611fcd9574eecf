// Exports the hooks of each resource class. In the engine's provider process, the code in a resource's `__provider`
// property loads this file. State files contain that code with the names of the exports, so the names never change.
import { setFlagsFromString } from "node:v8";

import { portalCertificateHooks } from "./certificate/hooks";
import { portalTenantConsentHooks } from "./consent/hooks";
import { restorePortalAppHooks } from "./portal/hooks";
import { hostedProvider } from "./pulumi/hooks";
import { portalServerHooks } from "./server/hooks";

// Each call of a hook leaves much garbage in memory. By default, V8 lets the heap grow to four times the
// memory in use: 350 MB for a thousand portals. With a factor of two, the process needs 250 MB and the same time
// (measured).
setFlagsFromString("--heap-growing-percent=100");

export const restorePortalApp = hostedProvider(restorePortalAppHooks);
export const portalCertificate = hostedProvider(portalCertificateHooks);
export const portalServer = hostedProvider(portalServerHooks);
export const portalTenantConsent = hostedProvider(portalTenantConsentHooks);
