// Calls the hooks of one resource as the engine does: refresh, check, diff, and then the hook that writes. Tests with
// many cases use this class. The tests in test/engine/ run the same operations on the real engine.
import { isDeepStrictEqual } from "node:util";

import { HookError, type HooksProcess } from "./hooksProcess";

type Json = Record<string, unknown>;

export interface ResourceState {
    readonly id: string;
    readonly inputs: Json;
    readonly outputs: Json;
    /** The last deployment of the resource failed half-way, so the engine updates it even if no input differs. */
    readonly isHalfDone?: boolean;
}

export class HooksStack {
    state: ResourceState | undefined;

    constructor(
        public hooks: HooksProcess,
        state?: ResourceState,
    ) {
        this.state = state;
    }

    /** Calls the hook `read`, as `pulumi refresh` does. */
    async refresh(): Promise<void> {
        if (!this.state) return;
        const { id, outputs, inputs } = this.state;
        const read = (await this.hooks.call("read", id, outputs)) as { id: string; props?: Json; inputs?: Json };
        this.state =
            read.id === ""
                ? undefined
                : { ...this.state, inputs: read.inputs ?? inputs, outputs: read.props ?? outputs };
    }

    /**
     * Returns the hook that `pulumi up` would call for this state, the inputs that differ, and all inputs. `none` means
     * no hook. `replace` means `delete` and then `create`. `named` then has only the inputs that require a replacement.
     */
    async preview(args: Json | undefined): Promise<{ hook: string; named: string[]; inputs: Json }> {
        if (args === undefined) return { hook: this.state ? "delete" : "none", named: [], inputs: {} };
        const { inputs, failures } = (await this.hooks.call("check", this.state?.inputs ?? {}, args)) as {
            inputs: Json;
            failures: { property: string; reason: string }[];
        };
        if (failures.length > 0) {
            throw new HookError(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"), "check");
        }
        if (!this.state) return { hook: "create", named: [], inputs };
        const { id, outputs, inputs: olds, isHalfDone } = this.state;
        const { replaces = [] } = (await this.hooks.call("diff", id, outputs, inputs)) as { replaces?: string[] };
        const keys = [...new Set([...Object.keys(olds), ...Object.keys(inputs)])];
        const named = keys.filter((key) => !isDeepStrictEqual(olds[key], inputs[key]));
        if (replaces.length > 0) return { hook: "replace", named: replaces, inputs };
        return { hook: named.length > 0 || isHalfDone === true ? "update" : "none", named, inputs };
    }

    /** Deploys a program as `pulumi up` does. `undefined`: the program no longer contains the resource. */
    async up(args: Json | undefined): Promise<string> {
        await this.refresh();
        const { hook, inputs } = await this.preview(args);
        if (hook === "delete" || hook === "replace") {
            const { id = "", outputs = {} } = this.state ?? {};
            await this.hooks.call("delete", id, outputs);
            this.state = undefined;
        }
        if (hook === "create" || hook === "replace") await this.keep(inputs, this.hooks.call("create", inputs));
        if (hook === "update" && this.state) {
            const { id, outputs } = this.state;
            const update = this.hooks.call("update", id, outputs, inputs) as Promise<{ outs: Json }>;
            await this.keep(
                inputs,
                update.then(({ outs }) => ({ id, outs })),
            );
        }
        return hook;
    }

    private async keep(inputs: Json, work: Promise<unknown>): Promise<void> {
        try {
            const { id, outs } = (await work) as { id: string; outs: Json };
            this.state = { id, inputs, outputs: outs };
        } catch (error) {
            const halfDone = error instanceof HookError ? error.halfDone : undefined;
            if (halfDone) this.state = { id: halfDone.id, inputs, outputs: halfDone.properties, isHalfDone: true };
            throw error;
        }
    }
}
