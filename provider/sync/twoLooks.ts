// A look at a portal in Entra: the inputs with their live counterparts. Nothing of it needs Pulumi.
import { drift, liveInputs, type Observation } from "../portal/rules/drift";
import type { RestorePortalAppInputs } from "../portal/rules/inputs";
import { retiringCertificates, type PortalState } from "../portal/rules/state";
import { clock } from "../entra/clock";
import { observe, rememberGraphServicePrincipal } from "../entra/directory";
import type { Session } from "../entra/session";
import { withoutPassing } from "../pulumi/refreshed";

/** The inputs as Entra has them; `undefined`: there is no such application. */
export async function look(
    session: Session,
    state: PortalState,
    inputs: RestorePortalAppInputs,
): Promise<{ seen: Observation; inputs: RestorePortalAppInputs } | undefined> {
    rememberGraphServicePrincipal(session.tenantId, state.graphServicePrincipalId);
    const retiring = retiringCertificates(state, inputs, clock.now());
    const once = async (): Promise<Observation | undefined> => {
        const live = await observe(session, state.applicationId, { withOwners: inputs.owners !== undefined });
        return live && { live, managed: state.managed, retiring, now: clock.now() };
    };
    const first = await once();
    if (first === undefined) return undefined;
    const found = liveInputs(inputs, first);
    if (drift(inputs, first).length === 0) return { seen: first, inputs: found };
    const seen = (await once()) ?? first;
    return { seen, inputs: withoutPassing(inputs, found, liveInputs(inputs, seen)) };
}
