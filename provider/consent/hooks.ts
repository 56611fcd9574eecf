// The hooks of PortalTenantConsent, in the order check, diff, create, read, update, delete.
import { HalfDone } from "../pulumi/halfDone";
import type { Hooks } from "../pulumi/hooks";
import { entraReminder } from "../pulumi/refreshReminder";
import { customerAt, locate, openCustomer, type Customer } from "./customer";
import { grantConsent } from "./grant";
import { readConsent } from "./read";
import { releaseConsent } from "./release";
import { consentReplacedBy } from "./replacement";
import { checkConsent, type ConsentInputs } from "./rules/inputs";
import type { ReachedConsent } from "./rules/plan";
import { consentId, consentInputsOf, consentOutputs, type ConsentState } from "./rules/state";
import { verifyConsent } from "./verify";

export const portalTenantConsentHooks: Hooks<ConsentInputs, ConsentState> = {
    check: (olds, news) => Promise.resolve(checkConsent(olds, news)),

    diff: async (_id, state, news) => {
        entraReminder.remindIfUnread();
        return { replaces: await consentReplacedBy(state, news) };
    },

    create: async (inputs) => {
        return deploy(await locate(inputs), inputs, undefined);
    },

    read: (id, state) => {
        entraReminder.noteRead();
        return readConsent(id, state);
    },

    update: async (_id, state, inputs) => {
        const { outs } = await deploy(await customerAt(inputs, state.tenantId), inputs, state);
        return { outs };
    },

    delete: async (_id, state) => {
        if (state.mode === "verify") return;
        const session = await openCustomer(state, await customerAt(state, state.tenantId));
        await releaseConsent(session, state);
    },
};

/** If it fails after something was found or made, the engine is told what was reached. */
async function deploy(
    customer: Customer,
    inputs: ConsentInputs,
    before: ConsentState | undefined,
): Promise<{ id: string; outs: ConsentState }> {
    const id = consentId(customer, inputs);
    if (inputs.mode === "verify") return { id, outs: (await verifyConsent(customer, inputs)).outs };
    // What was only verified before has left nothing of ours.
    const state = before?.mode === "manage" ? before : undefined;
    let reached: ReachedConsent | undefined;
    try {
        const session = await openCustomer(inputs, customer);
        const done = await grantConsent({ session, inputs, state, progress: (at) => (reached = at) });
        return { id, outs: consentOutputs(customer, inputs, done) };
    } catch (error) {
        if (reached === undefined) throw error;
        const asked = before ? consentInputsOf(before) : inputs;
        throw new HalfDone(id, consentOutputs(customer, asked, reached), error);
    }
}
