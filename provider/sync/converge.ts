// The loop behind every deployment: plan, write only what differs, and look again until a read shows it.
import { untilVisible } from "../entra/untilVisible";
import { PortalError } from "../portalError";

/** Where a convergence starts and what it ends with. */
export interface Reached<Live, Managed> {
    readonly live: Live;
    readonly managed: Managed;
}

/** What a plan has in common with others. */
interface AnyPlan<Managed> {
    /** One name per thing written, the same in each round that it is still needed. */
    readonly changes: readonly string[];
    /** What is ours once the plan is carried out. */
    readonly managed: Managed;
}

export interface Convergence<Live, Managed, Plan extends AnyPlan<Managed>> {
    /** In messages: `application 58a0f8e1-...`. */
    readonly what: string;
    readonly start: Reached<Live, Managed>;
    plan(reached: Reached<Live, Managed>): Plan;
    /** `undefined`: not there, or not yet. */
    look(): Promise<Live | undefined>;
    /** Answers what Entra said where the look behind the plan was out of date. */
    carryOut(plan: Plan, live: Live): Promise<PortalError | undefined>;
    /** Hears of each step, so that a failure in between loses nothing. */
    progress(reached: Reached<Live, Managed>): void;
}

/** A new certificate first, then the old one away: never more rounds than that, and one for what a race left. */
const MAX_ROUNDS = 4;

export async function converge<Live, Managed, Plan extends AnyPlan<Managed>>(
    job: Convergence<Live, Managed, Plan>,
): Promise<Reached<Live, Managed>> {
    let state = job.start;
    let next = job.plan(state);
    for (let round = 1; next.changes.length > 0; round++) {
        if (round > MAX_ROUNDS) throw contested(job.what, next.changes);
        const written = await untilWritten(job, state);
        state = { live: await untilShown(job, written), managed: written.managed };
        next = job.plan(state);
    }
    return { ...state, managed: next.managed };
}

type Written<Live, Managed> = Reached<Live, Managed> & { readonly changes: readonly string[] };

/** Plans and writes, from a new look each time that Entra refuses because the last one was out of date. */
async function untilWritten<Live, Managed, Plan extends AnyPlan<Managed>>(
    job: Convergence<Live, Managed, Plan>,
    start: Reached<Live, Managed>,
): Promise<Written<Live, Managed>> {
    let { live, managed } = start;
    let refusal: PortalError | undefined;
    const attempt = async () => {
        if (refusal) live = (await job.look()) ?? live;
        const next = job.plan({ live, managed });
        // Ours from here on, also if the answer is lost.
        managed = next.managed;
        job.progress({ live, managed });
        refusal = await job.carryOut(next, live);
        return refusal ? undefined : { live, managed, changes: next.changes };
    };
    try {
        return await untilVisible(`Entra to accept changes of ${job.what}`, attempt, { sightings: 1 });
    } catch (error) {
        throw error instanceof PortalError && error.code === "ERR_NOT_VISIBLE_IN_TIME" ? (refusal ?? error) : error;
    }
}

/** A write is done when a read shows it: until then the plan would write it again. */
async function untilShown<Live, Managed, Plan extends AnyPlan<Managed>>(
    job: Convergence<Live, Managed, Plan>,
    { managed, changes }: Written<Live, Managed>,
): Promise<Live> {
    let missing = changes;
    try {
        return await untilVisible(`changes of ${job.what}`, async () => {
            const live = await job.look();
            if (live === undefined) return undefined;
            const still = job.plan({ live, managed }).changes;
            missing = changes.filter((change) => still.includes(change));
            return missing.length === 0 ? live : undefined;
        });
    } catch (error) {
        if (!(error instanceof PortalError) || error.code !== "ERR_NOT_VISIBLE_IN_TIME") throw error;
        const lost = `Entra accepted the changes but does not show them: ${named(missing)}`;
        const remedy = `run the deployment again; if it fails again, look whether another tool writes to the application`;
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
