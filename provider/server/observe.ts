// Reads the portal server, and returns the inputs with their live values. Also returns an error if a live value differs
// from the program.
import { clock } from "../entra/clock";
import { PortalError } from "../portalError";
import {
    liveServerInputs,
    serverDifferences,
    serverDrift,
    serverRemedies,
    type ServerObservation,
    type ShownCertificate,
} from "./drift";
import type { PortalServerInputs } from "./inputs";
import { readServer } from "./restApi";

/** The state contains each input twice: the live value, and in `desired` the program's value. */
export interface PortalServerState extends PortalServerInputs {
    readonly desired: PortalServerInputs;
    readonly tls?: ShownCertificate;
}

interface Verification {
    readonly state: PortalServerState;
    /** The inputs with their live values. */
    readonly inputs: PortalServerInputs;
    /** ERR_SERVER_DIFFERS or ERR_SERVER_UNREADABLE. `undefined`: the server is as desired. */
    readonly problem: PortalError | undefined;
}

export async function verifyServer(desired: PortalServerInputs): Promise<Verification> {
    const observation = await observeServer(desired);
    const inputs = liveServerInputs(desired, observation, clock.now());
    const tls = "unreadable" in observation ? {} : { tls: observation.tls };
    return { inputs, state: { ...inputs, desired, ...tls }, problem: problemOf(desired, inputs, observation) };
}

/** Throws for an unreadable server only if `required` is true. */
export async function observeServer({
    serverUrl,
    portalUrl,
    required,
}: PortalServerInputs): Promise<ServerObservation> {
    try {
        return await readServer({ serverUrl, portalUrl });
    } catch (error) {
        if (!(error instanceof PortalError)) throw error;
        if (!required) return { unreadable: error.message };
        const remedy = `check the address and the server, or leave "required" out, so that an unreadable server causes only a warning`;
        throw new PortalError(error.code, `reading the portal server: ${error.message}; ${remedy}`, { cause: error });
    }
}

function problemOf(
    desired: PortalServerInputs,
    live: PortalServerInputs,
    observation: ServerObservation,
): PortalError | undefined {
    const drift = serverDrift(desired, live);
    if (drift.length === 0) return undefined;
    const what = `verifying portal server ${desired.serverUrl ?? desired.portalUrl}`;
    if ("unreadable" in observation) {
        const remedy = "check the address and the server, then run pulumi preview --refresh";
        const message = `${what}: its settings are unknown: ${observation.unreadable}; ${remedy}`;
        return new PortalError("ERR_SERVER_UNREADABLE", message);
    }
    const differences = serverDifferences(desired, live).join(", ");
    const remedies = serverRemedies(desired, drift).join("; ");
    return new PortalError(
        "ERR_SERVER_DIFFERS",
        `${what}: ${differences}; Pulumi cannot change the server: ${remedies}`,
    );
}
