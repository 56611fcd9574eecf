// What is asked of Microsoft Graph, and what it answers.
import type { PortalError } from "../portalError";
import type { InFlight } from "./inFlight";
import type { RetryRule } from "./retry";

export interface GraphRequest {
    readonly method: "GET" | "POST" | "PATCH" | "DELETE";
    /** Below the version: `/applications(appId='...')`. */
    readonly path: string;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
    /** What is being done, as errors begin: `reading application 58a0f8e1-...`. */
    readonly purpose: string;
    /** In a batch: read this right before; the answer's `before` is what it was. The requests of such a batch run in order. */
    readonly readBefore?: string;
    /** Called if an attempt ended without a certain answer and is repeated. */
    readonly onUncertain?: () => void;
    /** Default: `onlyWhenRefused` for POST, whose effect may have to be looked for; `always` for the others. */
    readonly retry?: RetryRule;
}

export interface GraphAnswer<T = unknown> {
    readonly status: number;
    readonly body: T;
    /** What `readBefore` showed. */
    readonly before?: unknown;
    /** An attempt before this answer ended without a certain one, so the request may have been carried out already. */
    readonly isUncertain?: boolean;
    /** For every status beyond 299. */
    readonly error?: PortalError;
}

/** Sends one HTTP request. */
export interface Sender {
    /** Throws PortalError for every answer beyond 299. */
    send(request: GraphRequest): Promise<unknown>;
    readonly inFlight: InFlight;
}
