// Decides whether a new resource continues with an application of an earlier resource of the same identity. Pure.
import type { Live } from "../../entra/live";
import { holdersOfIdentity } from "../../sync/holders";
import { currentOwnership } from "../../sync/ownership";
import { encodeOwned } from "../../sync/ownershipCodes";
import { codesOf, PORTAL_TAG } from "../../sync/tags";
import { UNFINISHED } from "./applicationPatch";
import { isCertificateRegistered, ownedCertificate } from "./certificates";
import type { RestorePortalAppInputs } from "./inputs";
import type { Managed } from "./live";
import { desiredRedirectUris } from "./redirectUris";

export interface TakenUp {
    readonly managed: Managed;
    /** The earlier holder that this resource replaces. The first write removes that holder's tags. */
    readonly former: string | undefined;
}

/**
 * Decides whether to continue with an application that has the uniqueName of this resource and is not in state. The
 * resource continues with an unfinished application. It also continues with an application whose name, web addresses
 * and certificate are as the program says: an earlier deployment finished, but its state was not saved or was lost. Any
 * other application may belong to a resource that still exists. `undefined`: refused.
 */
export function takeUpRegistered(
    inputs: RestorePortalAppInputs,
    live: Live,
    initial: Managed,
    now: Date,
): TakenUp | undefined {
    const { tags } = live.application;
    // Our holder is new in this run. If a tag already contains it, an earlier request of this run took effect and its
    // answer was lost.
    if (codesOf(tags, initial.holder).includes(UNFINISHED))
        return { managed: resumed(initial, live, initial.holder), former: undefined };
    const holders = holdersOfIdentity(tags, inputs, initial.holder, PORTAL_TAG);
    const unfinished = holders.find((holder) => codesOf(tags, holder).includes(UNFINISHED));
    if (unfinished !== undefined) return { managed: resumed(initial, live, unfinished), former: undefined };
    const [former] = holders;
    if (!isAsDeclared(inputs, live, former, now)) return undefined;
    const managed = former === undefined ? initial : { ...resumed(initial, live, former), holder: initial.holder };
    return { managed, former };
}

/**
 * Decides whether the adoption of an application replaces an earlier holder. Never refuses. A holder of the same
 * identity whose tags differ from the program counts as a clone. Then the clone and this resource both hold the
 * application.
 */
export function takeUpAdopted(inputs: RestorePortalAppInputs, live: Live, initial: Managed): TakenUp {
    const { tags } = live.application;
    const former = holdersOfIdentity(tags, inputs, initial.holder, PORTAL_TAG).find((holder) =>
        names(namedCodes(codesOf(tags, holder)), declaredCodes(inputs)),
    );
    if (former === undefined) return { managed: initial, former };
    return { managed: { ...resumed(initial, live, former), holder: initial.holder }, former };
}

/** Returns a record of ownership in which this resource owns all entries that a holder owns according to its tags. */
function resumed(initial: Managed, live: Live, holder: string): Managed {
    return { ...initial, ...currentOwnership({ holder, owned: [], tags: [] }, live) };
}

/**
 * Compares the application with the program: its name, its certificate, and the web addresses and certificates in the
 * tags of the earlier holder. If there is no earlier holder, web addresses are not compared.
 */
function isAsDeclared(
    inputs: RestorePortalAppInputs,
    { application }: Live,
    former: string | undefined,
    now: Date,
): boolean {
    const { certificate, displayName } = inputs;
    const declared = declaredCodes(inputs);
    const named = former === undefined ? declared : namedCodes(codesOf(application.tags, former));
    const isRegistered = certificate === undefined || isCertificateRegistered(application, certificate, now);
    return application.displayName === displayName && isRegistered && names(named, declared);
}

/** Returns the codes of the addresses and certificates that a tag names, whether owned or only needed. */
function namedCodes(codes: readonly string[]): string[] {
    return codes.map((code) => code.replace(/^~/, "")).filter((code) => /^[uc]/.test(code));
}

function declaredCodes(inputs: RestorePortalAppInputs): string[] {
    const thumbprint = inputs.certificate?.thumbprint;
    return [
        ...desiredRedirectUris(inputs).map((uri) => ({ item: `redirectUris/${uri}` })),
        ...(thumbprint === undefined ? [] : [ownedCertificate(thumbprint)]),
    ].flatMap((entry) => encodeOwned(entry) ?? []);
}

/**
 * Returns whether the addresses are equal and the declared certificate is among the named ones. A tag may name further
 * certificates, because replaced ones stay for a while.
 */
function names(named: readonly string[], declared: readonly string[]): boolean {
    const addresses = (codes: readonly string[]) => codes.filter((code) => code.startsWith("u"));
    const [ours, theirs] = [addresses(declared), addresses(named)];
    return ours.length === theirs.length && declared.every((code) => named.includes(code));
}
