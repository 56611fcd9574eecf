// Defines the types of requests to Microsoft Graph and of Graph's answers.
import type { PortalError } from "../portalError";
import type { Shape } from "../shape";
import type { InFlight } from "./inFlight";
import type { RetryRule } from "./retry";

export interface GraphRequest {
    readonly method: "GET" | "POST" | "PATCH" | "DELETE";
    /** The path after `/v1.0`, such as `/applications(appId='...')`. paths.ts makes most of these paths. */
    readonly path: string;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
    /** The form of a successful answer. An answer of another form counts as no answer. */
    readonly answers?: Shape;
    /** The beginning of an error message: `reading application 58a0f8e1-...`. */
    readonly purpose: string;
    /**
     * In a batch, Graph reads this path immediately before it executes this request. `GraphAnswer.before` contains the
     * result. Graph executes the requests of such a batch in order.
     */
    readonly readBefore?: string;
    /** The form of the answer to `readBefore`. */
    readonly answersBefore?: Shape;
    /** Runs before a retry if Graph may have executed the failed attempt. */
    readonly onUncertain?: () => void;
    /** Default: `onlyWhenRefused` for POST, `always` for all other methods. */
    readonly retry?: RetryRule;
    /**
     * The start of the operation, in milliseconds since the epoch. The later requests of the operation need it, because
     * all requests of an operation share one deadline.
     */
    readonly startedAt?: number;
}

export interface GraphAnswer<T = unknown> {
    readonly status: number;
    readonly body: T;
    /** The result of `readBefore`. */
    readonly before?: unknown;
    /** `true`: Graph may already have executed an earlier attempt, because that attempt got no certain answer. */
    readonly isUncertain?: boolean;
    /** Set if Graph refused the request or gave no usable answer. */
    readonly error?: PortalError;
}

/** Sends one request to Graph, and retries it by its rule. */
export interface Sender {
    /** Throws a PortalError if Graph refuses the request or gives no usable answer. */
    send(request: GraphRequest): Promise<unknown>;
    readonly inFlight: InFlight;
    /** Graph's host, for messages. */
    readonly host: string;
}
