// Finds the tags of a holder on the application and the service principal of a portal, and removes them. The portal
// then owns the entries of the holder. Users need this when the stack of the holder no longer exists.
import { withRemedy } from "../entra/callerPermissions";
import { observe, rememberGraphServicePrincipal } from "../entra/directory";
import type { Session } from "../entra/session";
import { findHolder, type HeldObjects } from "../sync/clearHolder";
import { PORTAL_CONSENT_TAG } from "../sync/tags";
import type { PortalState } from "./rules/state";

/** `undefined`: the holder has no tags on the portal's application or its service principal. */
export async function findPortalHolder(
    session: Session,
    state: PortalState,
    holder: string,
): Promise<HeldObjects | undefined> {
    const { applicationId: appId, managed } = state;
    rememberGraphServicePrincipal(session.tenantId, state.graphServicePrincipalId);
    const held = await findHolder({
        session,
        appId,
        what: `application ${appId}`,
        holder,
        heir: { ownership: managed, consentPrefix: PORTAL_CONSENT_TAG },
        observe: () => observe(session, appId),
    });
    const explain = async (error: unknown) => {
        throw await withRemedy(error, session);
    };
    return held && { ...held, clear: () => held.clear().catch(explain) };
}
