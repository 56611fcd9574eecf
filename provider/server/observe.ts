// A look at the portal server: the inputs with their live counterparts, and what to tell where they differ.
import { clock } from "../entra/clock";
import { PortalError } from "../portalError";
import { readServer } from "./restApi";
import {
    liveServerInputs,
    serverDifferences,
    serverDrift,
    serverRemedies,
    type ShownCertificate,
    type Sighting,
} from "./drift";
import type { PortalServerInputs } from "./inputs";

/** Each input as it was found, and as it was asked for: a refreshed state holds the former. */
export interface PortalServerState extends PortalServerInputs {
    readonly desired: PortalServerInputs;
    readonly tls?: ShownCertificate;
}

interface Look {
    readonly state: PortalServerState;
    /** The inputs as found. */
    readonly inputs: PortalServerInputs;
    readonly problem: PortalError | undefined;
}

export async function lookAtServer(desired: PortalServerInputs): Promise<Look> {
    const seen = await sightingOf(desired);
    const inputs = liveServerInputs(desired, seen, clock.now());
    const tls = "unreadable" in seen ? {} : { tls: seen.tls };
    return { inputs, state: { ...inputs, desired, ...tls }, problem: problemOf(desired, inputs, seen) };
}

/** What the server answers; one that cannot be read is an error only where the program says so. */
export async function sightingOf({ serverUrl, portalUrl, required }: PortalServerInputs): Promise<Sighting> {
    try {
        return await readServer(serverUrl ?? portalUrl, portalUrl);
    } catch (error) {
        if (!(error instanceof PortalError)) throw error;
        if (!required) return { unreadable: error.message };
        const remedy = `make it reachable from here, or leave "required" out`;
        throw new PortalError(error.code, `reading the portal server: ${error.message}; ${remedy}`, { cause: error });
    }
}

function problemOf(desired: PortalServerInputs, live: PortalServerInputs, seen: Sighting): PortalError | undefined {
    const differing = serverDrift(desired, live);
    if (differing.length === 0) return undefined;
    const what = `portal server ${desired.serverUrl ?? desired.portalUrl}`;
    if ("unreadable" in seen) {
        return new PortalError("ERR_SERVER_UNREADABLE", `${what} was not verified: ${seen.unreadable}`);
    }
    const [differences, remedies] = [serverDifferences(desired, live), serverRemedies(desired, differing)];
    return new PortalError(
        "ERR_SERVER_DIFFERS",
        `verifying ${what}: ${differences.join(", ")}; Pulumi cannot change it: ${remedies.join("; ")}`,
    );
}
