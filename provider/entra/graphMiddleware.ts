// Makes the middleware chain for @microsoft/microsoft-graph-client: token, retry and timeout. The library's own chain
// retries too few failures, has no timeout, and loses the reason of a failed connection.
import { randomUUID } from "node:crypto";

import type { Context, Middleware, MiddlewareOptions } from "@microsoft/microsoft-graph-client";

import { clock } from "./clock";
import { CALLING_GRAPH, errorOf, isUncertainStatus } from "./graphErrors";
import type { GraphRequest } from "./graphRequest";
import { ATTEMPT_TIMEOUT_MS, transportError } from "./http";
import type { PortalError } from "../portalError";
import type { InFlight } from "./inFlight";
import { send } from "./network";
import { pauseBeforeRetry, ruleOf } from "./retry";
import { wireOf } from "./wire";

/**
 * Returns an access token. `rejected`: a token that Graph refused, so a new token is needed. `claims`: the challenge in
 * that refusal.
 */
export type TokenSource = (refusal?: { readonly rejected: string; readonly claims?: string }) => Promise<string>;

/**
 * Passes a request to the middleware chain, and the chain's failure back to the caller. The library replaces an error
 * that a middleware throws by its own error, which lacks our code and status.
 */
export class RequestControl implements MiddlewareOptions {
    failure: unknown;

    constructor(
        readonly request: GraphRequest,
        readonly inFlight: InFlight,
    ) {}
}

type Headers = Record<string, string>;

/** Entra's audit log shows this name with each change, so that people recognize the changes of a deployment. */
const USER_AGENT = "pulumi-restore-portal";

export function middlewareChain(getToken: TokenSource): Middleware {
    return new GraphTransport(getToken);
}

class GraphTransport implements Middleware {
    constructor(private readonly getToken: TokenSource) {}

    async execute(context: Context): Promise<void> {
        const control = context.middlewareControl?.getMiddlewareOptions(RequestControl) as RequestControl;
        try {
            await this.executeUnderRule(context, control);
        } catch (error) {
            control.failure = error;
            throw error;
        }
    }

    private async executeUnderRule(context: Context, { request, inFlight }: RequestControl): Promise<void> {
        const own = { "client-request-id": randomUUID(), "User-Agent": USER_AGENT };
        const headers = { ...own, ...(context.options?.headers as Headers | undefined) };
        const { startedAt = clock.now().getTime(), onUncertain } = request;
        let token = await this.getToken();
        let isRenewed = false;
        for (let count = 1; ; count++) {
            const withToken = { ...headers, Authorization: `Bearer ${token}` };
            const { error, retryAfter } = await inFlight.run(() => this.attempt(context, withToken, request));
            if (error === undefined) return;
            const { status = 0 } = error;
            if (status === 429) inFlight.noteThrottled();
            if (status === 401 && !isRenewed) {
                isRenewed = true;
                token = await this.getToken({ rejected: token, ...challengeOf(context.response) });
                continue;
            }
            const pause = pauseBeforeRetry({ status, retryAfter }, count, ruleOf(request), startedAt);
            if (pause === undefined) throw error;
            if (isUncertainStatus(status)) onUncertain?.();
            await clock.sleep(pause);
        }
    }

    private async attempt(context: Context, headers: Headers, request: GraphRequest): Promise<Attempted> {
        context.options = { ...context.options, headers, signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS) };
        try {
            context.response = await send(urlOf(context), context.options);
            return await checkedAnswer(context, request);
        } catch (error) {
            const failure = transportError(error, urlOf(context), CALLING_GRAPH);
            // A retry cannot help until somebody corrects the cause, such as a setting of this machine or of the proxy.
            if (failure.code === "ERR_ENVIRONMENT") throw failure;
            return { error: failure };
        }
    }
}

interface Attempted {
    readonly error?: PortalError | undefined;
    readonly retryAfter?: string | null;
}

/** The library's type for `request` comes from the DOM, which Node.js does not have. */
function urlOf({ request }: Context): string {
    const target = request as unknown as string | { readonly url: string };
    return typeof target === "string" ? target : target.url;
}

/**
 * Reads and checks the body here, because the connection may break while the body arrives. Here the request can still
 * be retried.
 */
async function checkedAnswer(context: Context, request: GraphRequest): Promise<Attempted> {
    const { response } = context;
    if (!response) throw new Error("no answer");
    const { status, headers } = response;
    const text = new TextDecoder().decode(await response.arrayBuffer());
    const wire = status === 204 ? undefined : wireOf(text, headers.get("content-type"));
    const retryAfter = headers.get("retry-after");
    const { host } = new URL(urlOf(context));
    const error = errorOf({ host, status, wire, retryAfter }, { ...request, purpose: CALLING_GRAPH });
    if (error) return { error, retryAfter };
    // The body has already been read, so the library gets a new response. The library chooses its parser by the content
    // type.
    const json = wire === undefined ? { status: 204 } : { status, headers: { "content-type": "application/json" } };
    context.response = new Response(wire === undefined ? null : text, json);
    return {};
}

/**
 * A 401 may contain a claims challenge (continuous access evaluation). The next token request must contain the same
 * claims.
 */
function challengeOf(response: Response | undefined): { claims?: string } {
    const challenge = /claims="([^"]+)"/.exec(response?.headers.get("www-authenticate") ?? "")?.[1];
    return challenge === undefined ? {} : { claims: Buffer.from(challenge, "base64").toString("utf8") };
}
