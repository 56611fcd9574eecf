// What a new resource does with an application that carries a tag of its own identity. Pure.
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
    /** The holder whose place this resource takes: its tags go with the first write. */
    readonly former: string | undefined;
}

/**
 * An application that this resource registered before and that its state does not know: unfinished work goes on. What is
 * exactly as the program says was finished before state was saved, or state was lost. Anything else may be a living
 * resource's, and is refused: then the result is `undefined`.
 */
export function takeUpRegistered(
    inputs: RestorePortalAppInputs,
    live: Live,
    initial: Managed,
    now: Date,
): TakenUp | undefined {
    const { tags } = live.application;
    // The request was sent twice because the first answer was lost.
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

/** The same of an application that is adopted. One that differs from the program belongs to a twin, and both hold it. */
export function takeUpAdopted(inputs: RestorePortalAppInputs, live: Live, initial: Managed): TakenUp {
    const { tags } = live.application;
    const former = holdersOfIdentity(tags, inputs, initial.holder, PORTAL_TAG).find((holder) =>
        names(namedCodes(codesOf(tags, holder)), declaredCodes(inputs)),
    );
    if (former === undefined) return { managed: initial, former };
    return { managed: { ...resumed(initial, live, former), holder: initial.holder }, former };
}

/** What the tags of a holder say that it owns, as if it were this resource. */
function resumed(initial: Managed, live: Live, holder: string): Managed {
    return { ...initial, ...currentOwnership({ holder, owned: [], tags: [] }, live) };
}

/** Name, addresses and certificate. */
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

/** The addresses and certificates that a tag names, owned or only needed. */
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

/** The same addresses, and the certificate among those that were named: replaced ones stay for a while. */
function names(named: readonly string[], declared: readonly string[]): boolean {
    const addresses = (codes: readonly string[]) => codes.filter((code) => code.startsWith("u"));
    const [ours, theirs] = [addresses(declared), addresses(named)];
    return ours.length === theirs.length && declared.every((code) => named.includes(code));
}
