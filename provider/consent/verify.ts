// Consent that the customer's administrator gives by hand: what can be told about it without any right in the tenant.
import { probePresence } from "../entra/signInProbe";
import { observeConsent } from "../entra/directory";
import { warn } from "../log";
import { PortalError } from "../portalError";
import type { LiveConsent } from "../entra/live";
import { openCustomer, type Customer } from "./customer";
import { consentIn } from "./grant";
import { READY, type ConsentInputs } from "./rules/inputs";
import { consentOutputs, type ConsentState } from "./rules/state";

/** The inputs with what was found, and outputs after them. Never writes. */
export async function verifyConsent(
    customer: Customer,
    inputs: ConsentInputs,
): Promise<{ inputs: ConsentInputs; outs: ConsentState }> {
    const servicePrincipal = await probePresence(customer.cloud, customer.tenantId, inputs.applicationId);
    const live = servicePrincipal === "missing" ? undefined : await readableConsent(customer, inputs);
    const found = { ...inputs, status: READY, servicePrincipal };
    // Nothing is ours where nothing was written.
    const managed = { holder: "", owned: [], tags: [], tenant: inputs.tenantId };
    const outs = consentOutputs(customer, { inputs: found, desired: inputs, live, managed });
    if (servicePrincipal === "missing") {
        warn(
            `tenant ${inputs.tenantId} has not consented to application ${inputs.applicationId}; let an administrator there open ${outs.consentUrl}`,
        );
    }
    return { inputs: found, outs };
}

/** Only credentials that the program names for it may show more. */
async function readableConsent(customer: Customer, inputs: ConsentInputs): Promise<LiveConsent | undefined> {
    if (inputs.credentials === undefined) return undefined;
    try {
        const session = await openCustomer(inputs, customer);
        return await observeConsent(session, inputs.applicationId, consentIn(session, inputs));
    } catch (error) {
        if (!(error instanceof PortalError)) throw error;
        warn(`consent of tenant ${inputs.tenantId} is unknown: ${error.message}`);
        return undefined;
    }
}
