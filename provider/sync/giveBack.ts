// Runs the loop of a release, and of the removal of another holder's tags. Each later round plans from a new
// observation. The loop ends when the plan contains no more changes.
import { isUncertain } from "../entra/graphErrors";
import { PortalError } from "../portalError";
import { converge } from "./converge";

export interface GiveBack<Live, Plan extends { readonly changes: readonly string[] }> {
    /** Names the object in messages, such as `application 58a0f8e1-... for its release`. */
    readonly what: string;
    readonly start: Live;
    plan(live: Live): Plan;
    /** `undefined`: the object no longer exists, so the release is complete. */
    observe(): Promise<Live | undefined>;
    /** Returns Entra's refusal if the plan was based on stale data. */
    carryOut(plan: Plan, live: Live): Promise<PortalError | undefined>;
}

const GONE = "gone";

export async function giveBack<Live extends object, Plan extends { readonly changes: readonly string[] }>(
    job: GiveBack<Live, Plan>,
): Promise<void> {
    await converge<Live | typeof GONE, undefined, { readonly changes: readonly string[]; readonly plan?: Plan }>({
        what: job.what,
        start: { live: job.start, managed: undefined },
        plan: ({ live }) => {
            if (live === GONE) return { changes: [] };
            const plan = job.plan(live);
            return { changes: plan.changes, plan };
        },
        observe: async () => (await job.observe()) ?? GONE,
        settle: () => undefined,
        carryOut: async ({ plan }, { live }) =>
            live === GONE || plan === undefined
                ? undefined
                : job.carryOut(plan, live).catch((error: unknown) => settle(job, plan, error)),
        progress: () => undefined,
    });
}

/**
 * If Entra did not answer, reads the object. If a part of the plan was carried out, the loop goes on. If the loop ended
 * instead, the delete would fail, and Pulumi would keep a state that names removed entries. If somebody then added the
 * same entries by hand, they would count as ours.
 */
async function settle<Live extends object, Plan extends { readonly changes: readonly string[] }>(
    job: GiveBack<Live, Plan>,
    { changes }: Plan,
    error: unknown,
): Promise<PortalError> {
    if (!(error instanceof PortalError) || !isUncertain(error)) throw error;
    const live = await job.observe().catch(() => {
        throw error;
    });
    const left = live === undefined ? [] : job.plan(live).changes;
    // If Entra carried out no change, the state still agrees with Entra, so a failure does no harm.
    if (changes.every((change) => left.includes(change))) throw error;
    return error;
}
