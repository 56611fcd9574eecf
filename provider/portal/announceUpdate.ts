// Announces, for an update of an application that is already managed, the changes that the inputs do not show. `diff`
// announces them from state and the last refresh. `update` announces them again, from a new read.
import { isDeepStrictEqual } from "node:util";

import { clock } from "../entra/clock";
import type { Live } from "../entra/live";
import { isUnknown, UNKNOWN } from "../inputs/rawInputs";
import { logOnce, warn } from "../log";
import { isNeededByOthers } from "../sync/ownership";
import { checkOf, expectedInputs } from "./announce";
import { isOpen } from "./rules/adoptionWords";
import { ownedCertificate, retiringCertificates, type RegisteredCertificate } from "./rules/certificates";
import { certificateChange } from "./rules/certificateWords";
import type { RestorePortalAppInputs } from "./rules/inputs";
import type { Observation } from "./rules/live";
import { plan } from "./rules/plan";
import { replacedBy } from "./rules/replacement";
import { startOfUpdate } from "./rules/startOfUpdate";
import type { PortalState } from "./rules/state";
import { updatePhrases } from "./rules/words";

/** What the last refresh read of a resource, and the inputs that it returned to the engine. */
interface Refreshed {
    readonly live: Live;
    readonly inputs: RestorePortalAppInputs;
}

/** By identity. */
const refreshed = new Map<string, Refreshed>();

/** Notes what a refresh read. So the preview that follows can plan the update without another request. */
export function noteRefreshed(identity: string, live: Live, inputs: RestorePortalAppInputs): void {
    refreshed.set(identity, { live, inputs });
}

/**
 * Returns the Application ID that the last refresh read. The inputs of a registered application do not contain it.
 * `undefined`: no refresh in this process has read the application.
 */
export function refreshedApplicationId(identity: string): string | undefined {
    return refreshed.get(identity)?.live.application.appId;
}

/**
 * Announces an update in `diff`. Announces nothing in a refresh, which calls `diff` without `check`. Also announces
 * nothing while `certificateOverlapDays` is unknown, or while nothing is known about the certificate.
 */
export function announceInDiff(state: PortalState, news: RestorePortalAppInputs): void {
    const check = checkOf(news.identity);
    if (check === undefined || isUnknown(news.certificateOverlapDays)) return;
    const { expected } = check;
    const announce = (inputs: RestorePortalAppInputs) => {
        announceUpdate(state, inputs, startInPreview(state, inputs));
    };
    const isNew = isUnknown(news.certificate) || isUnknown(news.certificate?.certificatePem);
    if (!isNew || expected?.kind === "kept") {
        announce(isNew ? { ...news, ...keptCertificate(state) } : news);
        return;
    }
    const { inputs, generated } = expectedInputs(news, expected);
    const certificate = generated ? { certificatePem: "", ...generated, thumbprint: "" } : inputs.certificate;
    if (certificate === undefined || certificate.certificatePem === UNKNOWN || isUnknown(certificate)) return;
    announce({ ...news, certificate });
}

function keptCertificate({ desired: { certificate } }: PortalState) {
    return certificate === undefined ? {} : { certificate };
}

/**
 * Returns the observation from which the update will start, according to the last refresh. `undefined`: the update
 * cannot be planned yet, or there will be none. An update that first restores a deleted service principal cannot be
 * planned, because the tags of the service principal are not known yet.
 */
function startInPreview(state: PortalState, inputs: RestorePortalAppInputs): Observation | undefined {
    const last = refreshed.get(inputs.identity);
    if (last === undefined || Object.values(inputs).some(isOpen)) return undefined;
    const isUpdate = state.isNew === true || differs(last.inputs, inputs);
    const isRestored = last.live.servicePrincipal === undefined && state.servicePrincipalId !== "";
    if (!isUpdate || isRestored || replacedBy(state, { ...inputs }).length > 0) return undefined;
    const now = clock.now();
    const retiring = retiringCertificates(state.certificates, inputs, now);
    return startOfUpdate(state, inputs, { live: last.live, retiring, now });
}

/** The engine calls `update` only if an input differs. */
function differs(olds: RestorePortalAppInputs, news: RestorePortalAppInputs): boolean {
    const names = new Set([...Object.keys(olds), ...Object.keys(news)] as (keyof RestorePortalAppInputs)[]);
    return [...names].some((name) => !isDeepStrictEqual(olds[name], news[name]));
}

type Managed = Pick<PortalState, "applicationId" | "desired" | "managed"> & {
    readonly certificates: readonly RegisteredCertificate[];
};

/**
 * Prints at most one line. The line is a warning if the update removes a certificate that has not expired. `start`: the
 * observation from which the update starts, if it is known.
 */
export function announceUpdate(
    { applicationId, certificates: all, desired, managed }: Managed,
    inputs: RestorePortalAppInputs,
    start: Observation | undefined,
): void {
    const live = start?.live ?? refreshed.get(inputs.identity)?.live;
    // If another holder needs a certificate, the deployment leaves it to that holder and does not remove it.
    const isNeeded = ({ thumbprint }: RegisteredCertificate) =>
        live !== undefined && isNeededByOthers(ownedCertificate(thumbprint), managed.holder, live);
    const certificates = all.map((one) => (isNeeded(one) ? { ...one, ours: false } : one));
    const { phrases, isEarly } = certificateChange(certificates, inputs, desired, clock.now());
    const more = { before: desired, isAnnounced: phrases.length > 0 };
    const tags = start === undefined ? [] : updatePhrases(inputs, start.live, plan(inputs, start), more);
    const told = [...phrases, ...tags];
    if (told.length > 0) (isEarly ? warn : logOnce)(`application ${applicationId}: ${told.join("; ")}`);
}
