// Checks inputs in a deployment, before its first write. Without credentials in the environment, `check` does not read
// Entra, but a deployment signs in with `az login`. And `check` does not know that a change replaces the portal.
import { credentialsPresent } from "../entra/credentials";
import { findDeleted } from "../entra/deletedItems";
import { findByUniqueName, observe } from "../entra/directory";
import { isSignedOut, openSession, type Session } from "../entra/session";
import { quoted } from "../inputs/inputRules";
import { isUnknown, type InputFailure, type RawInputs } from "../inputs/rawInputs";
import { PortalError } from "../portalError";
import { listed } from "../sentences";
import { uniqueNameOf } from "../sync/identity";
import { expectedInputs } from "./announce";
import { entraFailures } from "./check";
import { checkCertificate } from "./checkCertificate";
import { changeFailures } from "./checkChange";
import { examineInputs } from "./rules/checkInputs";
import type { RestorePortalAppInputs } from "./rules/inputs";
import { liveValuesIn } from "./rules/liveValues";
import type { PortalState } from "./rules/state";

/** Refuses a registration or an adoption that `check` has not checked. */
export async function assertCreatable(session: Session, inputs: RestorePortalAppInputs): Promise<void> {
    if (credentialsPresent(inputs.credentials)) return;
    const { applicationId, displayName = "" } = inputs;
    const what = applicationId === undefined ? `registering application "${displayName}"` : `adopting ${applicationId}`;
    refuse(what, await entraFailures(session, expectedInputs(inputs, undefined), {}));
}

/** Refuses changed inputs that `check` has not checked. */
export async function assertChangeable(state: PortalState, inputs: RestorePortalAppInputs): Promise<void> {
    if (credentialsPresent(inputs.credentials)) return;
    const { applicationId, tenantId, desired } = state;
    const failures = await changeFailures({ ...inputs, tenantId }, desired as unknown as RawInputs);
    refuse(`configuring application ${applicationId}`, failures);
}

/**
 * Refuses a replacement whose new inputs a new resource could not have. Otherwise, for example, an Application ID with a
 * typing error would delete the living portal, and only then `create` would refuse the ID.
 */
export async function assertReplaceable(state: PortalState, news: RestorePortalAppInputs): Promise<void> {
    const { region, tenantId, credentials, applicationId } = news;
    assertNoLiveValues(state, news as unknown as RawInputs);
    if ([region, tenantId, credentials, applicationId].some(isUnknown)) return;
    const session = await sessionOf(state, news);
    if (!session) return;
    const failures = [
        ...examineInputs(news as unknown as RawInputs, {}).failures,
        ...checkCertificate(news.certificate, undefined).failures,
        ...(await entraFailures(session, expectedInputs(news, undefined), {})),
        ...(applicationId === undefined
            ? await takenNames(session, news)
            : await deletedApplications(session, applicationId)),
    ];
    refuse(`replacing application ${state.applicationId}`, failures);
}

/** Otherwise the engine would delete the portal, and its successor would not get the parts with live values. */
function assertNoLiveValues({ applicationId }: PortalState, news: RawInputs): void {
    const names = liveValuesIn(news);
    if (names.length === 0) return;
    const values = names.map((name) => (typeof news[name] === "string" ? `${name} (${quoted(news[name])})` : name));
    throw new PortalError(
        "ERR_APPLICATION_CONFLICT",
        `replacing application ${applicationId}: ignoreChanges passes its live values of ${listed(values)} to the next application, which would then stay without these parts; remove them from ignoreChanges, or repair application ${applicationId} and run pulumi refresh`,
    );
}

/** `undefined`: nobody is signed in, so the engine cannot delete the portal either. */
async function sessionOf(state: PortalState, news: RestorePortalAppInputs): Promise<Session | undefined> {
    try {
        return await openSession(news);
    } catch (error) {
        const isRefused = error instanceof PortalError && error.code === "ERR_CREDENTIALS";
        if (isRefused && (await isSignedOut(() => openSession(state)))) return undefined;
        throw error;
    }
}

/** Refuses a registration whose uniqueName a living application has, for example after ownership was given up. */
async function takenNames(session: Session, inputs: RestorePortalAppInputs): Promise<InputFailure[]> {
    for (let attempt = 1; ; attempt++) {
        const uniqueName = uniqueNameOf(inputs, attempt);
        const live = await findByUniqueName(session, uniqueName);
        if (live) {
            const reason = `application "${live.displayName}" (${live.appId}) has the uniqueName of this resource; give applicationId "${live.appId}", or give the resource another name`;
            return [{ property: "displayName", reason }];
        }
        if (!(await findDeleted(session, (one) => one.uniqueName === uniqueName))) return [];
    }
}

/** An application in deleted items cannot be checked, and its restoration may fail. */
async function deletedApplications(session: Session, applicationId: string): Promise<InputFailure[]> {
    if (await observe(session, applicationId, { withGrants: false })) return [];
    const reason = `application ${applicationId} is in deleted items; restore it first, because the deployment gives up the current application before it can check this one`;
    return [{ property: "applicationId", reason }];
}

function refuse(what: string, [failure]: readonly InputFailure[]): void {
    if (!failure) return;
    const { property, reason } = failure;
    throw new PortalError(
        "ERR_APPLICATION_CONFLICT",
        `${what}: ${property === "" ? reason : `${property}: ${reason}`}`,
    );
}
