// What a tenant's sign-in tells everybody about an application: whether it is known there. Entra resolves the client in
// the tenant of the request before it looks at any proof, so a token request without a proof is answered by the reason that
// comes first. https://learn.microsoft.com/entra/identity-platform/reference-error-codes
import { PortalError } from "../portalError";
import type { Cloud } from "./clouds";
import { postForm } from "./http";

export type Presence = "present" | "missing" | "disabled";

/** Not found in the directory; no service principal there. */
const MISSING = [700016, 7000229];
const DISABLED = [7000112];
/** The client is known, and only its proof is missing or wrong. */
const PRESENT = [7000218, 7000215, 7000216, 700027];

interface Refusal {
    readonly error_codes?: readonly number[];
    readonly error_description?: string;
}

/** Asked without credentials: needs no right in the tenant, and leaves nothing there but a line in its sign-in log. */
export async function probePresence(cloud: Cloud, tenantId: string, appId: string): Promise<Presence> {
    const purpose = `asking tenant ${tenantId} for application ${appId}`;
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
        `${purpose}: ${host} answered ${status}${said === "" ? "" : ` ${said}`}, which does not tell whether it is there; try again later`,
        { status },
    );
}
