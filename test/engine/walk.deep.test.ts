// Runs the random walks of test/walk/ on the real engine, with its state, its lock, its pending operations and a killed
// CLI.
import fc from "fast-check";

import { recover, upKilledAt, type Moment } from "../support/engine/killedCli";
import { faceOfTests } from "../support/engine/faces";
import { existingApplication } from "../support/tenant/portals";
import { TestTenant } from "../support/tenant/testTenant";
import { expectSuccess, Workspace } from "../support/engine/workspace";
import { plans } from "../walk/steps";
import { Walk, type Deployment } from "../walk/walk";
import { walkFixtures } from "../walk/walks";

jest.setTimeout(1_200_000);

type Json = Record<string, unknown>;

const seed = Number(process.env["RESTORE_PORTAL_WALK_SEED"] ?? 20261125);
/**
 * Many walks test the hooks without the plugin. The plugin only calls the same hooks, so one walk is enough to show
 * that it passes everything on.
 */
const WALKS = faceOfTests() === "native" ? 1 : 3;
const STEPS_OF_A_WALK = 10;

class EngineDeployment implements Deployment {
    private isCutOff = false;

    constructor(
        private readonly tenant: TestTenant,
        private readonly workspace: Workspace,
    ) {}

    async up(args: Json | undefined): Promise<void> {
        this.declare(args);
        expectSuccess(await (this.isCutOff ? recover(this.workspace) : this.workspace.up()));
        this.isCutOff = false;
    }

    async upKilledAt(moment: Moment, args: Json | undefined): Promise<boolean> {
        if (this.isCutOff) await this.up(args);
        this.declare(args);
        this.isCutOff = (await upKilledAt(this.tenant, this.workspace, moment)) === "SIGKILL";
        return this.isCutOff;
    }

    async expectUnchanged(args: Json | undefined): Promise<void> {
        this.declare(args);
        this.tenant.clearLog();
        await this.workspace.previewUnchanged();
        expect(this.tenant.writes()).toEqual([]);
    }

    async hasPortal(): Promise<boolean> {
        const { deployment } = await this.workspace.exportState();
        return deployment.resources?.some(({ urn }) => urn.endsWith("::portal")) === true;
    }

    /** Declares the portal without `identity`, because the constructor of the resource adds it. */
    private declare(args: Json | undefined): void {
        this.workspace.declare(args ? { portals: { portal: { args: { ...args, identity: undefined } } } } : {});
    }
}

test("random walks on the real engine", async () => {
    const fixtures = await walkFixtures();
    let steps = 0;
    for (const plan of fc.sample(plans(8), { seed, numRuns: WALKS })) {
        const tenant = await TestTenant.start();
        const workspace = await new Workspace({ env: tenant.env }).init();
        const existing = plan.adopts ? await existingApplication(tenant) : undefined;
        const deployment = new EngineDeployment(tenant, workspace);
        const walk = new Walk({ tenant, deployment, existing, ...fixtures });
        try {
            await walk.run(plan);
        } finally {
            workspace.endOrphans();
            workspace.remove();
            await tenant.close();
        }
        steps += [...walk.done.values()].reduce((sum, count) => sum + count, 0);
        console.log(`seed ${String(seed)}: ${JSON.stringify(Object.fromEntries(walk.done))}`);
    }
    expect(steps).toBeGreaterThanOrEqual(WALKS * STEPS_OF_A_WALK);
});
