// Reads the Restore Portal settings from the REST API of VB365. The requests need no credentials. The API cannot write
// the settings.
import { checkServerIdentity, type PeerCertificate, type TLSSocket } from "node:tls";

import { isoSeconds } from "../days";
import { ATTEMPT_TIMEOUT_MS, reasonOf } from "../entra/http";
import { getOverTls } from "../entra/network";
import { networkAdvice } from "../entra/networkAdvice";
import { AN_HTML_PAGE, otherForm, wireOf, type Wire } from "../entra/wire";
import { thumbprintsOf } from "../inputs/thumbprints";
import { PortalError } from "../portalError";
import { flag, hasShape, object, optional, text } from "../shape";
import type { RestorePortalSettings, ServerAnswer, ShownCertificate } from "./drift";

/** Newest version first. A server answers 404 for a version that it does not have. */
const VERSIONS = ["v8", "v7", "v6"] as const;
const MAX_ANSWER_BYTES = 64 * 1024;

interface Addresses {
    readonly serverUrl?: string | undefined;
    readonly portalUrl: string;
}

/**
 * Reads the settings from `serverUrl`, or from `portalUrl` if `serverUrl` is unset. The TLS certificate counts as
 * trusted only if it names the host of one of them.
 */
export async function readServer({ serverUrl, portalUrl }: Addresses): Promise<ServerAnswer> {
    // If an address is in `ignoreChanges`, it may be a text that a refresh stored, such as "not set".
    for (const [name, url] of Object.entries({ serverUrl, portalUrl }))
        if (url !== undefined && !URL.canParse(url))
            throw unreadable(`${name} is "${url}", which is not a URL; remove ${name} from ignoreChanges`);
    const address = serverUrl ?? portalUrl;
    let answer: HttpsAnswer | undefined;
    for (const version of VERSIONS) {
        const url = `${address.replace(/\/$/, "")}/${version}/RestorePortalSettings`;
        answer = await get(url, new URL(portalUrl).hostname);
        if (answer.status !== 404) break;
    }
    if (!answer) throw new Error("the list of versions is empty");
    return { settings: settingsOf(answer, new URL(address).host), tls: answer.tls };
}

interface HttpsAnswer {
    readonly status: number;
    readonly location: string | undefined;
    readonly contentType: string | undefined;
    readonly text: string;
    readonly tls: ShownCertificate;
}

/**
 * Accepts any TLS certificate, and returns the reason if it is not trusted. The caller verifies the certificate, so an
 * untrusted certificate must not end the request. This is safe, because the request contains no secret.
 */
async function get(url: string, portalHost: string): Promise<HttpsAnswer> {
    const { host } = new URL(url);
    try {
        const { answer, socket, certificate, close } = await getOverTls(
            url,
            { Accept: "application/json" },
            {
                rejectUnauthorized: false,
                signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
                // A server that is read by its internal name presents the certificate of the portal's web address, so
                // the host name of the web address is accepted too.
                checkServerIdentity: (name, certificate) =>
                    checkServerIdentity(name, certificate) && checkServerIdentity(portalHost, certificate),
            },
        );
        try {
            const { statusCode: status, headers, body } = answer;
            const location = [headers["location"]].flat()[0];
            const contentType = [headers["content-type"]].flat()[0];
            return {
                status,
                location,
                contentType,
                tls: shownCertificate(socket, certificate),
                text: await textOf(body, host),
            };
        } finally {
            await close();
        }
    } catch (error) {
        if (error instanceof PortalError) throw error;
        const known = networkAdvice(error, url);
        const reason = `${host} cannot be reached (${causeOf(error)})`;
        throw unreadable(known ? `${reason}; ${known.advice}` : reason, error);
    }
}

/** Throws for an answer of more than MAX_ANSWER_BYTES, because such an answer comes from another service. */
async function textOf(body: AsyncIterable<Uint8Array>, host: string): Promise<string> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of body) {
        chunks.push(chunk);
        size += chunk.length;
        if (size > MAX_ANSWER_BYTES)
            throw unreadable(
                `the answer has more than ${MAX_ANSWER_BYTES} bytes, so another service answers at ${host}; set serverUrl to the address of VB365's REST API`,
            );
    }
    return Buffer.concat(chunks).toString("utf8");
}

/** OpenSSL's own text is left out, because it begins with a thread number that differs in each preview. */
function causeOf(error: unknown): string {
    const { code = "" } = error as { code?: string };
    if (code === "UND_ERR_SOCKET") return "ECONNRESET: the server closed the connection";
    return /^(EPROTO|ERR_SSL)/.test(code)
        ? `${code}: the TLS handshake failed; another service may use this port`
        : reasonOf(error);
}

function shownCertificate(socket: TLSSocket, certificate: PeerCertificate): ShownCertificate {
    return {
        ...thumbprintsOf(certificate.raw),
        notAfter: isoSeconds(new Date(certificate.valid_to)),
        ...(socket.authorized ? {} : { untrusted: trustError(socket.authorizationError) }),
    };
}

/** Returns the reason as text. Node.js gives a code or a text, although its types declare an Error. */
function trustError(error: unknown): string {
    return error instanceof Error ? ((error as { code?: string }).code ?? error.message) : String(error);
}

/** Older versions omit fields, so most fields are optional. The shape refuses fields of another type. */
const someSettings = object({
    isEnabled: flag,
    applicationId: optional(text),
    msalAuthorityUri: optional(text),
    restorePortalUri: optional(text),
});
/** An error of VB365 is {message, errorCode, stackTrace}. */
const anError = object({ message: text });

function settingsOf(answer: HttpsAnswer, host: string): RestorePortalSettings {
    const { status, location, contentType } = answer;
    const wire = wireOf(answer.text, contentType);
    const json = "json" in wire ? wire.json : undefined;
    if (status === 200 && isSettings(json)) return json;
    if ("came" in wire && wire.came === AN_HTML_PAGE) {
        throw unreadable(
            `${host} answered ${status} with an HTML page, not as VB365's REST API does; check whether a proxy or another service answers in its place`,
        );
    }
    if (status >= 300 && status < 400) {
        throw unreadable(
            `${host} answered ${status}, a redirect ${location === undefined ? "without an address" : `to ${location}`}; set serverUrl to the address of VB365's REST API`,
        );
    }
    if (status === 200) {
        throw unreadable(
            `${host} answered, but not with VB365's Restore Portal settings (${cameOf(wire)}); check whether ${host} is the address of VB365's REST API`,
        );
    }
    if (hasShape<{ message: string }>(json, anError)) {
        throw unreadable(`${host} answered ${status}: ${json.message.slice(0, 300)}`);
    }
    throw unreadable(`${host} answered ${status} with ${cameOf(wire)}`);
}

function isSettings(json: unknown): json is RestorePortalSettings {
    return hasShape<RestorePortalSettings>(json, someSettings) && json.applicationId !== undefined;
}

function cameOf(wire: Wire): string {
    if ("came" in wire) return wire.came;
    return otherForm(someSettings(wire.json) ?? "applicationId is missing");
}

function unreadable(what: string, cause?: unknown): PortalError {
    return new PortalError("ERR_SERVER_UNREADABLE", what, { cause });
}
