// Says in one sentence what the release of consent in a customer's tenant writes, and what it leaves alone. Pure.
import type { LiveConsent } from "../../entra/live";
import { counted } from "../../sentences";
import { consentReleasePhrases, grantsLeft, removesConsentTag } from "../../sync/consentWords";
import { planTenantRelease, type ConsentManaged } from "./plan";

/** `undefined`: the release writes nothing. */
export function tenantReleaseWords(what: string, live: LiveConsent, managed: ConsentManaged): string | undefined {
    const release = planTenantRelease(live, managed);
    const phrases = [
        ...consentReleasePhrases(live, release),
        ...(removesConsentTag(live, release, managed.holder) ? ["removes its tag from the service principal"] : []),
    ];
    if (phrases.length === 0) return undefined;
    const left = grantsLeft(live, release);
    const end = left === 0 ? [] : [`leaves ${counted(left, "grant")} alone`];
    return `releases the consent to ${what}: ${[...phrases, ...end].join("; ")}`;
}
