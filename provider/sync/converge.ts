// The loop behind every deployment: plan, write only what differs, and observe again until a read shows it.
import { untilVisible } from "../entra/untilVisible";
import { PortalError } from "../portalError";
import type { Reached } from "./owned";

interface AnyPlan {
    /** One name per thing written, the same in each round that it is still needed. */
    readonly changes: readonly string[];
}

export interface Convergence<Live, Managed, Plan extends AnyPlan> {
    /** In messages: `application 58a0f8e1-...`. */
    readonly what: string;
    readonly start: Reached<Live, Managed>;
    plan(reached: Reached<Live, Managed>): Plan;
    /** `undefined`: not there, or not yet. */
    observe(): Promise<Live | undefined>;
    /**
     * Writes a plan, and tells each change of the record as soon as Entra has answered. Returns Entra's refusal if the plan
     * was based on stale data.
     */
    carryOut(
        plan: Plan,
        reached: Reached<Live, Managed>,
        confirm: (managed: Managed) => void,
    ): Promise<PortalError | undefined>;
    /** What the resource owns, as a new observation shows it: that settles writes whose outcome was uncertain. */
    settle(reached: Reached<Live, Managed>): Managed;
    /** Hears of each step, so that a failure in between loses nothing. */
    progress(reached: Reached<Live, Managed>): void;
}

/** A new certificate first, then the old one removed: never more rounds than that, and one for what a race left. */
const MAX_ROUNDS = 4;

export async function converge<Live, Managed, Plan extends AnyPlan>(
    job: Convergence<Live, Managed, Plan>,
): Promise<Reached<Live, Managed>> {
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

type Written<Live, Managed> = Reached<Live, Managed> & { readonly changes: readonly string[] };

/** Plans and writes. Each time that Entra refuses because the plan was based on stale data, it observes and plans again. */
async function untilWritten<Live, Managed, Plan extends AnyPlan>(
    job: Convergence<Live, Managed, Plan>,
    start: Reached<Live, Managed>,
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
            // An earlier attempt, whose answer was lost, may have been carried out.
            managed = job.settle({ live, managed });
        }
        const next = job.plan({ live, managed });
        refusal = await job.carryOut(next, { live, managed }, confirm);
        return refusal ? undefined : { live, managed, changes: next.changes };
    };
    try {
        return await untilVisible(`Entra to accept changes of ${job.what}`, attempt, { sightings: 1 });
    } catch (error) {
        throw error instanceof PortalError && error.code === "ERR_NOT_VISIBLE_IN_TIME" ? (refusal ?? error) : error;
    }
}

/** A write is done when a read shows it: until then the plan would write it again. */
async function untilShown<Live, Managed, Plan extends AnyPlan>(
    job: Convergence<Live, Managed, Plan>,
    { managed, changes }: Written<Live, Managed>,
): Promise<Live> {
    let missing = changes;
    try {
        return await untilVisible(`changes of ${job.what}`, async () => {
            const live = await job.observe();
            if (live === undefined) return undefined;
            const still = job.plan({ live, managed }).changes;
            missing = changes.filter((change) => still.includes(change));
            return missing.length === 0 ? live : undefined;
        });
    } catch (error) {
        if (!(error instanceof PortalError) || error.code !== "ERR_NOT_VISIBLE_IN_TIME") throw error;
        const lost = `Entra accepted the changes but does not show them: ${named(missing)}`;
        const remedy = `run the deployment again; if it fails again, check whether another tool writes to the application`;
        throw new PortalError(error.code, `${error.message}; ${lost}; ${remedy}`, { cause: error });
    }
}

/** The text of our own tag says nothing to a reader. */
function named(changes: readonly string[]): string {
    return changes.map((change) => change.replace(/^tags\/.*/, "tags")).join(", ");
}

function contested(what: string, changes: readonly string[]): PortalError {
    return new PortalError(
        "ERR_APPLICATION_CONFLICT",
        `changing ${what}: it differs again after ${MAX_ROUNDS} rounds (${named(changes)}); another tool seems to write to it at the same time`,
    );
}
