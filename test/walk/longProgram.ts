// Makes the programs of a long walk: one portal for each resource.
import type { HooksStack } from "../support/hooks/hooksStack";
import type { Portal, Value } from "./estate";
import { AUDIENCE, POOL, REFERENCES } from "./longSteps";
import type { Random } from "./random";

type Json = Record<string, unknown>;

/** One resource. A renamed resource keeps its slot. */
export interface Slot {
    readonly name: string;
    identity: string;
    stack: HooksStack;
    portal: Portal;
    /** `true`: the last deployment succeeded, and no owner has changed the application since. */
    isCalm: boolean;
    /** `true`: a deployment began and did not succeed. */
    isUnfinished: boolean;
    /** Every value that the programs of this resource have set since its last destroy. */
    readonly said: Map<Value, Set<unknown>>;
    readonly isAdopted: boolean;
}

export function newPortal(random: Random, certificates: number): Portal {
    return {
        urls: [random.of(POOL), ...(random.chance(0.3) ? [random.of(POOL)] : [])].filter(
            (url, index, all) => all.indexOf(url) === index,
        ),
        certificate: random.chance(0.6) ? 0 : random.number(certificates),
        adminConsent: random.chance(0.8),
        audience: random.chance(0.3) ? AUDIENCE : undefined,
        reference: random.chance(0.3) ? random.of(REFERENCES) : undefined,
        servicePrincipal: random.of([undefined, undefined, "assignment required", "enabled"] as const),
    };
}

/** The arguments of RestorePortalApp; `existing`: the application that some programs adopt. */
export function argumentsOf(
    { certificates, existing }: { readonly certificates: readonly Json[]; readonly existing: string },
    { portal, identity, isAdopted, name }: Pick<Slot, "portal" | "identity" | "isAdopted" | "name">,
): Json {
    const { urls, certificate, adminConsent, audience, reference, servicePrincipal } = portal;
    const [portalUrl, ...additionalPortalUrls] = urls;
    return {
        identity,
        portalUrl,
        additionalPortalUrls,
        adminConsent,
        certificate: certificates[certificate],
        certificateOverlapDays: 0,
        ...(isAdopted ? { applicationId: existing } : { displayName: `Portal of ${name}` }),
        ...(audience === undefined ? {} : { signInAudience: audience }),
        ...(reference === undefined ? {} : { serviceManagementReference: reference }),
        ...(servicePrincipal === undefined ? {} : { servicePrincipal }),
    };
}
