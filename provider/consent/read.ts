// What a refresh sees of one customer. Whatever is wrong with a tenant is its own status: the preview of the others goes on.
import { messageOf } from "../pulumi/halfDone";
import { observeConsent, rememberGraphServicePrincipal } from "../entra/directory";
import { warnThatGrantsAreNotReadable } from "../sync/grantRequests";
import { currentOwnership } from "../sync/ownership";
import { observeTwice } from "../sync/twoLooks";
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
        const { outs, inputs: found } = await verifyConsent(customer, inputs);
        return { id, props: outs, inputs: found };
    } catch (error) {
        if (!(error instanceof PortalError)) throw error;
        warn(`tenant ${inputs.tenantId} is not readable: ${messageOf(error)}`);
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
    const { seen: live, inputs: found } = await observeTwice(inputs, await once(), once, (seen) =>
        liveConsentInputs(inputs, seen, currentOwnership(state.managed, seen)),
    );
    if (live.grants === undefined) warnThatGrantsAreNotReadable(what);
    const { desired, managed, isNew } = state;
    const outputs = consentOutputs(customer, { inputs: found, desired, live, managed, ...(isNew ? { isNew } : {}) });
    // One that was deleted comes back from the bin by its id.
    const servicePrincipalId = live.servicePrincipal?.id ?? state.servicePrincipalId;
    return { id, inputs: found, props: { ...outputs, servicePrincipalId } };
}
