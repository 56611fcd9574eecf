// Entra's replicas are behind, by seconds or minutes, all of them or one of two that answer in turn: the end is the same,
// nothing is doubled, and Entra is not flooded with questions. Time is simulated: a pause of the provider takes none.
import { endState } from "../support/endState";
import { HooksProcess } from "../support/hooksProcess";
import { HooksStack } from "../support/hooksStack";
import { certificateInput, IDENTITY } from "../support/operations";
import { existingApplication } from "../support/portals";
import { Tenant } from "../support/tenant";

jest.setTimeout(600_000);

type Json = Record<string, unknown>;

const KINDS = ["application", "servicePrincipal", "grant", "owner", "deletedItem", "list", "all"] as const;
const LAGS_S = [0, 5, 30, 120] as const;

let tenant: Tenant;
let hooks: HooksProcess;
let untouched: ReturnType<Tenant["emulator"]["control"]["snapshot"]>;
let owner: string;
let existing: string;
let certificates: Json[];
const reference = new Map<string, unknown>();

beforeAll(async () => {
    tenant = await Tenant.start();
    const roles = ["Application.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All"];
    const env = tenant.envOf(tenant.emulator.addIdentity({ roles }));
    owner = tenant.emulator.identity("deployer").objectId;
    certificates = await Promise.all([certificateInput("c"), certificateInput("c")]);
    existing = await existingApplication(tenant);
    untouched = tenant.emulator.control.snapshot();
    hooks = new HooksProcess(
        { ...env, RESTORE_PORTAL_WAIT_SECONDS: "300" },
        { onSleep: (ms) => tenant.emulator.control.advanceClock(ms) },
    );
});
afterAll(async () => {
    await hooks.end();
    await tenant.close();
});

function lagOf(kind: (typeof KINDS)[number], seconds: number): void {
    const ms = seconds * 1000;
    tenant.emulator.control.setLag(kind === "all" ? ms : { [kind]: ms });
}

/** Registered: made, changed in everything, deleted and made again. Adopted: adopted, changed, released. */
async function live(kind: "registered" | "adopted", calm: () => void): Promise<unknown> {
    const naming = kind === "adopted" ? { applicationId: existing } : { displayName: "Restore Portal" };
    const first: Json = {
        identity: IDENTITY,
        portalUrl: "https://portal.abc.com:4443",
        certificate: certificates[0],
        owners: [owner],
        ...naming,
    };
    const second: Json = {
        ...first,
        portalUrl: "https://moved.abc.com:4443",
        certificate: certificates[1],
        certificateOverlapDays: 0,
        servicePrincipal: "assignment required",
        signInAudience: "AzureADMultipleOrgs",
    };
    const stack = new HooksStack(hooks);
    const up = async (args: Json | undefined) => {
        tenant.clearLog();
        await stack.up(args);
        expect(mostPolls()).toBeLessThanOrEqual(12);
    };
    await up(first);
    const id = stack.state?.id;
    await up(second);
    expect(stack.state?.id).toBe(id);
    if (kind === "registered") {
        await up(undefined);
        await up(second);
    }
    const end = await calmly(() => endState(tenant, stack.state?.id, {}));
    calm();
    await stack.refresh();
    expect(await stack.preview(second)).toMatchObject({ hook: "none", named: [] });
    await up(undefined);
    return end;
}

/** The tenant as it really is, whatever its replicas say. */
async function calmly<T>(look: () => Promise<T>): Promise<T> {
    tenant.emulator.control.setLag(0);
    tenant.emulator.control.setAlternatingReplicas(false);
    return look();
}

/** Most reads of one object in one minute, by the tenant's clock. */
function mostPolls(): number {
    const reads = new Map<string, number[]>();
    for (const { at, method, path, items = [] } of tenant.graphRequests()) {
        for (const item of path === "/$batch" ? items : [{ method, path }]) {
            // Reads with `$select` belong to the write behind them.
            const isPoll = item.method === "GET" && !item.path.includes("$select");
            if (isPoll) reads.set(item.path, [...(reads.get(item.path) ?? []), at]);
        }
    }
    const inOneMinute = (times: number[]) => (start: number) =>
        times.filter((at) => at >= start && at < start + 60_000).length;
    return Math.max(0, ...[...reads.values()].map((times) => Math.max(...times.map(inOneMinute(times)))));
}

describe.each(["registered", "adopted"] as const)("a portal that is %s", (kind) => {
    describe.each(KINDS)("with a lag of %s objects", (lagging) => {
        test.each(LAGS_S.flatMap((seconds) => [false, true].map((alternates) => [seconds, alternates] as const)))(
            "of %i s, replicas in turn: %s",
            async (seconds, alternates) => {
                const { control } = tenant.emulator;
                control.reset();
                control.restore(untouched);
                lagOf(lagging, seconds);
                control.setAlternatingReplicas(alternates);
                const end = await live(kind, () => control.advanceClock(seconds * 1000));
                if (!reference.has(kind)) reference.set(kind, end);
                expect(end).toEqual(reference.get(kind));
            },
        );
    });
});
