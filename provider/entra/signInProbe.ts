// Checks without credentials whether an application has a service principal in a tenant. Entra looks up the client
// before it checks the client's secret or certificate. So the error of a token request without either of them shows
// whether the tenant has the client.
// https://learn.microsoft.com/entra/identity-platform/reference-error-codes
import { hasShape, listOf, number, object, optional, text } from "../shape";
import { ask } from "./anonymous";
import type { Cloud } from "./clouds";

export type Presence = "present" | "missing" | "disabled";

/** The tenant does not know the application, or the application has no service principal in the tenant. */
const MISSING = [700016, 7000229];
const DISABLED = [7000112];
/** The client exists in the tenant. Only its secret, certificate or token is missing or wrong. */
const PRESENT = [7000218, 7000215, 7000216, 700027];

const aRefusal = object({ error_codes: listOf(number), error_description: optional(text) });

/** Needs no permission in the tenant, and changes nothing there. The tenant's sign-in log gets one entry. */
export function probePresence(cloud: Cloud, tenantId: string, appId: string): Promise<Presence> {
    return ask({
        url: `${cloud.loginUrl}/${tenantId}/oauth2/v2.0/token`,
        purpose: `checking whether application ${appId} has a service principal in tenant ${tenantId}`,
        form: { grant_type: "client_credentials", client_id: appId, scope: `${cloud.graphUrl}/.default` },
        problem: aRefusal,
        understand: (_status, json) =>
            hasShape<{ error_codes: number[] }>(json, aRefusal) ? presenceIn(json.error_codes) : undefined,
    });
}

/** `undefined`: the refusal has another reason, so it does not show whether the service principal exists. */
function presenceIn(codes: readonly number[]): Presence | undefined {
    const isAny = (known: readonly number[]) => codes.some((code) => known.includes(code));
    if (isAny(MISSING)) return "missing";
    if (isAny(DISABLED)) return "disabled";
    return isAny(PRESENT) ? "present" : undefined;
}
