// Describes in one sentence what an adoption writes and what it leaves alone. Also describes the writes of a deployment
// that continues with a registered application. Pure.
import type { Live } from "../../entra/live";
import { isUnknown, UNKNOWN } from "../../inputs/rawInputs";
import { listed } from "../../sentences";
import { withoutHolder } from "../../sync/holders";
import type { RestorePortalAppInputs } from "./inputs";
import { findScope, type Managed } from "./live";
import { plan } from "./plan";
import { initialManaged } from "./registration";
import { takeUpAdopted, type TakenUp } from "./takeUp";
import { leftAlone, plannedPhrases, type Generated } from "./words";

/** Returns the record of ownership with which an adoption begins, and the earlier holder that it replaces, if any. */
export function startOfAdoption(inputs: RestorePortalAppInputs, live: Live): TakenUp & { readonly managed: Managed } {
    return takeUpAdopted(inputs, live, initialManaged(inputs, findScope(live.application)?.id));
}

/** `generated`: a certificate that the deployment generates before the adoption. A preview knows only its name. */
export function adoptionWords(inputs: RestorePortalAppInputs, live: Live, now: Date, generated?: Generated): string {
    const { known, unknown } = knownInputs(inputs);
    const { managed, former } = startOfAdoption(known, live);
    const observation = { live: withoutHolder(live, former), managed, before: undefined, retiring: [], now };
    const next = plan(known, observation);
    const added = known.registerCertificate ? generated : undefined;
    const left = leftAlone(known, live, next, added);
    const open = unknown.filter((name) => name !== "certificate" || generated === undefined);
    const { displayName, appId } = live.application;
    const phrases = [
        ...plannedPhrases(known, live, next, added),
        ...(open.length === 0 ? [] : [`not known yet: ${listed(open)}`]),
        ...(left.length === 0 ? [] : [`leaves ${listed(left)} alone`]),
    ];
    return `adopts "${displayName}" (${appId}): ${phrases.join("; ")}`;
}

/** Describes the writes of a deployment that continues with an application of an earlier deployment. */
export function continuationWords(
    inputs: RestorePortalAppInputs,
    live: Live,
    { managed, former }: TakenUp,
    now: Date,
): string {
    const observation = { live: withoutHolder(live, former), managed, before: undefined, retiring: [], now };
    return plannedPhrases(inputs, live, plan(inputs, observation)).join("; ");
}

/**
 * Values that replace unknown inputs in the plan, so that it writes nothing for them. An unknown input without a value
 * here is left out. A list keeps its known entries.
 */
const NOTHING: Readonly<Record<string, unknown>> = {
    portalUrl: "",
    additionalPortalUrls: [],
    adminConsent: false,
    grantedPermissions: [],
    registerCertificate: false,
    servicePrincipal: UNKNOWN,
};
const WRITTEN: readonly (keyof RestorePortalAppInputs)[] = [
    ...(["portalUrl", "additionalPortalUrls", "certificate", "registerCertificate", "adminConsent", "owners"] as const),
    ...(["signInAudience", "serviceManagementReference", "servicePrincipal"] as const),
];

/** Returns whether a preview does not know an input, or a part of it, yet. */
export function isOpen(value: unknown): boolean {
    return isUnknown(value) || Object.values(value ?? {}).some(isUnknown);
}

/**
 * Returns the inputs with the values of `NOTHING` in place of unknown ones, and the names of those unknown inputs on
 * which the writes of an adoption depend.
 */
function knownInputs(inputs: RestorePortalAppInputs): { known: RestorePortalAppInputs; unknown: string[] } {
    const open = Object.entries(inputs).filter(([, value]) => isOpen(value));
    const known = {
        ...Object.fromEntries(Object.entries(inputs).filter(([, value]) => !isOpen(value))),
        ...Object.fromEntries(open.flatMap(([name, value]) => withoutUnknown(name, value))),
    } as unknown as RestorePortalAppInputs;
    const names = open.map(([name]) => name);
    return { known, unknown: WRITTEN.filter((name) => names.includes(name)) };
}

function withoutUnknown(name: string, value: unknown): (readonly [string, unknown])[] {
    if (Array.isArray(value)) return [[name, value.filter((one) => !isUnknown(one))]];
    return name in NOTHING ? [[name, NOTHING[name]]] : [];
}
