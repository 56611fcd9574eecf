// Finds out without credentials whether a tenant knows an application. Entra looks up the client in the tenant before
// it checks the client's proof. The error of a token request without a proof therefore tells whether the tenant knows
// the client.
// https://learn.microsoft.com/entra/identity-platform/reference-error-codes
import { PortalError } from "../portalError";
import type { Cloud } from "./clouds";
import { postForm } from "./http";

export type Presence = "present" | "missing" | "disabled";

/** The application is not in the directory, or it has no service principal there. */
const MISSING = [700016, 7000229];
const DISABLED = [7000112];
/** The client exists in the tenant. Only the client's credential is missing or wrong. */
const PRESENT = [7000218, 7000215, 7000216, 700027];

interface Refusal {
    readonly error_codes?: readonly number[];
    readonly error_description?: string;
}

/** Needs no permission in the tenant. It leaves only a line in the tenant's sign-in log. */
export async function probePresence(cloud: Cloud, tenantId: string, appId: string): Promise<Presence> {
    const purpose = `checking whether tenant ${tenantId} knows application ${appId}`;
    const { status, body } = await postForm(`${cloud.loginUrl}/${tenantId}/oauth2/v2.0/token`, purpose, {
        grant_type: "client_credentials",
        client_id: appId,
        scope: `${cloud.graphUrl}/.default`,
    });
    const { error_codes: codes = [], error_description: text = "" } = (body ?? {}) as Refusal;
    const isAny = (known: readonly number[]) => codes.some((code) => known.includes(code));
    if (isAny(MISSING)) return "missing";
    if (isAny(DISABLED)) return "disabled";
    if (isAny(PRESENT)) return "present";
    const { host } = new URL(cloud.loginUrl);
    const said = text.split(/\s*Trace ID:/)[0] ?? "";
    throw new PortalError(
        "ERR_GRAPH_UNAVAILABLE",
        `${purpose}: ${host} answered ${status}${said === "" ? "" : ` ${said}`}, so this is unknown; run the deployment again later`,
        { status },
    );
}
