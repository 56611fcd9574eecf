// Starts two tenants and a process of hooks on one simulated clock. `reset` restores the contents that the tenants had
// at the start or at the last `keep`.
import type { PlantedBug } from "./compiledProvider";
import { HookError, HooksProcess, type HooksOptions } from "./hooksProcess";
import { HooksStack } from "./hooksStack";
import { certificateInput, IDENTITY } from "./operations";
import { TestTenant } from "../tenant/testTenant";

type Json = Record<string, unknown>;

export class HooksTenant {
    hooks: HooksProcess;
    private untouched: ReturnType<TestTenant["emulator"]["control"]["snapshot"]>;

    private constructor(
        readonly tenant: TestTenant,
        /** Two certificates of one PortalCertificate. */
        readonly certificates: readonly [Json, Json],
        private readonly env: Record<string, string>,
        private readonly bug: PlantedBug | undefined,
    ) {
        this.untouched = this.control.snapshot();
        this.hooks = this.startHooks();
    }

    /** `bug`: the hooks run in a copy of the provider that contains this bug. */
    static async start({ bug }: { readonly bug?: PlantedBug | undefined } = {}): Promise<HooksTenant> {
        const tenant = await TestTenant.start({ tenants: 2 });
        return new HooksTenant(tenant, [await certificateInput("c"), await certificateInput("c")], tenant.env, bug);
    }

    get control() {
        return this.tenant.emulator.control;
    }

    startHooks(
        env: Record<string, string> = {},
        resource: HooksOptions["resource"] = "restorePortalApp",
    ): HooksProcess {
        const onSleep = (ms: number) => this.control.advanceClock(ms);
        return new HooksProcess(
            { RESTORE_PORTAL_WAIT_SECONDS: "300", ...this.env, ...env },
            { bug: this.bug, onSleep, resource },
        );
    }

    /** Makes each later `reset` restore the present contents of the tenants. */
    keep(): void {
        this.untouched = this.control.snapshot();
    }

    reset(): void {
        this.control.reset();
        this.control.restore(this.untouched);
    }

    /**
     * Returns the inputs of a RestorePortalApp. With `applicationId` it adopts an application, otherwise it registers
     * one.
     */
    portal(args: Json = {}): Json {
        const [certificate] = this.certificates;
        const naming = "applicationId" in args ? {} : { displayName: "Restore Portal" };
        return { identity: IDENTITY, portalUrl: "https://portal.abc.com:4443", certificate, ...naming, ...args };
    }

    stack(hooks = this.hooks): HooksStack {
        return new HooksStack(hooks);
    }

    async deployed(args: Json = {}): Promise<HooksStack> {
        const stack = this.stack();
        await stack.up(this.portal(args));
        return stack;
    }

    /** Returns the applications that portals registered in the first tenant. */
    portals() {
        const [first] = this.control.snapshot();
        return (first?.applications ?? []).filter(
            ({ uniqueName }) => uniqueName?.startsWith("restore-portal-") === true,
        );
    }

    /** Runs a refresh and a preview. Checks that the preview shows no change, and that neither writes. */
    async expectCalm(stack: HooksStack, args: Json): Promise<void> {
        this.tenant.clearLog();
        await stack.refresh();
        expect(await stack.preview(args)).toMatchObject({ hook: "none", named: [] });
        expect(this.tenant.writes()).toEqual([]);
    }

    async close(): Promise<void> {
        await this.hooks.end();
        await this.tenant.close();
    }
}

/** Returns the error of a hook that must fail. */
export async function failureOf(work: Promise<unknown>): Promise<HookError> {
    const error: unknown = await work.then(
        () => undefined,
        (failure: unknown) => failure,
    );
    if (error instanceof HookError) return error;
    throw new Error(`expected the error of a hook, got ${String(error)}`);
}
