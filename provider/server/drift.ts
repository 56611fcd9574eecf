// Compares the inputs of a PortalServer with the server's answer, and says how to correct each difference. Pure.
import { isSameRedirectUri } from "../inputs/portalUrl";
import { DAY_MS } from "../days";
import { plain } from "../plainText";
import { counted } from "../sentences";
import { isSameAuthority, regionsAt } from "./authority";
import { READABLE, VALID, type PortalServerInputs } from "./inputs";

/** VB365's object `RestorePortalSettings`. Older versions omit fields. A field that is not set is null or empty. */
export interface RestorePortalSettings {
    readonly applicationId?: string | null;
    readonly msalAuthorityUri?: string | null;
    readonly restorePortalUri?: string | null;
    readonly isEnabled?: boolean;
}

/** The TLS certificate that the server presented. */
export interface ShownCertificate {
    /** SHA-1 thumbprint, upper-case hex. */
    readonly thumbprint: string;
    /** SHA-256 thumbprint, upper-case hex. */
    readonly thumbprintSha256: string;
    /** End of validity, ISO 8601, UTC. */
    readonly notAfter: string;
    /** Node.js's error code or error text if the certificate is not trusted. Missing if it is trusted. */
    readonly untrusted?: string;
}

export interface ServerAnswer {
    readonly settings: RestorePortalSettings;
    readonly tls: ShownCertificate;
}

/** `unreadable`: why the server could not be read. */
export type ServerObservation = ServerAnswer | { readonly unreadable: string };

const NOT_SET = "not set";

type Row<Key extends keyof PortalServerInputs> = (
    desired: PortalServerInputs,
    answer: ServerAnswer,
    now: Date,
) => PortalServerInputs[Key];

/** The live value of each compared input. */
const ROWS: { readonly [Key in keyof PortalServerInputs]?: Row<Key> } = {
    serverStatus: () => READABLE,
    isEnabled: ({ isEnabled }, { settings }) => settings.isEnabled ?? isEnabled,
    applicationId: ({ applicationId }, { settings }) =>
        liveText(applicationId, settings.applicationId, (a, b) => a.toLowerCase() === b.toLowerCase()),
    portalUrl: ({ portalUrl }, { settings }) => liveText(portalUrl, settings.restorePortalUri, isSameRedirectUri),
    authority: ({ authority = "" }, { settings }) => liveText(authority, settings.msalAuthorityUri, isSameAuthority),
    tlsThumbprint: ({ tlsThumbprint = "" }, { tls }) =>
        tlsThumbprint.length === tls.thumbprint.length ? tls.thumbprint : tls.thumbprintSha256,
    tlsCertificate: (desired, { tls }, now) => certificateStatus(desired, tls, now),
};

export const COMPARED_SERVER_INPUTS = Object.keys(ROWS) as (keyof PortalServerInputs)[];

/**
 * The field of the server's answer that contains the live value of an input. If an older version of VB365 omits the
 * field, the live value is unknown.
 */
export const ANSWERED_BY: { readonly [Key in keyof PortalServerInputs]?: keyof RestorePortalSettings } = {
    applicationId: "applicationId",
    portalUrl: "restorePortalUri",
    authority: "msalAuthorityUri",
    isEnabled: "isEnabled",
};

/**
 * Returns the desired spelling if the server's value means the same, or if the server omits the field. Otherwise
 * returns the live value, or `not set` if the field is null or empty.
 */
function liveText(desired: string, live: string | null | undefined, isSame: (a: string, b: string) => boolean): string {
    if (live === undefined) return desired;
    if (live === null || live === "") return NOT_SET;
    return isSame(desired, live) ? desired : plain(live);
}

/** A pinned certificate is not checked against the trust store. */
function certificateStatus({ tlsThumbprint, tlsExpiryDays }: PortalServerInputs, tls: ShownCertificate, now: Date) {
    const end = Date.parse(tls.notAfter);
    const day = tls.notAfter.slice(0, 10);
    if (end <= now.getTime()) return `expired on ${day}`;
    if (tls.untrusted !== undefined && tlsThumbprint === undefined) return `not trusted: ${tls.untrusted}`;
    return end - now.getTime() < tlsExpiryDays * DAY_MS ? `expires on ${day}` : VALID;
}

/**
 * Returns the inputs with their live values, as `read` does. If the server is unreadable, only `serverStatus` differs.
 */
export function liveServerInputs(
    desired: PortalServerInputs,
    observation: ServerObservation,
    now: Date,
): PortalServerInputs {
    if ("unreadable" in observation) return { ...desired, serverStatus: `not readable: ${observation.unreadable}` };
    const live: Record<string, unknown> = { ...desired };
    for (const [key, row] of Object.entries(ROWS)) {
        if (live[key] !== undefined) live[key] = row(desired, observation, now);
    }
    return live as unknown as PortalServerInputs;
}

/** Returns the names of the inputs whose live value differs. */
export function serverDrift(desired: PortalServerInputs, live: PortalServerInputs): (keyof PortalServerInputs)[] {
    return COMPARED_SERVER_INPUTS.filter((key) => live[key] !== desired[key]);
}

const PLACE = "General Options > REST API";

/**
 * Returns the steps for the administrator of the VB365 server, because VB365's REST API cannot write these settings.
 */
export function serverRemedies(desired: PortalServerInputs, drift: readonly (keyof PortalServerInputs)[]): string[] {
    const has = (...keys: (keyof PortalServerInputs)[]) => keys.some((key) => drift.includes(key));
    return [
        ...(has("isEnabled", "applicationId", "portalUrl", "authority") ? [settingsRemedy(desired, has)] : []),
        ...(has("applicationId", "authority")
            ? [
                  "the server also needs the certificate of the portal's application: npx pulumi-restore-portal handover writes one script for the settings and the certificate",
              ]
            : []),
        ...(has("tlsThumbprint")
            ? [
                  `install the REST API certificate with the thumbprint ${desired.tlsThumbprint ?? ""} on the VB365 server (${PLACE}); if the server has the right certificate, set tlsThumbprint to the thumbprint of that certificate`,
              ]
            : []),
        ...(has("tlsCertificate") ? [certificateRemedy(desired)] : []),
    ];
}

function certificateRemedy({ tlsThumbprint, tlsExpiryDays }: PortalServerInputs): string {
    const trusted = tlsThumbprint === undefined ? "that Node.js trusts and " : "";
    return `on the VB365 server (${PLACE}) install a REST API certificate ${trusted}that is valid for more than ${counted(tlsExpiryDays, "day")}`;
}

function settingsRemedy(
    { applicationId, portalUrl, authority = "" }: PortalServerInputs,
    has: (key: keyof PortalServerInputs) => boolean,
): string {
    const parameters = [
        ...(has("isEnabled") ? ["-EnableService"] : []),
        ...(has("applicationId") ? [`-ApplicationId ${applicationId}`] : []),
        ...(has("portalUrl") ? [`-PortalUri ${portalUrl}`] : []),
        ...(has("authority") ? [`-Region ${regionsAt(authority).join(" or ") || `<the region of ${authority}>`}`] : []),
    ];
    return `on the VB365 server run Set-VBORestorePortalSettings ${parameters.join(" ")}, or use its console (General Options > Restore Portal)`;
}

/** Returns `applicationId is "..." instead of "..."`, for each input that differs. */
export function serverDifferences(desired: PortalServerInputs, live: PortalServerInputs): string[] {
    return serverDrift(desired, live).map(
        (key) => `${key} is ${JSON.stringify(live[key])} instead of ${JSON.stringify(desired[key])}`,
    );
}
