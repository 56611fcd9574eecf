// The outputs of PortalTenantConsent: every input under its own name, and what a deployment found out. Pure.
import type { LiveConsent } from "../../entra/live";
import { consentUrlOf } from "../../sync/grants";
import type { ConsentInputs } from "./inputs";
import { consentOf, type ConsentManaged } from "./plan";

export interface ConsentState extends ConsentInputs {
    /** GUID. */
    readonly tenantId: string;
    readonly servicePrincipalId: string;
    readonly graphServicePrincipalId: string;
    readonly authority: string;
    readonly consentUrl: string;
    readonly consent: "granted" | "incomplete" | "unknown";
    readonly managed: ConsentManaged;
}

const INPUTS: readonly (keyof ConsentInputs)[] = [
    "identity",
    "applicationId",
    "tenantId",
    "region",
    "credentials",
    "mode",
    "portalUrl",
    "status",
    "servicePrincipal",
    "grantedPermissions",
];

/** The inputs within a state, the tenant as the program names it. */
export function consentInputsOf(state: ConsentState): ConsentInputs {
    const entries = INPUTS.filter((key) => state[key] !== undefined).map((key) => [key, state[key]]);
    const inputs: unknown = { ...Object.fromEntries(entries), tenantId: state.managed.tenant };
    return inputs as ConsentInputs;
}

/** Where the customer's users sign in. */
export interface CustomerHome {
    readonly tenantId: string;
    readonly loginUrl: string;
}

/** Outputs after a deployment or a read; `live`: `undefined` where the tenant does not let us read. */
export function consentOutputs(
    { tenantId, loginUrl }: CustomerHome,
    inputs: ConsentInputs,
    { live, managed }: { readonly live: LiveConsent | undefined; readonly managed: ConsentManaged },
): ConsentState {
    return {
        ...inputs,
        tenantId,
        servicePrincipalId: live?.servicePrincipal?.id ?? "",
        graphServicePrincipalId: live?.graphServicePrincipalId ?? "",
        authority: `${loginUrl}/${tenantId}`,
        consentUrl: consentUrlOf(loginUrl, tenantId, inputs.applicationId, inputs.portalUrl),
        consent: live ? consentOf(live) : "unknown",
        managed,
    };
}

/** Pulumi id: one for each customer and application. */
export function consentId({ tenantId }: CustomerHome, { applicationId }: ConsentInputs): string {
    return `${tenantId}/${applicationId}`;
}
