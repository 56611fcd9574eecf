// Makes Graph's error envelope. https://learn.microsoft.com/graph/errors

export interface ErrorDetail {
    readonly code: string;
    readonly target?: string;
    readonly message: string;
}

/** Rules and handlers throw this error. The server returns it in Graph's error envelope. */
export class GraphFault extends Error {
    constructor(
        readonly status: number,
        readonly code: string,
        message: string,
        readonly details?: readonly ErrorDetail[],
    ) {
        super(message);
    }
}

export function badRequest(message: string, code = "Request_BadRequest", details?: readonly ErrorDetail[]): GraphFault {
    return new GraphFault(400, code, message, details);
}

export function invalidValue(property: string, resource = "Application"): GraphFault {
    return badRequest(`Invalid value specified for property '${property}' of resource '${resource}'.`);
}

/**
 * Makes the error for a value that another object already has. The other object can also be a soft-deleted application.
 * `holder` is the type and the id of the other object, such as `Application_<id>`.
 */
export function objectConflict(property: string, holder: string): GraphFault {
    const message = `Another object with the same value for property ${property} already exists.`;
    return badRequest(message, "Request_BadRequest", [
        { code: "ObjectConflict", target: property, message },
        { code: "ConflictingObjects", target: holder, message },
    ]);
}

/** Graph repeats the message in the details, with the reason as the code. */
export function detailed(message: string, reason: string, target: string): GraphFault {
    return badRequest(message, "Request_BadRequest", [{ code: reason, target, message }]);
}

export function notFound(id: string): GraphFault {
    return new GraphFault(
        404,
        "Request_ResourceNotFound",
        `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    );
}

export function denied(message = "Insufficient privileges to complete the operation."): GraphFault {
    return new GraphFault(403, "Authorization_RequestDenied", message);
}

export function unauthorized(message: string): GraphFault {
    return new GraphFault(401, "InvalidAuthenticationToken", message);
}

export function errorBody(fault: GraphFault, ids: { requestId: string; clientRequestId: string; date: Date }) {
    return {
        error: {
            code: fault.code,
            message: fault.message,
            ...(fault.details ? { details: fault.details } : {}),
            innerError: {
                date: ids.date.toISOString().slice(0, 19),
                "request-id": ids.requestId,
                "client-request-id": ids.clientRequestId,
            },
        },
    };
}
