// Describes a request to Microsoft Graph, and its answer. Pure types.
import type { PortalError } from "../portalError";
import type { Shape } from "../shape";
import type { InFlight } from "./inFlight";
import type { RetryRule } from "./retry";

export interface GraphRequest {
    readonly method: "GET" | "POST" | "PATCH" | "DELETE";
    /** Relative to the version: `/applications(appId='...')`. See paths.ts. */
    readonly path: string;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
    /** The form of a successful answer. An answer of another form counts as no answer. */
    readonly answers?: Shape;
    /** The beginning of an error message: `reading application 58a0f8e1-...`. */
    readonly purpose: string;
    /**
     * In a batch: a path to read immediately before this request. The result is `before` of the answer. The requests of
     * such a batch run in order.
     */
    readonly readBefore?: string;
    /** The form of the answer to `readBefore`. */
    readonly answersBefore?: Shape;
    /** Called if an attempt ended without a certain answer and is repeated. */
    readonly onUncertain?: () => void;
    /** Default: `onlyWhenRefused` for POST, `always` for all other methods. */
    readonly retry?: RetryRule;
    /** When the operation began, if this is not its first request. All its requests share one deadline. */
    readonly startedAt?: number;
}

export interface GraphAnswer<T = unknown> {
    readonly status: number;
    readonly body: T;
    /** The result of `readBefore`. */
    readonly before?: unknown;
    /** An earlier attempt ended without a certain answer, so it may have been carried out already. */
    readonly isUncertain?: boolean;
    /** For each status beyond 299. */
    readonly error?: PortalError;
}

/** Sends one HTTP request. */
export interface Sender {
    /** Throws PortalError for each status beyond 299. */
    send(request: GraphRequest): Promise<unknown>;
    readonly inFlight: InFlight;
    /** Graph's host, for messages. */
    readonly host: string;
}
