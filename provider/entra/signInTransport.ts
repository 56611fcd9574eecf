// The HTTP client of one sign-in of the library. It sends through network.ts, as every request of the provider does, and
// keeps the failure that the library hides behind an error of its own.
// For each sign-in the library reads the tenant's OpenID discovery document, which the provider has just read to find
// the region. This client returns that document, so a sign-in takes only one request.
import type { HttpClient, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";

import { PortalError } from "../portalError";
import { documentAt } from "./discovery";
import { ATTEMPT_TIMEOUT_MS, transportError } from "./http";
import { send, sendDirectly } from "./network";

// Loaded on demand, as the library is.
const loadPipeline = () => import("@azure/core-rest-pipeline");
type Pipeline = Awaited<ReturnType<typeof loadPipeline>>;

export async function signInTransport(purpose: string): Promise<SignInTransport> {
    return new SignInTransport(await loadPipeline(), purpose);
}

export class SignInTransport implements HttpClient {
    /** Why the last request got no answer of a token service. */
    failure: PortalError | undefined;

    constructor(
        private readonly pipeline: Pipeline,
        private readonly purpose: string,
    ) {}

    /** For the endpoint of managed identities, which is on this machine. */
    get direct(): HttpClient {
        return { sendRequest: (request) => this.over(sendDirectly, request) };
    }

    async sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
        const document = request.method === "GET" ? documentAt(request.url) : undefined;
        if (document !== undefined) return this.answer(request, 200, JSON.stringify(document));
        this.failure = undefined;
        try {
            const response = await this.over(send, request);
            this.failure = unusable(response, this.purpose);
            return response;
        } catch (error) {
            this.failure = transportError(error, request.url, this.purpose);
            throw new this.pipeline.RestError(this.failure.message, { ...retryCode(error, this.failure), request });
        }
    }

    private async over(sender: typeof send, request: PipelineRequest): Promise<PipelineResponse> {
        const timeout = AbortSignal.timeout(ATTEMPT_TIMEOUT_MS);
        const answer = await sender(request.url, {
            method: request.method,
            headers: request.headers.toJSON(),
            body: typeof request.body === "string" ? request.body : null,
            redirect: "manual",
            signal: timeout,
        });
        return this.answer(request, answer.status, await answer.text(), Object.fromEntries(answer.headers));
    }

    private answer(request: PipelineRequest, status: number, bodyAsText: string, headers = {}): PipelineResponse {
        return { request, status, bodyAsText, headers: this.pipeline.createHttpHeaders(headers) };
    }
}

/** The library repeats a request by this code. If somebody has to change something first, it must not. */
function retryCode(error: unknown, { code }: PortalError): { code?: string } {
    if (code === "ERR_ENVIRONMENT") return {};
    const { cause = error } = error as { cause?: unknown };
    const { code: reason } = cause as { code?: string };
    return reason === undefined ? {} : { code: reason };
}

/** A token service answers JSON with a token or with an error. Anything else comes from something in between. */
function unusable({ request, status, bodyAsText }: PipelineResponse, purpose: string): PortalError | undefined {
    const text = bodyAsText ?? "";
    const body = parse(text);
    const isToken = request.method === "POST" && request.url.includes("/oauth2/");
    if (isObject(body) && (!isToken || status !== 200 || typeof body["access_token"] === "string")) return undefined;
    const { host } = new URL(request.url);
    return new PortalError(
        "ERR_GRAPH_UNAVAILABLE",
        `${purpose}: ${host} answered ${status} with ${formOf(text, body)}, not as a token service does; check whether a proxy or another service answers in its place`,
        { status },
    );
}

function formOf(text: string, body: unknown): string {
    if (isObject(body)) return "JSON without a token";
    if (text.trim() === "") return "an empty body";
    return text.trimStart().startsWith("<") ? "an HTML page" : "something other than a JSON object";
}

function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
    try {
        return JSON.parse(text) as unknown;
    } catch {
        return undefined;
    }
}
