// Emulates the portal server of VB365: the anonymous routes of its REST API for Restore Portal settings and health. The
// real REST API has no route that changes these settings. So administrators use the console or PowerShell, and tests
// call `configure`.
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

import type { CertificateAuthority, IssueOptions, ServerCertificate } from "./certificateAuthority";
import { closeServer, parseJson, readText } from "./server";

export interface RestorePortalSettings {
    readonly applicationId: string;
    readonly msalAuthorityUri: string;
    readonly restorePortalUri: string;
    readonly isEnabled: boolean;
}

/** An answer that replaces the real one: a proxy's page, a redirection, an error, or a closed connection. */
export interface StandIn {
    readonly status?: number;
    readonly html?: string;
    readonly body?: unknown;
    readonly location?: string;
    /** Closes the connection without an answer. */
    readonly drop?: boolean;
}

type Version = "v6" | "v7" | "v8";
type Answer = Pick<StandIn, "html" | "body" | "location"> & { readonly status: number };

export interface PortalServer {
    readonly url: string;
    /** Changes settings, as `Set-VBORestorePortalSettings` and the console do. Omitted settings stay. */
    configure(settings: Partial<RestorePortalSettings>): void;
    /** Sets the versions of the REST API that the server has. Default: v6 to v8. */
    setVersions(versions: readonly Version[]): void;
    setCertificate(options: IssueOptions): void;
    /** Replaces the real answers. After `undefined`, the server gives real answers again. */
    answerWith(standIn: StandIn | undefined): void;
    /** Returns the requests in order, such as `GET /v8/RestorePortalSettings`. */
    requests(): readonly string[];
    close(): Promise<void>;
}

export async function startPortalServer(
    authority: CertificateAuthority,
    loginUrl: string,
    port: number,
): Promise<PortalServer> {
    const state = new State(loginUrl);
    const tls = ({ certificatePem, keyPem }: ServerCertificate) => ({ cert: certificatePem, key: keyPem });
    const setCertificate = (options: IssueOptions) =>
        server.setSecureContext(tls(authority.issue(new Date(), options)));
    const server = createServer(tls(authority.issue(new Date(), { validDays: 365 })), (request, response) => {
        void answer(state, setCertificate, request, response);
    });
    await new Promise<void>((done, fail) => {
        server.once("error", fail);
        server.listen(port, "127.0.0.1", done);
    });
    return {
        url: `https://localhost:${(server.address() as AddressInfo).port}`,
        configure: (settings) => state.configure(settings),
        setVersions: (versions) => (state.versions = versions),
        setCertificate,
        answerWith: (standIn) => (state.standIn = standIn),
        requests: () => state.requests,
        close: () => closeServer(server),
    };
}

const NOT_SET_UP = {
    applicationId: "00000000-0000-0000-0000-000000000000",
    restorePortalUri: "",
    isEnabled: false,
} as const;
const TYPES: Readonly<Record<keyof RestorePortalSettings, string>> = {
    applicationId: "string",
    msalAuthorityUri: "string",
    restorePortalUri: "string",
    isEnabled: "boolean",
};

class State {
    settings: RestorePortalSettings;
    versions: readonly Version[] = ["v6", "v7", "v8"];
    standIn: StandIn | undefined;
    requests: string[] = [];

    constructor(loginUrl: string) {
        this.settings = { ...NOT_SET_UP, msalAuthorityUri: `${loginUrl}/` };
    }

    configure(settings: Partial<RestorePortalSettings>): void {
        for (const [name, value] of Object.entries(settings)) {
            const type = (TYPES as Readonly<Record<string, string>>)[name];
            if (type === undefined) throw new Error(`unknown setting "${name}"; use ${Object.keys(TYPES).join(", ")}`);
            if (typeof value !== type) throw new Error(`setting ${name} must be a ${type}, got a ${typeof value}`);
        }
        this.settings = { ...this.settings, ...settings };
    }
}

async function answer(
    state: State,
    setCertificate: (options: IssueOptions) => void,
    request: IncomingMessage,
    response: ServerResponse,
): Promise<void> {
    const { method = "GET", url: path = "/" } = request;
    if (path.startsWith("/_emulator/")) {
        respond(response, control(state, setCertificate, `${method} ${path}`, parseJson(await readText(request))));
        return;
    }
    state.requests.push(`${method} ${path}`);
    const { standIn } = state;
    if (standIn?.drop === true) request.socket.destroy();
    else respond(response, standIn ? { status: 200, ...standIn } : answerApi(state, method, path));
}

function answerApi({ versions, settings }: State, method: string, path: string): Answer {
    const [, version = "", name = ""] = /^\/(v\d+)\/(\w+)$/i.exec(path.split("?")[0] ?? "") ?? [];
    const routes: Readonly<Record<string, unknown>> = {
        // Veeam's reference of v6 documents only two of the four fields.
        restoreportalsettings:
            version.toLowerCase() === "v6"
                ? { applicationId: settings.applicationId, isEnabled: settings.isEnabled }
                : settings,
        health: { status: "Healthy" },
    };
    const body = routes[name.toLowerCase()];
    if (body === undefined || !(versions as readonly string[]).includes(version.toLowerCase()))
        return failure(404, "NotFound", `${path} is not found`);
    return method === "GET" ? { status: 200, body } : failure(405, "MethodNotAllowed", `${method} is not allowed`);
}

function failure(status: number, errorCode: string, message: string): Answer {
    return { status, body: { message, errorCode, stackTrace: null } };
}

/** Offers the controls of `PortalServer` over HTTP, for tests that run the emulator as a separate process. */
function control(
    state: State,
    setCertificate: (options: IssueOptions) => void,
    route: string,
    body: unknown = {},
): Answer {
    const actions: Readonly<Record<string, () => unknown>> = {
        "GET /_emulator/requests": () => state.requests,
        "DELETE /_emulator/requests": () => (state.requests = []),
        "PUT /_emulator/settings": () => state.configure(body as Partial<RestorePortalSettings>),
        "PUT /_emulator/versions": () => (state.versions = body as Version[]),
        "PUT /_emulator/certificate": () => setCertificate(body as IssueOptions),
        "PUT /_emulator/answer": () => (state.standIn = body as StandIn),
        "DELETE /_emulator/answer": () => (state.standIn = undefined),
    };
    const action = actions[route];
    if (!action) return { status: 404, body: { error: `unknown control: ${route}`, known: Object.keys(actions) } };
    try {
        return { status: 200, body: action() ?? {} };
    } catch (error) {
        return { status: 400, body: { error: error instanceof Error ? error.message : String(error) } };
    }
}

function respond(response: ServerResponse, { status, html, body, location }: Answer): void {
    response.writeHead(status, {
        "content-type": html === undefined ? "application/json; charset=utf-8" : "text/html",
        ...(location === undefined ? {} : { location }),
    });
    response.end(html ?? (body === undefined ? "" : JSON.stringify(body)));
}
