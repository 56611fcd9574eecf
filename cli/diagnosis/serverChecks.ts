// Compares a portal server with its PortalServer resource, input by input.
import { observeServer, type PortalServerState } from "../../provider/server/observe";
import { clock } from "../../provider/entra/clock";
import { PortalError } from "../../provider/portalError";
import {
    ANSWERED_BY,
    COMPARED_SERVER_INPUTS,
    liveServerInputs,
    type ServerObservation,
} from "../../provider/server/drift";
import type { PortalServerInputs } from "../../provider/server/inputs";
import { failed, follows, ok, unknown, type Check } from "./check";
import { serverDiffers } from "./portalChecks";

/**
 * `applicationId`: the Application ID of the portal. The state of the PortalServer can still contain an older
 * Application ID.
 */
export async function serverChecks(name: string, state: PortalServerState, applicationId: string): Promise<Check[]> {
    const desired = { ...state.desired, applicationId };
    try {
        return rowChecks(name, desired, await observeServer(desired));
    } catch (error) {
        if (!(error instanceof PortalError)) throw error;
        const remedy = "correct the address of the portal server, or allow connections from this machine to it";
        return [failed(`${name}.serverStatus`, error.message, { remedy })];
    }
}

function rowChecks(server: string, desired: PortalServerInputs, observed: ServerObservation): Check[] {
    if ("unreadable" in observed) return [unknown(`${server}.serverStatus`, observed.unreadable)];
    const live = liveServerInputs(desired, observed, clock.now());
    return COMPARED_SERVER_INPUTS.filter((key) => desired[key] !== undefined).map((key) => {
        const name = `${server}.${key}`;
        const field = ANSWERED_BY[key];
        if (field !== undefined && observed.settings[field] === undefined) {
            return follows(`${server}.serverStatus`, name, "this version of VB365 does not report this setting");
        }
        if (live[key] === desired[key]) return ok(name, String(live[key]));
        return serverDiffers(server, key, desired, live);
    });
}
