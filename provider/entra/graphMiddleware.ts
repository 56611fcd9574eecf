// Our middleware chain for @microsoft/microsoft-graph-client: token, retry, timeout. The library's own chain retries too
// little, has no timeout, and loses the reason of a failed connection.
import { randomUUID } from "node:crypto";

import {
    HTTPMessageHandler,
    type Context,
    type Middleware,
    type MiddlewareOptions,
} from "@microsoft/microsoft-graph-client";

import { clock } from "./clock";
import { ASKING_GRAPH, isUncertainStatus } from "./graphErrors";
import { ATTEMPT_TIMEOUT_MS, transportError } from "./http";
import type { InFlight } from "./inFlight";
import { pauseBeforeRetry, type RetryRule } from "./retry";

/** `rejected`: a token that Graph refused, with the challenge that came with the refusal; another one is wanted. */
export type TokenSource = (refusal?: { readonly rejected: string; readonly claims?: string }) => Promise<string>;

/** What one request tells the chain, and what the chain tells about it: the library keeps no error of a middleware. */
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
    const chain = new GraphTransport(getToken);
    chain.setNext(new HTTPMessageHandler());
    return chain;
}

class GraphTransport implements Middleware {
    private next: Middleware | undefined;

    constructor(private readonly getToken: TokenSource) {}

    setNext(next: Middleware): void {
        this.next = next;
    }

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
            if (response?.status === 429) inFlight.tooMuch();
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
            await this.next?.execute(context);
            await readWhole(context);
            return {};
        } catch (error) {
            return { error: transportError(error, urlOf(context), ASKING_GRAPH) };
        }
    }
}

/** The library's types name a DOM type that is not there in Node. */
function urlOf({ request }: Context): string {
    const target = request as unknown as string | { readonly url: string };
    return typeof target === "string" ? target : target.url;
}

/** An answer that breaks off in its body is no answer: it is read here, where it can still be asked for again. */
async function readWhole(context: Context): Promise<void> {
    const { response } = context;
    if (!response) return;
    const body = await response.arrayBuffer();
    const hasBody = body.byteLength > 0 && response.status !== 204;
    const { status, statusText, headers } = response;
    context.response = new Response(hasBody ? body : null, { status, statusText, headers });
}

/** A 401 may carry a claims challenge (continuous access evaluation), which the next token request passes on. */
function challengeOf(response: Response): { claims?: string } {
    const challenge = /claims="([^"]+)"/.exec(response.headers.get("www-authenticate") ?? "")?.[1];
    return challenge === undefined ? {} : { claims: Buffer.from(challenge, "base64").toString("utf8") };
}
