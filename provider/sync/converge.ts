// Runs the loop of every deployment and release: plan, write only the differences, and observe until a read shows the
// writes.
import { untilVisible } from "../entra/untilVisible";
import { PortalError } from "../portalError";
import type { Snapshot } from "./owned";

interface AnyPlan {
    /** One name per change. A change that is still needed has the same name in the next round. */
    readonly changes: readonly string[];
}

export interface Convergence<Live, Managed, Plan extends AnyPlan> {
    /** Names the object in messages, such as `application 58a0f8e1-...`. */
    readonly what: string;
    readonly start: Snapshot<Live, Managed>;
    plan(snapshot: Snapshot<Live, Managed>): Plan;
    /** `undefined`: the object does not exist, or is not visible yet. */
    observe(): Promise<Live | undefined>;
    /**
     * Writes a plan. As soon as Entra has answered a write, calls `confirm` with the new record of ownership. Returns
     * Entra's refusal if the plan was based on stale data.
     */
    carryOut(
        plan: Plan,
        snapshot: Snapshot<Live, Managed>,
        confirm: (managed: Managed) => void,
    ): Promise<PortalError | undefined>;
    /**
     * Updates the record of ownership from a new observation, which also shows the outcome of writes without an answer.
     */
    settle(snapshot: Snapshot<Live, Managed>): Managed;
    /** Saves the progress after each step, so that a later failure does not lose it. */
    progress(snapshot: Snapshot<Live, Managed>): void;
}

/**
 * The rotation of a certificate needs two rounds: one adds the new certificate, one removes the old one. The other two
 * rounds allow for writes by others at the same time.
 */
const MAX_ROUNDS = 4;

export async function converge<Live, Managed, Plan extends AnyPlan>(
    job: Convergence<Live, Managed, Plan>,
): Promise<Snapshot<Live, Managed>> {
    let state = job.start;
    let next = job.plan(state);
    for (let round = 1; next.changes.length > 0; round++) {
        if (round > MAX_ROUNDS) throw contested(job.what, next.changes);
        const written = await untilWritten(job, state);
        const live = await untilShown(job, written);
        state = { live, managed: job.settle({ live, managed: written.managed }) };
        job.progress(state);
        next = job.plan(state);
    }
    return state;
}

type Written<Live, Managed> = Snapshot<Live, Managed> & { readonly changes: readonly string[] };

/** Plans and writes. If Entra refuses because the plan was based on stale data, observes and plans again. */
async function untilWritten<Live, Managed, Plan extends AnyPlan>(
    job: Convergence<Live, Managed, Plan>,
    start: Snapshot<Live, Managed>,
): Promise<Written<Live, Managed>> {
    let { live, managed } = start;
    let refusal: PortalError | undefined;
    const confirm = (confirmed: Managed) => {
        managed = confirmed;
        job.progress({ live, managed });
    };
    const attempt = async () => {
        if (refusal) {
            live = (await job.observe()) ?? live;
            // If the answer to an earlier attempt was lost, Entra may have carried out the writes of that attempt. So
            // the record of ownership is updated before the next plan.
            managed = job.settle({ live, managed });
        }
        const next = job.plan({ live, managed });
        refusal = await job.carryOut(next, { live, managed }, confirm);
        return refusal ? undefined : { live, managed, changes: next.changes };
    };
    try {
        return await untilVisible(`Entra to accept changes to ${job.what}`, attempt, { sightings: 1 });
    } catch (error) {
        throw error instanceof PortalError && error.code === "ERR_NOT_VISIBLE_IN_TIME" ? (refusal ?? error) : error;
    }
}

/** Waits until a read shows the writes. Until then the next plan would contain them again. */
async function untilShown<Live, Managed, Plan extends AnyPlan>(
    job: Convergence<Live, Managed, Plan>,
    { managed, changes }: Written<Live, Managed>,
): Promise<Live> {
    let missing = changes;
    const probe = async () => {
        const live = await job.observe();
        if (live === undefined) return undefined;
        const still = job.plan({ live, managed }).changes;
        const left = changes.filter((change) => still.includes(change));
        if (left.length === 0) return live;
        missing = left;
        return undefined;
    };
    const advice = () =>
        `Entra accepted these changes, but a read does not show them: ${named(missing)}; run the command again; if it fails again, check whether another tool writes to the same object`;
    return untilVisible(`Entra to show the changes to ${job.what}`, probe, { advice });
}

/** Hides the codes in our own tag and the steps of a release, because a reader cannot understand them. */
function named(changes: readonly string[]): string {
    return changes.map((change) => change.replace(/^(release|removal)\//, "").replace(/^tags\/.*/, "tags")).join(", ");
}

function contested(what: string, changes: readonly string[]): PortalError {
    return new PortalError(
        "ERR_APPLICATION_CONFLICT",
        `changing ${what}: the object still differs after ${MAX_ROUNDS} attempts (${named(changes)}), because another tool writes to it at the same time; stop that tool, then run the command again`,
    );
}
