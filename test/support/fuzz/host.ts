// Fuzzes a boundary in its own process. If a crash ends the process, its last message still shows the current mutation.
import { join } from "node:path";
import { runInThisContext } from "node:vm";

import { Random } from "../../walk/random";
import type { Boundary, FoundFault, Plant } from "./boundary";
import { judge } from "./judge";

export interface Job {
    /** The name of a file in `boundaries/`. */
    readonly boundary: string;
    readonly seed: number;
    readonly from: number;
    readonly count: number;
    /** Source text of a `Plant`. */
    readonly plant?: string;
}

/** The messages of the process: the mutation before a run, the verdict after the run, and the end of all runs. */
export type Report =
    | { readonly started: number; readonly mutation: string }
    | { readonly ended: number; readonly outcome: string; readonly fault?: FoundFault }
    | { readonly done: true };

const PLANT_EVERY = 20;

async function work({ boundary: name, seed, from, count, plant: text }: Job): Promise<void> {
    const { boundary } = (await import(join(__dirname, "boundaries", `${name}.js`))) as { boundary: Boundary };
    const plant = text === undefined ? undefined : (runInThisContext(`(${text})`) as Plant);
    await boundary.start?.();
    for (let index = from; index < count; index++) {
        // Each mutation has its own seed, so that FUZZ_ONLY can run a single mutation.
        const mutation = boundary.mutate(new Random(Math.imul(seed, 31) + index * 7919));
        const described = describe(boundary, mutation);
        await report({ started: index, mutation: described });
        const planted = index % PLANT_EVERY === 0 ? plant : undefined;
        const { outcome, fault } = await judge(boundary, mutation, planted);
        // Node.js reports unhandled rejections after a turn of the event loop, so the verdict waits for the next turn.
        await new Promise((done) => setImmediate(done));
        await report({ ended: index, outcome, ...(fault ? { fault: { ...fault, index, mutation: described } } : {}) });
    }
    await report({ done: true });
    process.disconnect();
    process.exit(0);
}

function describe(boundary: Boundary, mutation: unknown): string {
    return (boundary.describe?.(mutation) ?? JSON.stringify(mutation)).slice(0, 2_000);
}

function report(message: Report): Promise<void> {
    return new Promise((done) => process.send?.(message, () => done()));
}

process.on("message", (job: Job) => void work(job));
