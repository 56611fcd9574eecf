// Refreshes the consent of one customer. If the tenant cannot be read, the status says so, because an error would stop
// the refresh of all other resources. Exception: a wrong setting of this machine (ERR_ENVIRONMENT) is an error, because
// it concerns all resources.
import { messageOf } from "../pulumi/halfDone";
import { observeConsent, rememberGraphServicePrincipal } from "../entra/directory";
import { warnThatGrantsAreNotReadable } from "../sync/grantRequests";
import { currentOwnership } from "../sync/ownership";
import { observeTwice } from "../sync/observeTwice";
import { warn } from "../log";
import { PortalError } from "../portalError";
import { customerAt, openCustomer, type Customer } from "./customer";
import { consentIn } from "./grant";
import type { ConsentInputs } from "./rules/inputs";
import { liveConsentInputs } from "./rules/plan";
import { consentOutputs, type ConsentState } from "./rules/state";
import { verifyConsent } from "./verify";

export interface ConsentRead {
    readonly id: string;
    readonly props: ConsentState;
    readonly inputs: ConsentInputs;
}

export async function readConsent(id: string, state: ConsentState): Promise<ConsentRead> {
    const inputs = state.desired;
    try {
        const customer = await customerAt(state, state.tenantId);
        if (inputs.mode === "manage") return await readManaged(id, state, customer);
        const { outs, inputs: observed } = await verifyConsent(customer, inputs, state.managed);
        return { id, props: outs, inputs: observed };
    } catch (error) {
        if (!(error instanceof PortalError) || error.code === "ERR_ENVIRONMENT") throw error;
        warn(`tenant ${inputs.tenantId} cannot be read, so its drift is unknown: ${messageOf(error)}`);
        const status = `not readable: ${messageOf(error)}`;
        return { id, props: { ...state, status }, inputs: { ...inputs, status } };
    }
}

async function readManaged(id: string, state: ConsentState, customer: Customer): Promise<ConsentRead> {
    const inputs = state.desired;
    const session = await openCustomer(inputs, customer);
    rememberGraphServicePrincipal(session.tenantId, state.graphServicePrincipalId);
    const what = consentIn(session, inputs);
    const once = () => observeConsent(session, inputs.applicationId, what);
    const { observation: live, inputs: observed } = await observeTwice(inputs, await once(), once, (at) =>
        liveConsentInputs(inputs, at, currentOwnership(state.managed, at)),
    );
    if (live.grants === undefined) warnThatGrantsAreNotReadable(what);
    const { desired, managed, isNew } = state;
    const outputs = consentOutputs(customer, { inputs: observed, desired, live, managed, ...(isNew ? { isNew } : {}) });
    // If the service principal is deleted, it can be restored only by its id. So the id is kept.
    const servicePrincipalId = live.servicePrincipal?.id ?? state.servicePrincipalId;
    return { id, inputs: observed, props: { ...outputs, servicePrincipalId } };
}
