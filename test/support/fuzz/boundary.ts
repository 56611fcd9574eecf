// Describes a boundary for a fuzz: how to mutate valid input, and the code that must handle the mutated input.
import type { Random } from "../../walk/random";

/** Runs in its own process, which has compiled copies of the folders and files that SOURCES in fuzz.ts lists. */
export interface Boundary<Mutation = unknown> {
    /** Texts that no message may contain. The harness reads this list after `start`. */
    readonly secrets: readonly string[];
    /** The longest time that one run may wait, in the simulated time of `provider/entra/clock`. */
    readonly budgetMs: number;
    start?(): Promise<void>;
    mutate(random: Random): Mutation;
    /** Runs the code. The code may throw only errors for which `isExpected` returns true. */
    run(mutation: Mutation): unknown;
    /** Shows a mutation in one line, so that a reader can repeat it by hand. Default: JSON. */
    readonly describe?: (mutation: Mutation) => string;
    /** Returns whether an error is meant for the user. Default: true if the error's `name` is `PortalError`. */
    readonly isExpected?: (error: Error) => boolean;
}

/** The sorts of fault that a fuzz must detect. */
export const FAULTS = ["crash", "rawError", "secret", "wait", "steering"] as const;
export type FaultSort = (typeof FAULTS)[number];

/** A mutation that the code did not handle. `FUZZ_SEED=<seed> FUZZ_ONLY=<index>` runs this mutation alone. */
export interface FoundFault {
    readonly sort: FaultSort;
    readonly index: number;
    readonly mutation: string;
    readonly what: string;
}

/** A function that plants a fault. The harness calls it before every twentieth run, and judges both together. */
export type Plant = (at: { readonly secret: string; readonly sleep: (ms: number) => Promise<void> }) => unknown;
