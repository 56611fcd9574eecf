// Makes the error envelope of Entra's sign-in endpoints.
import { randomUUID } from "node:crypto";

export class SignInFault extends Error {
    constructor(
        readonly status: number,
        readonly error: string,
        /** The number after "AADSTS". */
        readonly number: number,
        readonly text: string,
        /** If this value is set, Microsoft's libraries decide that the user must interact. */
        readonly suberror?: string,
        /** The claims challenge that the client must pass on in its next authorize request. */
        readonly claims?: string,
    ) {
        super(text);
    }
}

/** Recorded answers of the real Entra with these numbers have no `error_uri`. */
const WITHOUT_URI = [54005, 700038];

export function signInErrorBody(fault: SignInFault, now: Date): object {
    const ids = { traceId: randomUUID(), correlationId: randomUUID() };
    return {
        error: fault.error,
        error_description: faultDescription(fault, now, ids),
        error_codes: [fault.number],
        timestamp: timestampOf(now),
        trace_id: ids.traceId,
        correlation_id: ids.correlationId,
        ...(WITHOUT_URI.includes(fault.number) ? {} : { error_uri: errorUri(fault) }),
        ...(fault.suberror === undefined ? {} : { suberror: fault.suberror }),
        ...(fault.claims === undefined ? {} : { claims: fault.claims }),
    };
}

export function faultDescription(
    { number, text }: SignInFault,
    now: Date,
    { traceId, correlationId } = { traceId: randomUUID() as string, correlationId: randomUUID() as string },
): string {
    return `AADSTS${number}: ${text} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestampOf(now)}`;
}

export function errorUri({ number }: SignInFault): string {
    return `https://login.microsoftonline.com/error?code=${number}`;
}

function timestampOf(now: Date): string {
    return now
        .toISOString()
        .replace("T", " ")
        .replace(/\.\d{3}/, "");
}

export function unknownTenant(tenant: string, error: "invalid_tenant" | "invalid_request"): SignInFault {
    const text = `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`;
    return new SignInFault(400, error, 90002, text);
}

/** Makes the error for a name of a tenant that is neither a GUID nor a domain. */
export function malformedTenant(tenant: string): SignInFault {
    const text = `Specified tenant identifier '${tenant}' is neither a valid DNS name, nor a valid external domain.`;
    return new SignInFault(400, "invalid_request", 900023, text);
}
