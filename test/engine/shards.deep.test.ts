// A service provider has a thousand customers in five stacks. The stacks are deployed at the same time, and their state
// is in PostgreSQL. One of the deployments is killed.
import type { ChildProcess } from "node:child_process";

import { unpacked } from "../../cli/report/html/page/packing";
import { startBackend, type Backend } from "../support/engine/backends";
import { recover } from "../support/engine/killedCli";
import { PeakMemory } from "../support/engine/peakMemory";
import { CONSENTED, ShardedProvider } from "../support/engine/shardedProvider";
import { expectSuccess } from "../support/engine/workspace";
import { runReport } from "../support/report/reportCli";
import { costOf } from "../support/tenant/cost";

jest.setTimeout(1_800_000);

const CUSTOMERS = 1000;
const SHARDS = 5;
const KILLED = "production-3";

let backend: Backend | undefined;
let provider: ShardedProvider | undefined;
afterAll(async () => {
    await provider?.close();
    await backend?.close();
});

test("a thousand customers in five stacks: nothing is doubled, a killed stack recovers alone, and one report has all", async () => {
    backend = await startBackend("postgres");
    if (!backend) return;
    provider = await ShardedProvider.start(CUSTOMERS, SHARDS, backend.env);
    const { home, workspace, stacks } = provider;

    // Five deployments run at the same time. One of them is killed when about half of the customers have consent.
    let killed: ChildProcess | undefined;
    const isHalf = { method: "POST", path: "/servicePrincipals", skip: CUSTOMERS / 2 };
    home.emulator.control.addFault({ ...isHalf, meanwhile: () => killed?.kill("SIGKILL") });
    home.clearLog();
    const deploying = measured(provider);
    const up = ["up", "--yes", "--skip-preview", "--continue-on-error"];
    const deployed = await Promise.all(
        stacks.map((stack) => {
            const onSpawn = (child: ChildProcess) => (killed = stack === KILLED ? child : killed);
            return (provider as ShardedProvider).on(stack, up, { onSpawn });
        }),
    );
    deploying.end("deploying, of which one stack was killed");
    expect(deployed.map(({ code }) => code === 0)).toEqual(stacks.map((stack) => stack !== KILLED));
    const halfDone = provider.consents().filter(({ grants }) => grants.length === 2).length;
    expect(halfDone).toBeGreaterThan(CUSTOMERS - provider.customersOf(KILLED).length);
    expect(halfDone).toBeLessThan(CUSTOMERS);

    // The killed deployment left a lock and unfinished operations. Apart from the portal's own tenant, the recovery of
    // the stack must send requests only to the tenants of the stack's own customers.
    expect((await provider.on(KILLED, up)).output).toMatch(/the stack is currently locked by 1 lock/);
    home.clearLog();
    const recovering = measured(provider);
    expectSuccess(await recover(workspace, KILLED, "--continue-on-error"));
    recovering.end("recovering one stack");
    const own = provider.customersOf(KILLED).map(({ tenantId }) => tenantId);
    const touched = new Set(home.graphRequests().map(({ tenantId }) => tenantId ?? ""));
    // The recovery also reads the portal's own tenant, but does not write there.
    touched.delete(home.tenantId);
    expect([...touched].sort()).toEqual(own.sort());

    // In Entra and in the states, each customer's consent must exist once.
    expect(provider.consents()).toEqual(provider.customers.map(() => CONSENTED));
    for (const stack of stacks) {
        const names = provider.customersOf(stack).map(({ name }) => name);
        expect((await provider.inState(stack)).sort()).toEqual(names.sort());
    }

    home.clearLog();
    const reporting = measured(provider);
    const made = await runReport(
        workspace,
        ...stacks.flatMap((stack) => ["--stack", stack]),
        ...["--parallel", String(SHARDS)],
    );
    const { requests, tokenRequests, memory } = reporting.end("report");
    expect(made.code).toBe(0);
    expect(made.report.totals).toMatchObject({ rows: CUSTOMERS, asDeclared: CUSTOMERS, drifted: 0, unreadable: 0 });
    expect(made.report.stacks.map(({ name, status }) => [name, status])).toEqual(stacks.map((name) => [name, "ok"]));
    const shown = /<script type="application\/json" id="data">(.*?)<\/script>/.exec(made.files["report.html"] ?? "");
    const { rows } = unpacked(shown?.[1] ?? "") as { rows: { name: string }[] };
    expect(rows.map(({ name }) => name).sort()).toEqual(
        provider.customers.map(({ name }) => `customer-${name}`).sort(),
    );
    expect(home.writes()).toEqual([]);
    expect({ requests, tokenRequests }).toEqual({ requests: CUSTOMERS, tokenRequests: CUSTOMERS });
    expect(memory).toBeLessThan(300);
});

/** Measures a step. `end` prints its duration, requests and memory. docs/pipelines.md shows these figures. */
function measured({ home, workspace }: ShardedProvider) {
    const [started, memory] = [Date.now(), new PeakMemory(workspace, "dynamic-provider")];
    return {
        end: (what: string) => {
            const { requests, tokenRequests } = costOf(home.emulator.requests());
            const figures = { requests, tokenRequests, memory: memory.end() };
            const seconds = Math.round((Date.now() - started) / 1000);
            console.info(`${what}: ${JSON.stringify({ seconds, ...figures })}`);
            return figures;
        },
    };
}
