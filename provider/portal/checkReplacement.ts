// Before the engine deletes a portal to replace it, checks that the new inputs can be deployed.
import { credentialsPresent } from "../entra/credentials";
import { openSession, type Session } from "../entra/session";
import { isUnknown, type RawInputs } from "../inputs/rawInputs";
import { PortalError } from "../portalError";
import { expectedInputs } from "./announce";
import { entraFailures } from "./check";
import type { RestorePortalAppInputs } from "./rules/inputs";
import type { PortalState } from "./rules/state";

/**
 * Without credentials in the environment, `check` does not read Entra, but a deployment signs in with `az login`. So
 * this function checks the inputs then. Otherwise an Application ID with a typing error would delete the living portal,
 * and only then `create` would refuse the ID.
 */
export async function assertReplaceable(state: PortalState, news: RestorePortalAppInputs): Promise<void> {
    const { region, tenantId, credentials, applicationId } = news;
    if (credentialsPresent(credentials) || [region, tenantId, credentials, applicationId].some(isUnknown)) return;
    const session = await sessionOf(state, news);
    if (!session) return;
    const olds = state.desired as unknown as RawInputs;
    const [failure] = await entraFailures(session, expectedInputs(news, undefined), olds);
    if (!failure) return;
    const { property, reason } = failure;
    const why = property === "" ? reason : `${property}: ${reason}`;
    throw new PortalError("ERR_APPLICATION_CONFLICT", `replacing application ${state.applicationId}: ${why}`);
}

/** `undefined`: nobody is signed in, so the engine cannot delete the portal either. */
async function sessionOf(state: PortalState, news: RestorePortalAppInputs): Promise<Session | undefined> {
    try {
        return await openSession(news);
    } catch (error) {
        const isSignedOut = error instanceof PortalError && error.code === "ERR_CREDENTIALS";
        if (isSignedOut && news.credentials === state.credentials) return undefined;
        throw error;
    }
}
