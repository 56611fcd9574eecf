// The hooks of RestorePortalApp, in the order check, diff, create, read, update, delete.
import { assertSameTenant } from "../entra/credentials";
import { clock } from "../entra/clock";
import { openSession, type Session } from "../entra/session";
import { HalfDone } from "../pulumi/halfDone";
import type { Hooks } from "../pulumi/hooks";
import { entraReminder } from "../pulumi/refreshReminder";
import { checkPortal } from "./check";
import { readPortal } from "./read";
import type { Reconciled } from "./reconcile";
import { registerOrAdopt } from "./register";
import { releasePortal } from "./release";
import type { RetiringCertificate } from "./rules/live";
import type { RestorePortalAppInputs } from "./rules/inputs";
import { replacedBy } from "./rules/replacement";
import { inputsOf, outputsFrom, retiringCertificates, type PortalState } from "./rules/state";
import { updatePortal } from "./update";

export const restorePortalAppHooks: Hooks<RestorePortalAppInputs, PortalState> = {
    check: checkPortal,

    diff: (_id, state, news) => {
        assertSameTenant(state.tenantId, state.credentials);
        entraReminder.remindIfUnread();
        // Inputs that differ are named by the engine itself, with both values; only replacements are ours to say.
        return Promise.resolve({ replaces: replacedBy(state, news) });
    },

    create: async (inputs) => {
        const session = await openSession(inputs);
        const job = { session, inputs, asked: inputs, retiring: [] };
        const { id, outs } = await keepingProgress(job, (progress) => registerOrAdopt(session, inputs, progress));
        return { id, outs };
    },

    read: async (id, state) => {
        entraReminder.noteRead();
        return readPortal(() => openSession(state), id, state);
    },

    update: async (_id, state, inputs) => {
        const session = await openSession({ ...inputs, tenantId: state.tenantId });
        const retiring = retiringCertificates(state, inputs, clock.now());
        const job = { session, inputs, asked: inputsOf(state), retiring };
        const { outs } = await keepingProgress(job, (progress) =>
            updatePortal({ session, state, inputs, retiring, progress }),
        );
        return { outs };
    },

    delete: async (_id, state) => {
        const session = await openSession(state);
        await releasePortal(session, state);
    },
};

interface Job {
    readonly session: Session;
    readonly inputs: RestorePortalAppInputs;
    /** What state keeps as asked for when the job fails half-way. */
    readonly asked: RestorePortalAppInputs;
    readonly retiring: readonly RetiringCertificate[];
}

/** Runs a job that writes. If it fails after its application was found or made, the engine is told what was reached. */
async function keepingProgress(
    { session, inputs, asked, retiring }: Job,
    run: (progress: (state: Reconciled) => void) => Promise<Reconciled>,
): Promise<{ id: string; outs: PortalState }> {
    const home = { tenantId: session.tenantId, loginUrl: session.cloud.loginUrl };
    let reached: Reconciled | undefined;
    try {
        const done = await run((state) => (reached = state));
        return { id: done.live.application.appId, outs: outputsFrom(home, inputs, done, retiring) };
    } catch (error) {
        if (reached === undefined) throw error;
        throw new HalfDone(reached.live.application.appId, outputsFrom(home, asked, reached, retiring), error);
    }
}
