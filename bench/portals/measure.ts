// Runs the operations of one program on the real engine against an embedded tenant, and measures the cost of each one.
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";

import { ServiceProvider } from "../../test/support/consent/customers";
import { costOf, type Cost } from "../../test/support/tenant/cost";
import { TestTenant } from "../../test/support/tenant/testTenant";
import { expectSuccess, Workspace } from "../../test/support/engine/workspace";
import {
    declared,
    EMPTY_PROVIDER,
    OPERATIONS,
    PROGRAM,
    type Customers,
    type Operation,
    type Subject,
} from "./programs";

/** The value that the documentation recommends for many portals. */
const PARALLEL = ["--parallel", "64"];
const TIMEOUT_MS = 3_600_000;

const COMMANDS: Readonly<Record<Operation, readonly string[]>> = {
    create: ["up", "--yes", "--skip-preview"],
    "no-op preview": ["preview", "--expect-no-changes"],
    "change of the web address": ["up", "--yes", "--skip-preview"],
    rotation: ["up", "--yes", "--skip-preview"],
    destroy: ["destroy", "--yes", "--skip-preview"],
};

export interface Measured extends Cost {
    readonly operation: Operation;
    readonly wallMs: number;
    /** The time in which at least one hook ran. It includes waits for Graph. */
    readonly providerMs: number;
    readonly providerCpuMs: number;
    /** The peak memory of the provider process. */
    readonly peakMb: number;
}

export interface Series {
    readonly count: number;
    readonly latencyMs: number;
    /** The number of no-op previews. Only a preview can be repeated, because it changes nothing. */
    readonly previews: number;
    /** The measured operations in order. Default: all. */
    readonly operations?: readonly Operation[];
}

export async function measure(
    subject: Subject,
    { count, latencyMs, previews, operations = OPERATIONS }: Series,
): Promise<Measured[]> {
    const { tenant, customers, close } = await startWorld(subject, count);
    const workspace = await new Workspace({ env: tenant.env }).init();
    try {
        // A thousand registrations need more writes than Graph's limit of 3000 in 150 s. The limits are off, so that
        // the measured times contain no waits.
        tenant.emulator.control.setLimits({ units: Infinity, writes: Infinity });
        tenant.emulator.control.setLatency(latencyMs);
        workspace.write("index.js", PROGRAM);
        workspace.write("emptyProvider.js", EMPTY_PROVIDER);
        const measured: Measured[] = [];
        for (const operation of operations) {
            workspace.write("program.json", JSON.stringify(declared(subject, { count, operation, customers })));
            const runs: Measured[] = [];
            for (let run = 0; run < (operation === "no-op preview" ? previews : 1); run++)
                runs.push(await measureOne(tenant, workspace, operation));
            measured.push(median(runs));
        }
        return measured;
    } finally {
        workspace.remove();
        await close();
    }
}

interface World {
    readonly tenant: TestTenant;
    readonly customers: Customers | undefined;
    readonly close: () => Promise<void>;
}

/** Each customer is a separate tenant in the same emulator. */
async function startWorld(subject: Subject, count: number): Promise<World> {
    if (subject !== "customers") {
        const tenant = await TestTenant.start();
        return { tenant, customers: undefined, close: () => tenant.close() };
    }
    const provider = await ServiceProvider.start(count);
    const tenantIds = provider.home.emulator.tenantIds.slice(1);
    const customers = { applicationId: provider.app.appId, tenantIds };
    return { tenant: provider.home, customers, close: () => provider.close() };
}

async function measureOne(tenant: TestTenant, workspace: Workspace, operation: Operation): Promise<Measured> {
    const folder = join(workspace.folder, "hookTimes");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    const preload = resolve(__dirname, "hookTimes.cjs");
    const env = { NODE_OPTIONS: `--require ${preload}`, HOOK_TIMES: folder, RESTORE_PORTAL_WAIT_SECONDS: "300" };
    tenant.clearLog();
    const since = performance.now();
    const result = await workspace.pulumi([...COMMANDS[operation], ...PARALLEL], { env, timeoutMs: TIMEOUT_MS });
    const wallMs = performance.now() - since;
    expectSuccess(result);
    const { busyMs, cpuMs, peakMb } = hookTimes(folder);
    const cost = costOf(tenant.emulator.requests());
    return { ...cost, operation, wallMs, providerMs: busyMs, providerCpuMs: cpuMs, peakMb };
}

interface HookTimes {
    readonly busyMs: number;
    readonly cpuMs: number;
    readonly peakMb: number;
}

function hookTimes(folder: string): HookTimes {
    const [file, ...more] = readdirSync(folder);
    if (file === undefined || more.length > 0)
        throw new Error(`measuring the provider process: ${folder} must contain the file of exactly one process`);
    return JSON.parse(readFileSync(join(folder, file), "utf8")) as HookTimes;
}

/** Returns the median of each figure, but the largest peak memory. */
function median(runs: readonly Measured[]): Measured {
    const [first] = runs as readonly [Measured];
    const middle = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
    const figures = Object.entries(first)
        .filter(([, value]) => typeof value === "number")
        .map(([key]) => [key, middle(runs.map((run) => run[key as keyof Measured] as number))] as const);
    const peakMb = Math.max(...runs.map((run) => run.peakMb));
    return { ...first, ...Object.fromEntries(figures), peakMb };
}
