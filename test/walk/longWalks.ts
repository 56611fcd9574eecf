// Runs long walks with the provider's hooks, without the engine. Each walk starts with the same contents of the tenant.
import type { PlantedBug } from "../support/hooks/compiledProvider";
import { HooksTenant } from "../support/hooks/hooksTenant";
import { certificateInput } from "../support/hooks/operations";
import { existingApplication } from "../support/tenant/portals";
import { LongWalk } from "./longWalk";

export interface LongWalksOptions {
    readonly seeds: readonly number[];
    readonly length: number;
    readonly bug?: PlantedBug | undefined;
}

/** Returns how many steps of each kind the walks carried out, and the failure of the first walk that failed. */
export async function walkLong({ seeds, length, bug }: LongWalksOptions) {
    const world = await HooksTenant.start({ bug });
    const existing = await existingApplication(world.tenant, { serviceManagementReference: "CMDB-1" });
    world.keep();
    const certificates = await Promise.all([1, 2, 3].map(() => certificateInput("c")));
    const steps = new Map<string, number>();
    let failure: string | undefined;
    for (const seed of seeds) {
        world.reset();
        const walk = new LongWalk({ world, existing, seed, length, certificates });
        try {
            await walk.run();
        } catch (error) {
            failure = `seed ${seed}, ${error instanceof Error ? error.message : String(error)}`;
        }
        for (const [kind, count] of walk.done) steps.set(kind, (steps.get(kind) ?? 0) + count);
        if (failure !== undefined) break;
    }
    await world.close();
    return { steps, failure };
}
