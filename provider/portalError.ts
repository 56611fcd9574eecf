// The one error class of the provider. What a user sees is `message`; what code tests is `code`.

/** Stable error codes; each names what happened, never where. */
export type PortalErrorCode =
    /** Entra refused the caller: a permission or role is missing. */
    | "ERR_GRAPH_DENIED"
    /** Graph refused the request itself. */
    | "ERR_GRAPH_REFUSED"
    /** Graph or the token service could not be reached, or kept answering 5xx or 429 until the deadline. */
    | "ERR_GRAPH_UNAVAILABLE"
    /** The credentials in the environment are missing, contradict each other or were refused. */
    | "ERR_CREDENTIALS"
    /** The credentials belong to another tenant than the resource. */
    | "ERR_TENANT_MISMATCH"
    /** The tenant is in another cloud than `region` says. */
    | "ERR_REGION_MISMATCH"
    /** An application that must exist does not. */
    | "ERR_APPLICATION_NOT_FOUND"
    /** The application cannot be changed as asked: another stack or a rule of Entra stands against it. */
    | "ERR_APPLICATION_CONFLICT"
    /** A write was answered with success, but no read showed it in time. */
    | "ERR_NOT_VISIBLE_IN_TIME"
    /** The Pulumi engine that asked for the write was killed meanwhile. */
    | "ERR_ENGINE_GONE"
    /** The portal server does not answer as VB365's REST API. */
    | "ERR_SERVER_UNREADABLE"
    /** The portal server is set up otherwise than declared, which only its administrator can change. */
    | "ERR_SERVER_DIFFERS"
    /** A certificate or PFX file does not meet the rules. */
    | "ERR_CERTIFICATE_INVALID";

/** What is known about a failure beyond its message. */
export interface PortalErrorDetails {
    /** HTTP status, where an HTTP answer was the reason. */
    readonly status?: number;
    /** Graph's `error.code`. */
    readonly graphCode?: string;
    /** Graph's `request-id`, which Microsoft support asks for. */
    readonly requestId?: string;
    readonly cause?: unknown;
}

/** `<gerund> <thing with its key>: <what happened>; <what to do>`. Never holds a secret. */
export class PortalError extends Error {
    readonly code: PortalErrorCode;
    readonly status: number | undefined;
    readonly graphCode: string | undefined;
    readonly requestId: string | undefined;

    constructor(code: PortalErrorCode, message: string, details: PortalErrorDetails = {}) {
        super(message, { cause: details.cause });
        this.name = "PortalError";
        this.code = code;
        this.status = details.status;
        this.graphCode = details.graphCode;
        this.requestId = details.requestId;
    }

    /** The same failure with what to do about it. */
    withAdvice(advice: string): PortalError {
        return this.reworded(`${this.message}; ${advice}`);
    }

    /** The same failure in other words. */
    reworded(message: string): PortalError {
        const { code, status, graphCode, requestId } = this;
        return new PortalError(code, message, {
            cause: this,
            ...(status === undefined ? {} : { status }),
            ...(graphCode === undefined ? {} : { graphCode }),
            ...(requestId === undefined ? {} : { requestId }),
        });
    }
}
