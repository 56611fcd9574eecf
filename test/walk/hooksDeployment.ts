// Deploys a walk's program without the engine: runs the hooks in a process that a test can kill, on a simulated clock.
import { ProcessGone } from "../support/hooks/hooksProcess";
import { HooksStack } from "../support/hooks/hooksStack";
import type { HooksTenant } from "../support/hooks/hooksTenant";
import type { Moment } from "./steps";
import type { Deployment } from "./walk";

type Json = Record<string, unknown>;

export class HooksDeployment implements Deployment {
    private readonly stack: HooksStack;

    constructor(private readonly world: HooksTenant) {
        this.stack = world.stack();
    }

    async up(args: Json | undefined): Promise<void> {
        await this.stack.up(args);
    }

    async upKilledAt({ skip, effect }: Moment, args: Json | undefined): Promise<boolean> {
        const { world, stack } = this;
        let signal: string | null | undefined;
        world.control.addFault({
            level: "request",
            skip,
            effect,
            drop: true,
            appId: world.tenant.emulator.identity("deployer").clientId,
            meanwhile: async () => (signal = await stack.hooks.kill()),
        });
        const error: unknown = await stack.up(args).then(
            () => undefined,
            (failure: unknown) => failure,
        );
        if (signal === undefined) {
            if (error !== undefined) throw error as Error;
            return false;
        }
        if (!(error instanceof ProcessGone) || signal !== "SIGKILL")
            throw new Error(`the process was not killed: ${String(error)}`);
        stack.hooks = world.hooks = world.startHooks();
        return true;
    }

    async expectUnchanged(args: Json | undefined): Promise<void> {
        const { tenant } = this.world;
        tenant.clearLog();
        await this.stack.refresh();
        const { hook, named } = await this.stack.preview(args);
        if (hook !== "none") throw new Error(`after an undisturbed up, a preview shows ${hook} of ${named.join(", ")}`);
        if (tenant.writes().length > 0) throw new Error("a preview wrote to Entra");
    }

    hasPortal(): Promise<boolean> {
        return Promise.resolve(this.stack.state !== undefined);
    }
}
