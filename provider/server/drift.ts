// Holds the inputs of a PortalServer against what the server answered: one row per input, and what to do about each. Pure.
import { isSameRedirectUri } from "../inputs/portalUrl";
import { DAY_MS } from "../days";
import { isSameAuthority } from "./authority";
import { READABLE, VALID, type PortalServerInputs } from "./inputs";

/** What `RestorePortalSettings` of the REST API answers. Older versions leave fields out; one that is not set is null or empty. */
export interface RestorePortalSettings {
    readonly applicationId?: string | null;
    readonly msalAuthorityUri?: string | null;
    readonly restorePortalUri?: string | null;
    readonly isEnabled?: boolean;
}

/** The TLS certificate that the server showed. */
export interface ShownCertificate {
    /** Upper-case hex. */
    readonly thumbprint: string;
    readonly thumbprintSha256: string;
    /** ISO 8601, UTC. */
    readonly notAfter: string;
    /** Why browsers would not trust it, by Node's code. */
    readonly untrusted?: string;
}

export interface ServerObservation {
    readonly settings: RestorePortalSettings;
    readonly tls: ShownCertificate;
}

/** `unreadable`: why nothing could be seen. */
export type Sighting = ServerObservation | { readonly unreadable: string };

const NOT_SET = "not set";

type Row<Key extends keyof PortalServerInputs> = (
    inputs: PortalServerInputs,
    seen: ServerObservation,
    now: Date,
) => PortalServerInputs[Key];

const ROWS: { readonly [Key in keyof PortalServerInputs]?: Row<Key> } = {
    serverStatus: () => READABLE,
    isEnabled: ({ isEnabled }, { settings }) => settings.isEnabled ?? isEnabled,
    applicationId: ({ applicationId }, { settings }) =>
        as(applicationId, settings.applicationId, (a, b) => a.toLowerCase() === b.toLowerCase()),
    portalUrl: ({ portalUrl }, { settings }) => as(portalUrl, settings.restorePortalUri, isSameRedirectUri),
    authority: ({ authority = "" }, { settings }) => as(authority, settings.msalAuthorityUri, isSameAuthority),
    tlsThumbprint: ({ tlsThumbprint = "" }, { tls }) =>
        tlsThumbprint.length === tls.thumbprint.length ? tls.thumbprint : tls.thumbprintSha256,
    tlsCertificate: (inputs, { tls }, now) => certificateStatus(inputs, tls, now),
};

export const COMPARED_SERVER_INPUTS = Object.keys(ROWS) as (keyof PortalServerInputs)[];

/** The field of the answer behind an input; older versions leave some out, and then nothing is known of it. */
export const ANSWERED_BY: { readonly [Key in keyof PortalServerInputs]?: keyof RestorePortalSettings } = {
    applicationId: "applicationId",
    portalUrl: "restorePortalUri",
    authority: "msalAuthorityUri",
    isEnabled: "isEnabled",
};

/** The wish in its own spelling where the server means the same, or does not answer the field. */
function as(wanted: string, live: string | null | undefined, isSame: (a: string, b: string) => boolean): string {
    if (live === undefined) return wanted;
    if (live === null || live === "") return NOT_SET;
    return isSame(wanted, live) ? wanted : live;
}

/** A pinned certificate need not be trusted by anybody else. */
function certificateStatus({ tlsThumbprint, tlsExpiryDays }: PortalServerInputs, tls: ShownCertificate, now: Date) {
    const end = Date.parse(tls.notAfter);
    const day = tls.notAfter.slice(0, 10);
    if (end <= now.getTime()) return `expired on ${day}`;
    if (tls.untrusted !== undefined && tlsThumbprint === undefined) return `not trusted: ${tls.untrusted}`;
    return end - now.getTime() < tlsExpiryDays * DAY_MS ? `expires on ${day}` : VALID;
}

/** The inputs with each live value in its place: what `read` answers. Of an unreadable server only that is known. */
export function liveServerInputs(inputs: PortalServerInputs, seen: Sighting, now: Date): PortalServerInputs {
    if ("unreadable" in seen) return { ...inputs, serverStatus: `not readable: ${seen.unreadable}` };
    const live: Record<string, unknown> = { ...inputs };
    for (const [key, row] of Object.entries(ROWS)) {
        if (live[key] !== undefined) live[key] = row(inputs, seen, now);
    }
    return live as unknown as PortalServerInputs;
}

/** Names of the inputs in which the server differs. */
export function serverDrift(inputs: PortalServerInputs, live: PortalServerInputs): (keyof PortalServerInputs)[] {
    return COMPARED_SERVER_INPUTS.filter((key) => live[key] !== inputs[key]);
}

/** What an administrator does on the VB365 server; no API can. */
export function serverRemedies(inputs: PortalServerInputs, differing: readonly (keyof PortalServerInputs)[]): string[] {
    const has = (...keys: (keyof PortalServerInputs)[]) => keys.some((key) => differing.includes(key));
    const parameters = [
        ...(has("isEnabled") ? ["-EnableService"] : []),
        ...(has("applicationId") ? [`-ApplicationId ${inputs.applicationId}`] : []),
        ...(has("portalUrl") ? [`-PortalUri ${inputs.portalUrl}`] : []),
        ...(has("authority") ? ["-Region <the region of this sign-in URL>"] : []),
    ];
    const settings = `on the VB365 server run Set-VBORestorePortalSettings ${parameters.join(" ")}, or use its console (General Options > Restore Portal)`;
    const certificate =
        "another application needs its own certificate there: npx pulumi-restore-portal handover writes both into one script";
    return [
        ...(parameters.length > 0 ? [settings] : []),
        ...(has("applicationId", "authority") ? [certificate] : []),
        ...(has("tlsThumbprint", "tlsCertificate")
            ? ["install another REST API certificate on the VB365 server (General Options > REST API)"]
            : []),
    ];
}

/** `applicationId: "..." instead of "..."`, for each input that differs. */
export function serverDifferences(inputs: PortalServerInputs, live: PortalServerInputs): string[] {
    return serverDrift(inputs, live).map(
        (key) => `${key} is ${JSON.stringify(live[key])} instead of ${JSON.stringify(inputs[key])}`,
    );
}
