// The hooks of PortalTenantConsent, in the order check, diff, create, read, update, delete.
import { observeConsent } from "../entra/directory";
import type { Session } from "../entra/session";
import { HalfDone } from "../pulumi/halfDone";
import type { Hooks } from "../pulumi/hooks";
import { entraReminder } from "../pulumi/refreshReminder";
import { currentOwnership } from "../sync/ownership";
import { customerAt, locate, openCustomer, type Customer } from "./customer";
import { consentIn, grantConsent } from "./grant";
import { readConsent } from "./read";
import { releaseConsent } from "./release";
import { consentReplacedBy } from "./replacement";
import { checkConsent, type ConsentInputs } from "./rules/inputs";
import { liveConsentInputs, type ReachedConsent } from "./rules/plan";
import { consentId, consentOutputs, upgradedConsent, type ConsentState } from "./rules/state";
import { verifyConsent } from "./verify";

export const portalTenantConsentHooks: Hooks<ConsentInputs, ConsentState> = {
    check: (olds, news) => Promise.resolve(checkConsent(olds, news)),

    diff: async (_id, state, news) => {
        entraReminder.remindIfUnread();
        return { replaces: await consentReplacedBy(upgradedConsent(state), news), deleteBeforeReplace: true };
    },

    create: async (inputs) => deploy(await locate(inputs), inputs, undefined),

    read: (id, state) => {
        entraReminder.noteRead();
        return readConsent(id, upgradedConsent(state));
    },

    update: async (_id, old, inputs) => {
        const state = upgradedConsent(old);
        const { outs } = await deploy(await customerAt(inputs, state.tenantId), inputs, state);
        return { outs };
    },

    delete: async (_id, old) => {
        const state = upgradedConsent(old);
        if (state.mode === "verify") return;
        const session = await openCustomer(state, await customerAt(state, state.tenantId));
        await releaseConsent(session, state);
    },
};

/** If it fails after something was observed or made, the engine is told what the tenant holds. */
async function deploy(
    customer: Customer,
    inputs: ConsentInputs,
    last: ConsentState | undefined,
): Promise<{ id: string; outs: ConsentState }> {
    const id = consentId(customer, inputs);
    if (inputs.mode === "verify") return { id, outs: (await verifyConsent(customer, inputs)).outs };
    // What was only verified before has left nothing of ours.
    const state = last?.mode === "manage" ? last : undefined;
    let reached: ReachedConsent | undefined;
    let session: Session | undefined;
    try {
        session = await openCustomer(inputs, customer);
        const { live, managed } = await grantConsent({ session, inputs, state, progress: (at) => (reached = at) });
        return { id, outs: consentOutputs(customer, { inputs, desired: inputs, live, managed }) };
    } catch (error) {
        if (reached === undefined || session === undefined) throw error;
        const at = await observedAfterFailure(session, inputs, reached);
        const isNew = state === undefined || state.isNew === true;
        const desired = isNew ? inputs : state.desired;
        const found = liveConsentInputs(last ? last.desired : inputs, at.live, at.managed);
        throw new HalfDone(id, consentOutputs(customer, { inputs: found, desired, ...at, isNew }), error);
    }
}

/** A read shows what was done; without one, what Entra has answered is all that is known. */
async function observedAfterFailure(
    session: Session,
    inputs: ConsentInputs,
    reached: ReachedConsent,
): Promise<ReachedConsent> {
    try {
        const live = await observeConsent(session, inputs.applicationId, consentIn(session, inputs));
        return { live, managed: { ...reached.managed, ...currentOwnership(reached.managed, live) } };
    } catch {
        return reached;
    }
}
