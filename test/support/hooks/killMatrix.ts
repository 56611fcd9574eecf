// Interrupts an operation at each of its requests, and refuses each of its writes. A refresh and an `up` must then
// reach the result of an uninterrupted run. After a refusal, a `destroy` must also have the same result as after an
// uninterrupted run. The request log gives the cases, so every new request adds its own cases.
import { HooksProcess, HookError, ProcessGone } from "./hooksProcess";
import { HooksStack } from "./hooksStack";
import { DENIED, INVALID, writesInLog, type NthWrite, type Refusal } from "./ownership";
import { prepare, type Operation, type Prepared } from "./operations";
import { endState, everythingElse } from "../tenant/endState";
import { TestTenant } from "../tenant/testTenant";

const MOMENTS = ["before", "after"] as const;
const WAYS = ["SIGKILL", "connection cut"] as const;
const WITHOUT_GRANTS = { isWithGrants: false };
const REFUSALS: readonly Refusal[] = [DENIED, INVALID];

let tenant: TestTenant;
/** An identity that may add owners, which needs more than the least permissions. */
let mighty: ReturnType<TestTenant["emulator"]["addIdentity"]>;
let untouched: Undisturbed["snapshot"];
/** `hooks` runs the current case. `spare` starts early for a later case, because a start takes longer than a case. */
let hooks: HooksProcess | undefined;
let spare: HooksProcess | undefined;

function environment(operation: Operation): Record<string, string> {
    const second = tenant.emulator.identity("deployer", tenant.emulator.tenantIds[1]);
    const first = operation.asAdmin === true ? tenant.envOf(mighty) : tenant.env;
    return {
        ...first,
        SECOND_AZURE_TENANT_ID: second.tenantId,
        SECOND_AZURE_CLIENT_ID: second.clientId,
        SECOND_AZURE_CLIENT_SECRET: second.clientSecret,
    };
}

function nextProcess(operation: Operation): HooksProcess {
    hooks = spare ?? new HooksProcess(environment(operation));
    spare = new HooksProcess(environment(operation));
    return hooks;
}

async function endProcesses(): Promise<void> {
    await Promise.all([hooks?.end(), spare?.end()]);
    hooks = spare = undefined;
}

interface Undisturbed extends Prepared {
    readonly snapshot: ReturnType<TestTenant["emulator"]["control"]["snapshot"]>;
    /** The number of requests of the operation, with the refresh before it. */
    readonly requests: number;
    readonly writes: readonly NthWrite[];
    /** `true`: a process that ran the operation before sends fewer requests, so each case needs a new process. */
    readonly isLearnt: boolean;
    readonly end: unknown;
    /** The end state without the grants of others. */
    readonly endWithoutGrants: unknown;
    /** The end state after a further `destroy`. */
    readonly destroyed: unknown;
    readonly others: unknown;
}

async function runUndisturbed(operation: Operation): Promise<Undisturbed> {
    await endProcesses();
    tenant.emulator.control.reset();
    tenant.emulator.control.restore(untouched);
    const first = nextProcess(operation);
    const prepared = await prepare(tenant, first, operation);
    const snapshot = tenant.emulator.control.snapshot();
    const others = everythingElse(tenant, prepared.appId);
    tenant.clearLog();
    const stack = new HooksStack(nextProcess(operation), prepared.state);
    await stack.up(prepared.args);
    await first.end();
    const requests = portalRequests().length;
    const writes = writesInLog(tenant);
    const appId = stack.state?.id ?? prepared.appId;
    const end = await endState(tenant, appId, prepared);
    const endWithoutGrants = await endState(tenant, appId, prepared, WITHOUT_GRANTS);
    await stack.up(undefined);
    const destroyed = await endState(tenant, appId, prepared);
    tenant.emulator.control.restore(snapshot);
    tenant.clearLog();
    await new HooksStack(stack.hooks, prepared.state).up(prepared.args);
    const isLearnt = portalRequests().length < requests;
    return { ...prepared, snapshot, requests, writes, isLearnt, end, endWithoutGrants, destroyed, others };
}

/** Returns the requests that the portal's identities sent to Graph in any tenant. */
function portalRequests() {
    const admin = tenant.emulator.identity("admin").clientId;
    return tenant.emulator.requests().filter(({ service, appId }) => service === "graph" && appId !== admin);
}

interface Cell {
    readonly moment: (typeof MOMENTS)[number];
    readonly way: (typeof WAYS)[number];
    readonly request: number;
}

async function expectSameEnd(operation: Operation, undisturbed: Undisturbed, cell: Cell): Promise<void> {
    const { control } = tenant.emulator;
    control.reset();
    control.restore(undisturbed.snapshot);
    if (undisturbed.isLearnt) await hooks?.end();
    const known = undisturbed.isLearnt ? undefined : hooks;
    const stack = new HooksStack(known ?? nextProcess(operation), undisturbed.state);
    let signal: string | null | undefined;
    control.addFault({
        level: "request",
        skip: cell.request,
        effect: cell.moment,
        drop: true,
        meanwhile: async () => {
            if (cell.way === "SIGKILL") signal = await stack.hooks.kill();
        },
    });
    const error: unknown = await stack.up(undisturbed.args).then(
        () => undefined,
        (failure: unknown) => failure,
    );
    const idAtCut = livingPortal(undisturbed.appId);
    if (cell.way === "SIGKILL") {
        expect([signal, error]).toEqual(["SIGKILL", expect.any(ProcessGone)]);
        stack.hooks = nextProcess(operation);
    } else if (error !== undefined) {
        expect(error).toBeInstanceOf(HookError);
    }
    control.clearFaults();
    await resume(stack, undisturbed);
    if (idAtCut !== undefined && stack.state) expect(stack.state.id).toBe(idAtCut);
    const appId = stack.state?.id ?? undisturbed.appId;
    expect(await endState(tenant, appId, undisturbed)).toEqual(undisturbed.end);
    expect(everythingElse(tenant, undisturbed.appId ?? appId)).toEqual(undisturbed.others);
}

async function expectSameEndIfRefused(
    operation: Operation,
    undisturbed: Undisturbed,
    write: NthWrite,
    refusal: Refusal,
): Promise<void> {
    const { control } = tenant.emulator;
    control.reset();
    control.restore(undisturbed.snapshot);
    // A release waits for the tags of every holder that its process remembers. Holders of earlier cases may no longer
    // exist, so each case needs its own process.
    await hooks?.end();
    const stack = new HooksStack(nextProcess(operation), undisturbed.state);
    control.addFault({ ...write, ...refusal });
    const error: unknown = await stack.up(undisturbed.args).then(
        () => undefined,
        (failure: unknown) => failure,
    );
    if (error !== undefined || write.path !== "/directory") expect(error).toBeInstanceOf(HookError);
    // If Entra refuses to restore the service principal, the deployment creates a new one and succeeds. Grants of
    // others on the old service principal are then lost.
    const isReplaced = error === undefined && refusal === DENIED;
    control.clearFaults();
    await resume(stack, undisturbed);
    const appId = stack.state?.id ?? undisturbed.appId;
    if (isReplaced) {
        expect(stack.hooks.output).toContain("consent that others gave to the old one must be given again");
        const end = await endState(tenant, appId, undisturbed, WITHOUT_GRANTS);
        expect(end).toEqual(undisturbed.endWithoutGrants);
    } else {
        expect(await endState(tenant, appId, undisturbed)).toEqual(undisturbed.end);
    }
    await stack.up(undefined);
    expect(await endState(tenant, appId, undisturbed)).toEqual(undisturbed.destroyed);
    expect(everythingElse(tenant, undisturbed.appId ?? appId)).toEqual(undisturbed.others);
}

/** Runs a refresh and an `up`. Then checks that a preview shows no change and writes nothing. */
async function resume(stack: HooksStack, { args }: Undisturbed): Promise<void> {
    await stack.refresh();
    await stack.up(args);
    tenant.clearLog();
    await stack.refresh();
    expect(await stack.preview(args)).toMatchObject({ hook: "none", named: [] });
    expect(tenant.writes()).toEqual([]);
}

/** Returns the Application ID that an interrupted registration has left behind, if any. */
function livingPortal(known: string | undefined): string | undefined {
    if (known !== undefined) return undefined;
    const [first] = tenant.emulator.control.snapshot();
    return first?.applications.find(({ uniqueName }) => uniqueName?.startsWith("restore-portal-") === true)?.appId;
}

export function describeKillMatrix(operations: readonly Operation[]): void {
    beforeAll(async () => {
        tenant = await TestTenant.start({ tenants: 2 });
        const roles = ["Application.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All"];
        mighty = tenant.emulator.addIdentity({ roles });
        untouched = tenant.emulator.control.snapshot();
    });
    afterAll(async () => {
        await endProcesses();
        await tenant.close();
    });

    describe.each(operations.map((operation) => [operation.name, operation] as const))("%s", (_name, operation) => {
        let undisturbed: Undisturbed;
        let cells = 0;
        beforeAll(async () => {
            undisturbed = await runUndisturbed(operation);
        });

        test.each(MOMENTS.flatMap((moment) => WAYS.map((way) => [moment, way] as const)))(
            "killed %s any request took effect, by %s",
            async (moment, way) => {
                expect(undisturbed.requests).toBeGreaterThan(1);
                for (let request = 0; request < undisturbed.requests; request++) {
                    await expectSameEnd(operation, undisturbed, { moment, way, request });
                    cells++;
                }
            },
        );

        test.each(REFUSALS.map((refusal) => [refusal.status, refusal] as const))(
            "refused at each write, %s",
            async (_status, refusal) => {
                expect(undisturbed.writes.length).toBeGreaterThan(0);
                for (const write of undisturbed.writes) {
                    await expectSameEndIfRefused(operation, undisturbed, write, refusal);
                    cells++;
                }
            },
        );

        test("every case ran", () => {
            const { requests, writes } = undisturbed;
            expect(cells).toBe(requests * MOMENTS.length * WAYS.length + writes.length * REFUSALS.length);
            console.log(`${operation.name}: ${requests} requests, ${writes.length} writes, ${cells} cells`);
        });
    });
}
