// Checks the changed inputs of an application that is already managed. It sends requests only for values that differ
// from state, and for addresses that the last deployment left alone.
import { mayWriteOnlyOwned } from "../entra/callerPermissions";
import { clock } from "../entra/clock";
import { observe } from "../entra/directory";
import { openSession } from "../entra/session";
import { isUnknown, type InputFailure, type RawInputs } from "../inputs/rawInputs";
import { NOT_REGISTERED } from "../inputs/statusTexts";
import { refreshedApplicationId } from "./announceUpdate";
import { addedOwnerFailures, newOwners, ownerFailures } from "./checkOwners";
import { notedPlatforms, type Platforms } from "./platforms";
import { platformFailures, registrationFailures } from "./rules/adoption";
import { isLeftAlone, type RestorePortalAppInputs } from "./rules/inputs";

export async function changeFailures(inputs: RestorePortalAppInputs, olds: RawInputs): Promise<InputFailure[]> {
    return [
        ...(await newOwnerFailures(inputs, olds)),
        ...(await addressFailures(inputs, olds)),
        ...(await unregisteredFailures(inputs, olds)),
    ];
}

async function newOwnerFailures(inputs: RestorePortalAppInputs, olds: RawInputs): Promise<InputFailure[]> {
    if (newOwners(inputs, olds).length === 0) return [];
    const session = await openSession(inputs);
    const absent = await ownerFailures(session, inputs, olds);
    const { applicationId } = inputs;
    if (absent.length > 0 || applicationId === undefined || !mayWriteOnlyOwned(session)) return absent;
    const live = await observe(session, applicationId, { withGrants: false, withOwners: true });
    return addedOwnerFailures(session, inputs, live?.owners);
}

/** With `registerCertificate: false`, a certificate must be registered before the program names it. */
async function unregisteredFailures(inputs: RestorePortalAppInputs, olds: RawInputs): Promise<InputFailure[]> {
    const { certificate, registerCertificate } = inputs;
    const applicationId = managedApplicationId(inputs, olds);
    const before = (olds["certificate"] as { thumbprint?: string } | undefined)?.thumbprint;
    const isSame = before === certificate?.thumbprint || before === NOT_REGISTERED;
    if (registerCertificate || isSame || applicationId === undefined || isUnknown(certificate?.thumbprint)) return [];
    const live = await observe(await openSession(inputs), applicationId, { withGrants: false, certificate });
    return live ? registrationFailures(live, inputs, clock.now()) : [];
}

/**
 * Refuses a new web address that somebody has registered on another platform of the application, because Entra would
 * refuse the address too.
 */
async function addressFailures(inputs: RestorePortalAppInputs, olds: RawInputs): Promise<InputFailure[]> {
    const applicationId = managedApplicationId(inputs, olds);
    if (applicationId === undefined) return [];
    const { portalUrl, additionalPortalUrls } = inputs;
    const noted = notedPlatforms(applicationId);
    const additionalOld = (olds["additionalPortalUrls"] as unknown[] | undefined) ?? [];
    // Addresses that the last deployment left alone may be registered on another platform.
    const old = isLeftAlone(olds, "portalUrl") ? [] : [olds["portalUrl"], ...additionalOld];
    // If the address has drifted, state contains a live text such as "not registered", so the old address is not known.
    // The address of the program then counts as unchanged.
    const hasDrifted = typeof olds["portalUrl"] === "string" && !olds["portalUrl"].includes(":");
    const known = [...old, ...(noted?.known ?? []), ...(hasDrifted ? [portalUrl] : [])];
    const additional = isUnknown(additionalPortalUrls) ? [] : additionalPortalUrls;
    if ([portalUrl, ...additional].every((url) => known.includes(url) || isUnknown(url))) return [];
    const platforms = noted?.platforms ?? (await readPlatforms(inputs, applicationId));
    const addresses = known.filter((url) => typeof url === "string");
    return platforms ? platformFailures(platforms, inputs, addresses) : [];
}

/** `undefined`: the last deployment did not manage the application, or its Application ID is not known. */
function managedApplicationId(
    { applicationId, identity }: RestorePortalAppInputs,
    olds: RawInputs,
): string | undefined {
    if (olds["applicationId"] !== applicationId) return undefined;
    return applicationId ?? refreshedApplicationId(identity);
}

async function readPlatforms(inputs: RestorePortalAppInputs, applicationId: string): Promise<Platforms | undefined> {
    return (await observe(await openSession(inputs), applicationId, { withGrants: false }))?.application;
}
