// Implements mode "verify", in which the customer's administrator consents by hand. Without credentials for the tenant,
// this mode reads only data that needs no permission there.
import { probePresence } from "../entra/signInProbe";
import { observeConsent } from "../entra/directory";
import { isDenied } from "../entra/graphErrors";
import { warn } from "../log";
import { PortalError } from "../portalError";
import type { LiveConsent } from "../entra/live";
import { openCustomer, type Customer } from "./customer";
import { consentIn } from "./grant";
import { READY, type ConsentInputs } from "./rules/inputs";
import type { ConsentManaged } from "./rules/plan";
import { consentOutputs, type ConsentState } from "./rules/state";

/**
 * Returns the inputs with their live values, and the outputs. Never writes. `known`: the record of an earlier mode
 * "manage". It stays in state, so that the resource continues with its entries if the program changes back.
 */
export async function verifyConsent(
    customer: Customer,
    inputs: ConsentInputs,
    known: ConsentManaged | undefined,
): Promise<{ inputs: ConsentInputs; outs: ConsentState }> {
    const servicePrincipal = await probePresence(customer.cloud, customer.tenantId, inputs.applicationId);
    const live = servicePrincipal === "missing" ? undefined : await readableConsent(customer, inputs);
    const observed = { ...inputs, status: READY, servicePrincipal };
    const managed = { holder: "", owned: [], tags: [], ...known, tenant: inputs.tenantId };
    const outs = consentOutputs(customer, { inputs: observed, desired: inputs, live, managed });
    if (servicePrincipal === "missing") {
        warn(
            `tenant ${inputs.tenantId} has not consented to application ${inputs.applicationId}; let an administrator there open ${outs.consentUrl}`,
        );
    }
    return { inputs: observed, outs };
}

/** If the program sets credentials for the tenant, reads the consent with them. */
async function readableConsent(customer: Customer, inputs: ConsentInputs): Promise<LiveConsent | undefined> {
    if (inputs.credentials === undefined) return undefined;
    try {
        const session = await openCustomer(inputs, customer);
        return await observeConsent(session, inputs.applicationId, consentIn(session, inputs));
    } catch (error) {
        if (!(error instanceof PortalError)) throw error;
        const remedy = "use credentials with Directory.Read.All in this tenant, or remove the argument credentials";
        const { message } = isDenied(error) ? error.withAdvice(remedy) : error;
        warn(
            `the consent of tenant ${inputs.tenantId} to application ${inputs.applicationId} cannot be read: ${message}`,
        );
        return undefined;
    }
}
