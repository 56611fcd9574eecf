// What a fuzz needs to know about one boundary: how to make a mutation of honest input, and the code that must stand it.
import type { Random } from "../../walk/random";

/** Runs in a process of its own, which has compiled copies of `provider/` and of this folder. */
export interface Boundary<Mutation = unknown> {
    /** Texts that no message may contain. Read after `start`. */
    readonly secrets: readonly string[];
    /** How long one run may wait, in the simulated time of `provider/entra/clock`. */
    readonly budgetMs: number;
    start?(): Promise<void>;
    mutate(random: Random): Mutation;
    /** An error of the kinds that `isExpected` accepts is a good outcome. */
    run(mutation: Mutation): unknown;
    /** One line that lets a reader repeat the mutation by hand. Default: JSON. */
    readonly describe?: (mutation: Mutation) => string;
    /** Whether an error is meant for the user. Default: a PortalError. */
    readonly isExpected?: (error: Error) => boolean;
}

/** The sorts of fault that a fuzz must find. */
export const FAULTS = ["crash", "rawError", "secret", "wait", "steering"] as const;
export type FaultSort = (typeof FAULTS)[number];

/** A mutation that the code did not stand. `FUZZ_SEED=<seed> FUZZ_ONLY=<index>` runs it alone. */
export interface FoundFault {
    readonly sort: FaultSort;
    readonly index: number;
    readonly mutation: string;
    readonly what: string;
}

/** A fault that a test plants: the harness calls it before every twentieth run, within what it judges. */
export type Plant = (at: { readonly secret: string; readonly sleep: (ms: number) => Promise<void> }) => unknown;
