// Reads the consent of a customer's tenant for `pulumi import`, without writing to Entra.
import { observeConsent } from "../entra/directory";
import { PortalError } from "../portalError";
import type { ExistingObject } from "../pulumi/hooks";
import { locate, openCustomer } from "./customer";
import { consentIn } from "./grant";
import { checkConsent } from "./rules/checkInputs";
import type { ConsentInputs } from "./rules/inputs";
import { liveConsentInputs, startOfConsent } from "./rules/plan";
import { consentId, consentOutputs } from "./rules/state";

/**
 * `id`: `<tenant>/<Application ID>`. The Pulumi id of the resource has the same form, always with the tenant's GUID.
 */
export async function readExistingConsent({ id, identity, settings }: ExistingObject) {
    const desired = desiredInputs(id, { ...settings, identity });
    const customer = await locate(desired);
    const session = await openCustomer(desired, customer);
    const what = consentIn(session, desired);
    const live = await observeConsent(session, desired.applicationId, what);
    if (live.servicePrincipal === undefined) {
        throw unusable(
            `${what} has no service principal, so there is no consent to import; create the resource without an import`,
        );
    }
    const managed = { ...startOfConsent(desired, live).managed, owned: [] };
    const inputs = liveConsentInputs(desired, live, managed);
    return {
        id: consentId(customer, desired),
        inputs,
        props: consentOutputs(customer, { inputs, desired, live, managed, isNew: "imported" }),
    };
}

function desiredInputs(id: string, given: { readonly identity: string }): ConsentInputs {
    const [tenantId = "", applicationId = "", ...rest] = id.split("/");
    if (tenantId === "" || applicationId === "" || rest.length > 0)
        throw unusable(`the id must be <tenant>/<Application ID>, got "${id}"`);
    const { inputs, failures } = checkConsent({}, { ...given, tenantId, applicationId });
    const [failure] = failures;
    if (failure) throw unusable(`${failure.property}: ${failure.reason}`);
    return inputs;
}

function unusable(reason: string): PortalError {
    return new PortalError("ERR_APPLICATION_NOT_FOUND", `importing a PortalTenantConsent: ${reason}`);
}
