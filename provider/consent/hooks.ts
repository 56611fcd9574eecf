// Implements the hooks of PortalTenantConsent.
import { observeConsent } from "../entra/directory";
import type { Session } from "../entra/session";
import { HalfDone } from "../pulumi/halfDone";
import type { Hooks } from "../pulumi/hooks";
import { entraReminder } from "../pulumi/refreshReminder";
import { observedAfterFailure, withoutGivenUp } from "../sync/afterFailure";
import { customerAt, locate, openCustomer, type Customer } from "./customer";
import { consentIn, grantConsent } from "./grant";
import { isPreviewed, noteCustomer, notePreview, warnOfTrouble } from "./previewCustomer";
import { readConsent } from "./read";
import { releaseConsent } from "./release";
import { readExistingConsent } from "./existing";
import { consentReplacedBy, keepingTenant } from "./replacement";
import { checkConsent } from "./rules/checkInputs";
import type { ConsentInputs } from "./rules/inputs";
import { liveConsentInputs, type ConsentSnapshot } from "./rules/plan";
import { consentId, consentOutputs, upgradedConsent, upgradedIfWhole, type ConsentState } from "./rules/state";
import { verifyConsent } from "./verify";

export const portalTenantConsentHooks: Hooks<ConsentInputs, ConsentState> = {
    readsEntra: true,

    check: async (olds, news, ignored, preview) => {
        const { inputs, failures } = checkConsent(olds, news, ignored);
        notePreview(inputs, preview !== undefined);
        return { inputs: failures.length > 0 ? inputs : await keepingTenant(inputs, olds), failures };
    },

    preview: (olds, inputs, facts) => warnOfTrouble(inputs, olds, facts),

    diff: async (_id, state, news) => {
        entraReminder.remindIfUnread();
        const replaces = await consentReplacedBy(upgradedConsent(state), news, isPreviewed(news));
        return { replaces, deleteBeforeReplace: true };
    },

    create: async (inputs) => deploy(await locate(inputs), inputs, undefined),

    read: (id, old) => {
        entraReminder.noteRead();
        const state = upgradedIfWhole(old);
        noteCustomer(state.desired);
        return readConsent(id, state);
    },

    update: async (_id, old, inputs) => {
        const state = upgradedIfWhole(old);
        const { outs } = await deploy(await customerAt(inputs, state.tenantId), inputs, state);
        return { outs };
    },

    delete: async (_id, old) => {
        const state = upgradedIfWhole(old);
        if (state.desired.mode === "verify") return;
        const session = await openCustomer(state, await customerAt(state, state.tenantId));
        await releaseConsent(session, state);
    },

    readExisting: readExistingConsent,
};

/**
 * Deploys a consent. If the deployment fails after `grantConsent` has saved progress, the engine receives the live
 * state of the tenant.
 */
async function deploy(
    customer: Customer,
    inputs: ConsentInputs,
    last: ConsentState | undefined,
): Promise<{ id: string; outs: ConsentState }> {
    const id = consentId(customer, inputs);
    if (inputs.mode === "verify") return { id, outs: (await verifyConsent(customer, inputs, last?.managed)).outs };
    const state = last && managedBefore(last);
    let snapshot: ConsentSnapshot | undefined;
    let session: Session | undefined;
    try {
        session = await openCustomer(inputs, customer);
        const { live, managed } = await grantConsent({ session, inputs, state, progress: (at) => (snapshot = at) });
        const { id: servicePrincipalId } = live.servicePrincipal ?? {};
        const deployed = {
            ...withoutGivenUp(managed),
            ...(servicePrincipalId === undefined ? {} : { servicePrincipalId }),
        };
        return { id, outs: consentOutputs(customer, { inputs, desired: inputs, live, managed: deployed }) };
    } catch (error) {
        if (snapshot === undefined || session === undefined) throw error;
        const [opened, what] = [session, consentIn(session, inputs)];
        const at = await observedAfterFailure(snapshot, state?.managed, () =>
            observeConsent(opened, inputs.applicationId, what),
        );
        const isNew = state === undefined || Boolean(state.isNew);
        const desired = isNew ? inputs : state.desired;
        const observed = liveConsentInputs(desired, at.live, at.managed);
        throw new HalfDone(id, consentOutputs(customer, { inputs: observed, desired, ...at, isNew }), error);
    }
}

/**
 * Returns the state from which mode "manage" continues. After mode "verify" that state counts as new, because "verify"
 * repairs nothing: the tenant may differ from what "manage" last wrote. `undefined`: according to state, "manage" never
 * wrote to the tenant.
 */
function managedBefore(last: ConsentState): ConsentState | undefined {
    if (last.desired.mode === "manage") return last;
    return last.managed.holder === "" ? undefined : { ...last, servicePrincipalId: "", isNew: true };
}
