// What the portal server has, where the stack watches one.
import { observeServer, type PortalServerState } from "../../provider/server/observe";
import { clock } from "../../provider/entra/clock";
import { PortalError } from "../../provider/portalError";
import {
    ANSWERED_BY,
    COMPARED_SERVER_INPUTS,
    liveServerInputs,
    serverRemedies,
    type ServerObservation,
} from "../../provider/server/drift";
import type { PortalServerInputs } from "../../provider/server/inputs";
import { failed, ok, unknown, type Check } from "./check";

/** `applicationId`: the portal's, also where the server resource still waits for another. */
export async function serverChecks(name: string, state: PortalServerState, applicationId: string): Promise<Check[]> {
    const wanted = { ...state.desired, applicationId };
    try {
        return rowChecks(name, wanted, await observeServer(wanted));
    } catch (error) {
        if (!(error instanceof PortalError)) throw error;
        return [failed(`${name}.serverStatus`, error.message, { remedy: "make it reachable from here" })];
    }
}

function rowChecks(server: string, wanted: PortalServerInputs, observation: ServerObservation): Check[] {
    if ("unreadable" in observation) return [unknown(`${server}.serverStatus`, observation.unreadable)];
    const live = liveServerInputs(wanted, observation, clock.now());
    return COMPARED_SERVER_INPUTS.filter((key) => wanted[key] !== undefined).map((key) => {
        const name = `${server}.${key}`;
        const field = ANSWERED_BY[key];
        if (field !== undefined && observation.settings[field] === undefined) {
            return unknown(name, "this version of VB365 does not answer it");
        }
        if (live[key] === wanted[key]) return ok(name, String(live[key]));
        const message = `${String(live[key])} instead of ${String(wanted[key])}`;
        return failed(name, message, { remedy: serverRemedies(wanted, [key]).join("; ") });
    });
}
