// Asks the REST API of VB365 for its Restore Portal settings. Anonymous and read-only: it has no way to write them.
import { createHash } from "node:crypto";
import { request } from "node:https";
import { checkServerIdentity, type PeerCertificate, type TLSSocket } from "node:tls";

import { isoSeconds } from "../days";
import { ATTEMPT_TIMEOUT_MS, reasonOf } from "../entra/http";
import { PortalError } from "../portalError";
import type { RestorePortalSettings, ServerObservation, ShownCertificate } from "./drift";

/** Newest first; a server that does not know one answers 404. */
const VERSIONS = ["v8", "v7", "v6"] as const;
const MAX_ANSWER_BYTES = 64 * 1024;

/** `serverUrl`: where to ask; `portalUrl`: the address whose users have to trust the certificate. */
export async function readServer(serverUrl: string, portalUrl: string): Promise<ServerObservation> {
    // With ignoreChanges an address may be what a refresh found.
    if (![serverUrl, portalUrl].every((url) => URL.canParse(url))) throw unreadable(`${serverUrl} is no address`);
    let answer: HttpsAnswer | undefined;
    for (const version of VERSIONS) {
        const url = `${serverUrl.replace(/\/$/, "")}/${version}/RestorePortalSettings`;
        answer = await get(url, new URL(portalUrl).hostname);
        if (answer.status !== 404) break;
    }
    if (!answer) throw new Error("no version was asked");
    return { settings: settingsOf(answer, new URL(serverUrl).host), tls: answer.tls };
}

interface HttpsAnswer {
    readonly status: number;
    readonly location: string | undefined;
    readonly text: string;
    readonly tls: ShownCertificate;
}

/** The one way to the server. The certificate is judged, not enforced: nothing secret is sent, and what is wrong with it has a name. */
function get(url: string, portalHost: string): Promise<HttpsAnswer> {
    const { host } = new URL(url);
    return new Promise((done, fail) => {
        const refuse = (error: unknown) => fail(unreadable(`${host} cannot be reached (${causeOf(error)})`, error));
        const outgoing = request(url, {
            agent: false,
            headers: { Accept: "application/json" },
            rejectUnauthorized: false,
            signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
            // Asked by an inner name the server still shows the certificate that is meant for the portal's users.
            checkServerIdentity: (name, certificate) =>
                checkServerIdentity(name, certificate) && checkServerIdentity(portalHost, certificate),
        });
        outgoing.on("error", refuse);
        outgoing.on("response", (incoming) => {
            const tls = shownCertificate(incoming.socket as unknown as TLSSocket);
            let text = "";
            incoming.setEncoding("utf8");
            incoming.on("data", (chunk: string) => {
                text += chunk;
                if (text.length > MAX_ANSWER_BYTES) incoming.destroy(new Error("the answer does not end"));
            });
            incoming.on("error", refuse);
            incoming.on("end", () =>
                done({ status: incoming.statusCode ?? 0, location: incoming.headers.location, text, tls }),
            );
        });
        outgoing.end();
    });
}

/** OpenSSL's own text begins with the number of a thread, which would be another one in each preview. */
function causeOf(error: unknown): string {
    const { code = "" } = error as { code?: string };
    return /^(EPROTO|ERR_SSL)/.test(code) ? `${code}: it does not speak TLS as expected` : reasonOf(error);
}

function shownCertificate(socket: TLSSocket): ShownCertificate {
    const certificate: PeerCertificate = socket.getPeerCertificate();
    const digest = (algorithm: string) => createHash(algorithm).update(certificate.raw).digest("hex").toUpperCase();
    return {
        thumbprint: digest("sha1"),
        thumbprintSha256: digest("sha256"),
        notAfter: isoSeconds(new Date(certificate.valid_to)),
        ...(socket.authorized ? {} : { untrusted: trustError(socket.authorizationError) }),
    };
}

/** Node gives a code, an Error for a wrong name, or a text. */
function trustError(error: unknown): string {
    return error instanceof Error ? ((error as { code?: string }).code ?? error.message) : String(error);
}

function settingsOf({ status, location, text }: HttpsAnswer, host: string): RestorePortalSettings {
    const body = parse(text);
    if (status === 200 && isSettings(body)) return body;
    if (/^\s*</.test(text)) {
        throw unreadable(
            `${host} answered ${status} with an HTML page, not as VB365's REST API; look for a proxy or another service in between`,
        );
    }
    if (status >= 300 && status < 400)
        throw unreadable(`${host} answered ${status}, a redirection to ${location ?? "nowhere"}`);
    // VB365: {message, errorCode, stackTrace}
    const { message } = (body ?? {}) as { message?: unknown };
    const said = typeof message === "string" ? `: ${message.slice(0, 300)}` : "";
    throw unreadable(
        status === 200
            ? `${host} answered without the settings of a Restore Portal`
            : `${host} answered ${status}${said}`,
    );
}

function isSettings(body: unknown): body is RestorePortalSettings {
    const { applicationId, isEnabled } = (body ?? {}) as RestorePortalSettings;
    return typeof isEnabled === "boolean" && (typeof applicationId === "string" || applicationId === null);
}

function parse(text: string): unknown {
    try {
        return JSON.parse(text) as unknown;
    } catch {
        return undefined;
    }
}

function unreadable(what: string, cause?: unknown): PortalError {
    return new PortalError("ERR_SERVER_UNREADABLE", what, { cause });
}
