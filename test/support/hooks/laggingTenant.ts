// Runs the whole life of a portal on a tenant whose replicas lag.
import { endState } from "../tenant/endState";
import { HooksProcess } from "./hooksProcess";
import { HooksStack } from "./hooksStack";
import { certificateInput, IDENTITY } from "./operations";
import { existingApplication, sorted } from "../tenant/portals";
import { TestTenant } from "../tenant/testTenant";

type Json = Record<string, unknown>;

const GRAPH = "00000003-0000-0000-c000-000000000000";

/** What a test can make lag: one kind of object, `list` (reads of whole collections), or `all` kinds together. */
export const LAGGING = ["application", "servicePrincipal", "grant", "owner", "deletedItem", "list", "all"] as const;
export type Lagging = (typeof LAGGING)[number];

export interface LaggingOptions {
    /** `true`: the provider's pauses take no real time. Each pause advances the tenant's clock instead. */
    readonly isSimulated: boolean;
    readonly certificates: readonly Json[];
}

/** Returns two certificates of one PortalCertificate. */
export function twoCertificates(): Promise<Json[]> {
    return Promise.all([certificateInput("c"), certificateInput("c")]);
}

export class LaggingTenant {
    private constructor(
        readonly tenant: TestTenant,
        private readonly hooks: HooksProcess,
        private readonly certificates: readonly Json[],
        private readonly existing: string,
        private readonly untouched: ReturnType<TestTenant["emulator"]["control"]["snapshot"]>,
    ) {}

    /** `certificates`: if two tenants get the same certificates, a test can compare their end states. */
    static async start({ isSimulated, certificates }: LaggingOptions): Promise<LaggingTenant> {
        const tenant = await TestTenant.start();
        const roles = ["Application.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All"];
        const env = tenant.envOf(tenant.emulator.addIdentity({ roles }));
        const existing = await existingApplication(tenant);
        const { control } = tenant.emulator;
        const clock = isSimulated ? { onSleep: (ms: number) => control.advanceClock(ms) } : {};
        const hooks = new HooksProcess({ ...env, RESTORE_PORTAL_WAIT_SECONDS: "300" }, clock);
        return new LaggingTenant(tenant, hooks, certificates, existing, control.snapshot());
    }

    /** Resets the tenant, and sets this lag. */
    lag(lagging: Lagging, ms: number, alternates: boolean): void {
        const { control } = this.tenant.emulator;
        control.reset();
        control.restore(this.untouched);
        control.setLag(lagging === "all" ? ms : { [lagging]: ms });
        control.setAlternatingReplicas(alternates);
    }

    /**
     * Registers a portal, changes several inputs, deletes it and registers it again; or adopts an application and
     * changes the same inputs. Then removes the portal, and returns the contents of the tenant from before the removal.
     * `caughtUp` advances a simulated clock by the lag.
     */
    async live(kind: "registered" | "adopted", caughtUp: () => void): Promise<unknown> {
        const [certificate, other] = this.certificates;
        const naming = kind === "adopted" ? { applicationId: this.existing } : { displayName: "Restore Portal" };
        const owner = this.tenant.emulator.identity("deployer").objectId;
        const portalUrl = "https://portal.abc.com:4443";
        const first: Json = { identity: IDENTITY, portalUrl, certificate, owners: [owner], ...naming };
        const second: Json = {
            ...first,
            portalUrl: "https://moved.abc.com:4443",
            certificate: other,
            certificateOverlapDays: 0,
            servicePrincipal: "assignment required",
            signInAudience: "AzureADMultipleOrgs",
        };
        const stack = new HooksStack(this.hooks);
        await this.up(stack, first);
        const id = stack.state?.id;
        await this.up(stack, second);
        expect(stack.state?.id).toBe(id);
        if (kind === "registered") {
            await this.up(stack, undefined);
            await this.up(stack, second);
        }
        // Reads the real state, not the state that the replicas show.
        const { control } = this.tenant.emulator;
        control.setLag(0);
        control.setAlternatingReplicas(false);
        const end = await this.endState(stack.state?.id);
        caughtUp();
        await stack.refresh();
        expect(await stack.preview(second)).toMatchObject({ hook: "none", named: [] });
        await this.up(stack, undefined);
        return end;
    }

    /** Returns the end state of the tenant. Placeholders replace the values that differ between tenants. */
    private async endState(appId: string | undefined): Promise<unknown> {
        const end = JSON.stringify(await endState(this.tenant, appId, {}));
        const graph = await this.tenant.servicePrincipal(GRAPH);
        const { tenantId } = this.tenant.emulator;
        return sorted(JSON.parse(end.replaceAll(tenantId, "<tenantId>").replaceAll(graph.id, "<Microsoft Graph>")));
    }

    async close(): Promise<void> {
        await this.hooks.end();
        await this.tenant.close();
    }

    private async up(stack: HooksStack, args: Json | undefined): Promise<void> {
        this.tenant.clearLog();
        await stack.up(args);
        expect(this.mostPolls()).toBeLessThanOrEqual(12);
    }

    /** Returns the highest number of reads of one object in one minute of the tenant's clock. */
    private mostPolls(): number {
        const reads = new Map<string, number[]>();
        for (const { at, method, path, items = [] } of this.tenant.graphRequests()) {
            for (const item of path === "/$batch" ? items : [{ method, path }]) {
                // A read with `$select` belongs to the write that follows it, so it is not a poll.
                const isPoll = item.method === "GET" && !item.path.includes("$select");
                if (isPoll) reads.set(item.path, [...(reads.get(item.path) ?? []), at]);
            }
        }
        const inOneMinute = (times: number[]) => (start: number) =>
            times.filter((at) => at >= start && at < start + 60_000).length;
        return Math.max(0, ...[...reads.values()].map((times) => Math.max(...times.map(inOneMinute(times)))));
    }
}
