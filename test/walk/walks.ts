// Runs many random walks with the provider's hooks, without the engine. Each walk starts with the same contents of the
// tenant.
import fc from "fast-check";

import type { PlantedBug } from "../support/hooks/compiledProvider";
import { issueCertificates } from "../support/tenant/certificates";
import { HooksTenant } from "../support/hooks/hooksTenant";
import { certificateInput } from "../support/hooks/operations";
import { existingApplication } from "../support/tenant/portals";
import { HooksDeployment } from "./hooksDeployment";
import { thumbprintOf } from "./oracle";
import { CERTIFICATES } from "./program";
import { plans, type Step } from "./steps";
import { Walk } from "./walk";

type Json = Record<string, unknown>;

export interface WalksOptions {
    readonly seed: number;
    readonly walks: number;
    readonly length: number;
    readonly bug?: PlantedBug | undefined;
    /** `true`: after a failure, searches for a simpler walk that also fails, which takes long. */
    readonly shrinks?: boolean;
}

/**
 * The number of steps that the walks carried out, by kind, and the failure of the first walk that failed. With
 * `shrinks`: the failure of the simplest walk that failed.
 */
export interface Walked {
    readonly steps: ReadonlyMap<Step["kind"], number>;
    readonly failure: string | undefined;
}

export async function walkWithHooks({ seed, walks, length, bug, shrinks = false }: WalksOptions): Promise<Walked> {
    const world = await HooksTenant.start({ bug });
    const existing = await existingApplication(world.tenant);
    world.keep();
    const fixtures = await walkFixtures();
    const steps = new Map<Step["kind"], number>();
    const property = fc.asyncProperty(plans(length), async (plan) => {
        world.reset();
        const deployment = new HooksDeployment(world);
        const { tenant } = world;
        const walk = new Walk({ tenant, deployment, existing: plan.adopts ? existing : undefined, ...fixtures });
        try {
            await walk.run(plan);
        } finally {
            for (const [kind, count] of walk.done) steps.set(kind, (steps.get(kind) ?? 0) + count);
        }
    });
    const result = await fc.check(property, { seed, numRuns: walks, endOnFailure: !shrinks });
    await world.close();
    return {
        steps,
        failure: result.failed ? `${String(result.errorInstance)}\n${fc.defaultReportMessage(result)}` : undefined,
    };
}

/** Makes certificates for the program and for others. */
export async function walkFixtures() {
    const certificates = await Promise.all(Array.from({ length: CERTIFICATES }, () => certificateInput("c")));
    const others = await issueCertificates(2);
    const keys = others.map((key) => ({ key, thumbprint: thumbprintOf(Buffer.from(key, "base64")) }));
    return { certificates: certificates satisfies Json[], keys };
}
