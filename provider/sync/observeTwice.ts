// Observes twice before it reports a difference as drift, because replicas of Entra may return new and old data in
// turn.
import { plainValue } from "../plainText";

/** An observation, and the inputs with their live values. */
export interface Observed<Inputs, Observation> {
    readonly observation: Observation;
    readonly inputs: Inputs;
}

/**
 * A value that is as desired in one of two observations is not drift. Calls `again` only if the first observation
 * differs.
 */
export async function observeTwice<Inputs extends object, Observation>(
    desired: Inputs,
    first: Observation,
    again: () => Promise<Observation | undefined>,
    liveInputs: (observation: Observation) => Inputs,
): Promise<Observed<Inputs, Observation>> {
    const inputs = shown(desired, liveInputs(first));
    if (isSame(inputs, desired)) return { observation: first, inputs };
    const observation = (await again()) ?? first;
    return { observation, inputs: withoutPassing(desired, inputs, shown(desired, liveInputs(observation))) };
}

/** Others may have written the live values. So values that differ are shown without control characters. */
function shown<T extends object>(desired: T, live: T): T {
    const entries = Object.entries(live).map(([key, value]) => {
        const isDesired = value === undefined || isSame(value, (desired as Record<string, unknown>)[key]);
        return [key, isDesired ? (value as unknown) : plainValue<unknown>(value)] as const;
    });
    return Object.fromEntries(entries) as T;
}

/** Returns the second live values. A desired value in the first observation takes precedence. */
function withoutPassing<T extends object>(desired: T, first: T, second: T): T {
    const entries = Object.entries(second).map(([key, value]) => {
        const [target, live] = [desired, first].map((one) => (one as Record<string, unknown>)[key]);
        return [key, isSame(live, target) ? target : value] as const;
    });
    return Object.fromEntries(entries) as T;
}

function isSame(a: unknown, b: unknown): boolean {
    return JSON.stringify(a) === JSON.stringify(b);
}
