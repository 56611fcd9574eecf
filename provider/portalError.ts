// Defines the error class of the provider. CertificateError is its only subclass. Users read `message`; code tests
// `code`.
import { plain } from "./plainText";

/** Stable error codes. Each code names a kind of failure, and not the place where it happened. */
export type PortalErrorCode =
    /**
     * Entra refused the caller with 401 or 403, usually because a permission or role is missing. Or the caller's token
     * shows that a permission is missing.
     */
    | "ERR_GRAPH_DENIED"
    /** Graph refused the request with a status other than 401 and 403, such as 400 or 409. */
    | "ERR_GRAPH_REFUSED"
    /** Graph or the token service gave no usable answer, or answered 5xx or 429 to every attempt. */
    | "ERR_GRAPH_UNAVAILABLE"
    /** The credentials in the environment are missing, contradict each other, or were refused. */
    | "ERR_CREDENTIALS"
    /**
     * A setting of this machine must be corrected first: a proxy, the certificate authorities that it trusts, or an
     * environment variable of the provider.
     */
    | "ERR_ENVIRONMENT"
    /** The credentials belong to another tenant than the resource, or Entra does not know the tenant. */
    | "ERR_TENANT_MISMATCH"
    /** The tenant is in another cloud than `region` says. */
    | "ERR_REGION_MISMATCH"
    /** A required application does not exist, or `pulumi import` cannot import the object that it names. */
    | "ERR_APPLICATION_NOT_FOUND"
    /** The application cannot be changed as requested, for example because of another stack or a rule of Entra. */
    | "ERR_APPLICATION_CONFLICT"
    /** Entra accepted a write, but no read showed it in time. */
    | "ERR_NOT_VISIBLE_IN_TIME"
    /** The Pulumi engine that requested the write is no longer running. */
    | "ERR_ENGINE_GONE"
    /** The user has cancelled the deployment while it waited for Entra. Only the plugin receives a cancellation. */
    | "ERR_CANCELLED"
    /** The portal server does not answer as VB365's REST API does. */
    | "ERR_SERVER_UNREADABLE"
    /** The settings of the portal server differ from the program. Only its administrator can change them. */
    | "ERR_SERVER_DIFFERS"
    /** A certificate, PFX file or store does not meet the rules, or cannot be read. */
    | "ERR_CERTIFICATE_INVALID"
    /** The state of the resource was edited or damaged. */
    | "ERR_STATE_INVALID";

/** Facts about a failure besides its message. */
export interface PortalErrorDetails {
    /** HTTP status, if an HTTP answer caused the failure. */
    readonly status?: number;
    /** Graph's `error.code`. */
    readonly graphCode?: string;
    /** Graph's `request-id`, which Microsoft support needs. */
    readonly requestId?: string;
    readonly cause?: unknown;
}

/**
 * Most messages have the form `<gerund> <object with its key>: <what happened>; <what to do>`. No message contains a
 * secret. Text from outside, such as a server's answer, cannot control the terminal or pipeline that shows the message.
 */
export class PortalError extends Error {
    readonly code: PortalErrorCode;
    readonly status: number | undefined;
    readonly graphCode: string | undefined;
    readonly requestId: string | undefined;

    constructor(code: PortalErrorCode, message: string, details: PortalErrorDetails = {}) {
        super(plain(message), { cause: details.cause });
        this.name = "PortalError";
        this.code = code;
        this.status = details.status;
        this.graphCode = details.graphCode;
        this.requestId = details.requestId;
    }

    /** Returns a copy of this error with advice at the end of the message. */
    withAdvice(advice: string): PortalError {
        return this.reworded(`${this.message}; ${advice}`);
    }

    /** Returns a copy of this error with another message. The cause of the copy is this error. */
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
