// The middleware chain for @microsoft/microsoft-graph-client: token, retry and timeout. The library's own chain retries
// too few failures, has no timeout, and loses the reason of a failed connection.
import { randomUUID } from "node:crypto";

import type { Context, Middleware, MiddlewareOptions } from "@microsoft/microsoft-graph-client";

import { clock } from "./clock";
import { CALLING_GRAPH, isUncertainStatus } from "./graphErrors";
import { ATTEMPT_TIMEOUT_MS, transportError } from "./http";
import type { InFlight } from "./inFlight";
import { send } from "./network";
import { pauseBeforeRetry, type RetryRule } from "./retry";

/** `rejected`: the token that Graph refused, so another one is needed. `claims`: the challenge of that refusal. */
export type TokenSource = (refusal?: { readonly rejected: string; readonly claims?: string }) => Promise<string>;

/**
 * Carries the retry rule of one request into the chain, and its failure out of it. The library drops a middleware's
 * error.
 */
export class RequestControl implements MiddlewareOptions {
    failure: unknown;

    constructor(
        readonly retry: RetryRule,
        readonly inFlight: InFlight,
        readonly onUncertain: () => void = () => undefined,
    ) {}
}

type Headers = Record<string, string>;

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

    private async executeUnderRule(context: Context, { retry, inFlight, onUncertain }: RequestControl): Promise<void> {
        const headers = { "client-request-id": randomUUID(), ...(context.options?.headers as Headers | undefined) };
        const startedAt = clock.now().getTime();
        let token = await this.getToken();
        let isRenewed = false;
        for (let count = 1; ; count++) {
            const withToken = { ...headers, Authorization: `Bearer ${token}` };
            const { error } = await inFlight.run(() => this.attempt(context, withToken));
            const response = error === undefined ? context.response : undefined;
            if (response?.status === 429) inFlight.noteThrottled();
            if (response?.status === 401 && !isRenewed) {
                isRenewed = true;
                token = await this.getToken({ rejected: token, ...challengeOf(response) });
                continue;
            }
            const outcome = { status: response?.status ?? 0, retryAfter: response?.headers.get("retry-after") };
            const pause = pauseBeforeRetry(outcome, count, retry, startedAt);
            if (pause === undefined) {
                if (error) throw error;
                return;
            }
            if (isUncertainStatus(outcome.status)) onUncertain();
            await clock.sleep(pause);
        }
    }

    private async attempt(context: Context, headers: Headers): Promise<{ error?: Error }> {
        context.options = { ...context.options, headers, signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS) };
        try {
            context.response = await send(urlOf(context), context.options);
            await readBody(context);
            return {};
        } catch (error) {
            const failure = transportError(error, urlOf(context), CALLING_GRAPH);
            // Somebody has to change this machine first, so another attempt cannot help.
            if (failure.code === "ERR_ENVIRONMENT") throw failure;
            return { error: failure };
        }
    }
}

/** The library's types use a DOM type that Node.js does not have. */
function urlOf({ request }: Context): string {
    const target = request as unknown as string | { readonly url: string };
    return typeof target === "string" ? target : target.url;
}

/** An answer may break off in its body. It is read here, where the request can still be retried. */
async function readBody(context: Context): Promise<void> {
    const { response } = context;
    if (!response) return;
    const body = await response.arrayBuffer();
    const hasBody = body.byteLength > 0 && response.status !== 204;
    const { status, statusText, headers } = response;
    context.response = new Response(hasBody ? body : null, { status, statusText, headers });
}

/** A 401 may contain a claims challenge (continuous access evaluation). The next token request must pass it on. */
function challengeOf(response: Response): { claims?: string } {
    const challenge = /claims="([^"]+)"/.exec(response.headers.get("www-authenticate") ?? "")?.[1];
    return challenge === undefined ? {} : { claims: Buffer.from(challenge, "base64").toString("utf8") };
}
