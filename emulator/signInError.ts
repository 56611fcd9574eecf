// The error envelope of Entra's sign-in endpoints.
import { randomUUID } from "node:crypto";

export class SignInFault extends Error {
    constructor(
        readonly status: number,
        readonly error: string,
        /** The number behind AADSTS. */
        readonly number: number,
        readonly text: string,
    ) {
        super(text);
    }
}

export function signInErrorBody({ error, number, text }: SignInFault, now: Date): object {
    const [traceId, correlationId] = [randomUUID(), randomUUID()];
    const timestamp = now
        .toISOString()
        .replace("T", " ")
        .replace(/\.\d{3}/, "");
    return {
        error,
        error_description: `AADSTS${number}: ${text} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
        error_codes: [number],
        timestamp,
        trace_id: traceId,
        correlation_id: correlationId,
        error_uri: `https://login.microsoftonline.com/error?code=${number}`,
    };
}

export function unknownTenant(tenant: string, error: "invalid_tenant" | "invalid_request"): SignInFault {
    const text = `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`;
    return new SignInFault(400, error, 90002, text);
}
