// Observes a portal in Entra and returns each input with its live value. The command `doctor` uses this file too, so
// the file does not depend on the Pulumi engine.
import { clock } from "../entra/clock";
import { observe, rememberGraphServicePrincipal } from "../entra/directory";
import type { Session } from "../entra/session";
import { currentOwnership } from "../sync/ownership";
import { observeTwice, type Observed } from "../sync/observeTwice";
import { notePlatforms } from "./platforms";
import { liveInputs } from "./rules/drift";
import { isLeftAlone, observeOptions, type RestorePortalAppInputs } from "./rules/inputs";
import type { Observation } from "./rules/live";
import { retiringCertificates } from "./rules/certificates";
import type { PortalState } from "./rules/state";

/** Returns the inputs with their live values. `undefined`: the application does not exist. */
export async function observePortal(
    session: Session,
    state: PortalState,
    inputs: RestorePortalAppInputs,
): Promise<Observed<RestorePortalAppInputs, Observation> | undefined> {
    rememberGraphServicePrincipal(session.tenantId, state.graphServicePrincipalId);
    const retiring = retiringCertificates(state.certificates, inputs, clock.now());
    const once = async (): Promise<Observation | undefined> => {
        const live = await observe(session, state.applicationId, observeOptions(inputs));
        if (live === undefined) return undefined;
        const addresses = [inputs.portalUrl, ...inputs.additionalPortalUrls];
        notePlatforms(live.application, isLeftAlone(inputs, "portalUrl") ? [] : addresses);
        const managed = { ...state.managed, ...currentOwnership(state.managed, live) };
        return { live, managed, before: state.desired, retiring, now: clock.now() };
    };
    // A lagging replica may not show an existing application, so a missing application is read a second time.
    const first = (await once()) ?? (await once());
    return first && observeTwice(inputs, first, once, (observation) => liveInputs(inputs, observation));
}
