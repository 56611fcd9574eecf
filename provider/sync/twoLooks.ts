// Observes twice before anything counts as drift, because replicas of Entra may answer with new and old data in turn.

/** An observation, and the inputs with each live value in its place. */
export interface Observed<Inputs, Seen> {
    readonly seen: Seen;
    readonly inputs: Inputs;
}

/** What is as desired in one of two observations is not drift. `again` is only called if the first one shows a difference. */
export async function observeTwice<Inputs extends object, Seen>(
    desired: Inputs,
    first: Seen,
    again: () => Promise<Seen | undefined>,
    liveInputs: (seen: Seen) => Inputs,
): Promise<Observed<Inputs, Seen>> {
    const inputs = liveInputs(first);
    if (isSame(inputs, desired)) return { seen: first, inputs };
    const seen = (await again()) ?? first;
    return { seen, inputs: withoutPassing(desired, inputs, liveInputs(seen)) };
}

/** The second observation, with the desired value wherever the first showed it. */
function withoutPassing<T extends object>(desired: T, first: T, second: T): T {
    const entries = Object.entries(second).map(([key, value]) => {
        const [wanted, seen] = [desired, first].map((one) => (one as Record<string, unknown>)[key]);
        return [key, isSame(seen, wanted) ? wanted : value] as const;
    });
    return Object.fromEntries(entries) as T;
}

function isSame(a: unknown, b: unknown): boolean {
    return JSON.stringify(a) === JSON.stringify(b);
}
