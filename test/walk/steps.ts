// Defines the steps of a walk, which come in any order: changes of the program, changes by hand, and deployments.
// Entra disturbs some of the deployments, and others are killed.
import fc from "fast-check";

import type { TestTenant } from "../support/tenant/testTenant";
import { addition, handChange, type HandChange } from "./hands";
import { programChange, type Program } from "./program";

type Fault = Parameters<TestTenant["emulator"]["control"]["addFault"]>[0];

/** The ways in which Entra can fail during one deployment. */
export const TROUBLES = {
    "503": { status: 503 },
    "504 although Entra carried it out": { status: 504, effect: "after" },
    "HTML of a proxy, 502": { status: 502, html: true },
    "429 with Retry-After": { status: 429, headers: { "Retry-After": "2" } },
    "connection dropped": { drop: true },
    "connection dropped although Entra carried it out": { drop: true, effect: "after" },
    "answer broken off": { breakOff: true, effect: "after" },
    "409 because of somebody else's request": {
        status: 409,
        code: "Directory_ConcurrencyViolation",
        message: "Error due to concurrent requests being made to the tenant. Please wait briefly and retry.",
    },
    "replicas that lag and alternate": "lag",
} satisfies Record<string, Fault | "lag">;
export type Trouble = keyof typeof TROUBLES;

/** A moment during a deployment: before or after Entra carries out request number `skip` + 1. */
export interface Moment {
    readonly skip: number;
    readonly effect: "before" | "after";
}

export type Step =
    | { readonly kind: "program"; readonly change: Partial<Program> | "removed" }
    | { readonly kind: "hand"; readonly hand: HandChange }
    | {
          readonly kind: "fault";
          readonly trouble: Trouble;
          readonly skip: number;
          readonly count: number;
          readonly level: "request" | "item";
      }
    | ({ readonly kind: "kill" } & Moment)
    | { readonly kind: "up" };

export const STEP_KINDS = ["program", "hand", "fault", "kill", "up"] as const satisfies readonly Step["kind"][];

/** Few deployments send more requests than this, so a fault at a later request would rarely have an effect. */
const MOST_REQUESTS = 7;
const kind = <K extends Step["kind"]>(name: K) => fc.constant(name);

const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: kind("program"), change: programChange }) },
    { weight: 6, arbitrary: fc.record({ kind: kind("hand"), hand: handChange }) },
    {
        weight: 4,
        arbitrary: fc.record({
            kind: kind("fault"),
            trouble: fc.constantFrom(...(Object.keys(TROUBLES) as Trouble[])),
            skip: fc.nat({ max: MOST_REQUESTS }),
            count: fc.integer({ min: 1, max: 2 }),
            level: fc.constantFrom("request" as const, "item" as const),
        }),
    },
    {
        weight: 6,
        arbitrary: fc.record({
            kind: kind("kill"),
            skip: fc.nat({ max: MOST_REQUESTS }),
            effect: fc.constantFrom("before" as const, "after" as const),
        }),
    },
    { weight: 4, arbitrary: fc.record({ kind: kind("up") }) },
);

export interface Plan {
    /** `true`: the program adopts an application of somebody else. */
    readonly adopts: boolean;
    /** `true`: an undisturbed deployment comes before all steps. */
    readonly isDeployed: boolean;
    /** The entries of others that are added to the application before the first step, if the application exists. */
    readonly additions: readonly HandChange[];
    readonly steps: readonly Step[];
}

export function plans(length: number): fc.Arbitrary<Plan> {
    return fc.record({
        adopts: fc.boolean(),
        isDeployed: fc.boolean(),
        additions: fc.array(addition, { minLength: 2, maxLength: 5 }),
        steps: fc.array(step, { minLength: length, maxLength: length }),
    });
}
