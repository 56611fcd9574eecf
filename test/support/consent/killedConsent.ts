// Runs each operation on a consent many times. In each run, interrupts one request or refuses one write. The next
// deployment must reach the result of an uninterrupted deployment, and must remember its own entries, so that a release
// restores the tenant.
import { HookError, ProcessGone, type HooksProcess } from "../hooks/hooksProcess";
import { DENIED, INVALID, writesInLog, type NthWrite } from "../hooks/ownership";
import type { HooksStack } from "../hooks/hooksStack";
import { withoutHolders } from "../tenant/endState";
import { GRAPH, ServiceProvider } from "./customers";

export type Way = "SIGKILL" | "connection cut";

type Json = Record<string, unknown>;

let provider: ServiceProvider;
let spare: HooksProcess | undefined;

const customer = () => provider.customer();

/** Makes a disabled service principal as somebody else. Its only grant has none of the portal's permissions. */
async function consentToLess(): Promise<void> {
    const { id: clientId } = await customer().graph<{ id: string }>("POST", "/servicePrincipals", {
        appId: provider.app.appId,
        tags: ["customer:own"],
        accountEnabled: false,
    });
    const { id: resourceId } = await customer().servicePrincipal(GRAPH);
    const grant = { clientId, resourceId, consentType: "AllPrincipals", scope: "email" };
    await customer().graph("POST", "/oauth2PermissionGrants", grant);
}

export interface Operation {
    readonly name: string;
    /** Prepares the tenant before the resource exists. */
    readonly found: () => Promise<void>;
    /** Deploys the resource before the operation, and may then damage the deployed objects. */
    readonly before?: (stack: HooksStack) => Promise<unknown>;
    readonly args: () => Json | undefined;
}

const nothing = () => Promise.resolve();
const deploy = (stack: HooksStack) => stack.up(provider.args());

export const OPERATIONS: readonly Operation[] = [
    { name: "consent in an empty tenant", found: nothing, args: () => provider.args() },
    { name: "adoption of a consent with fewer permissions", found: consentToLess, args: () => provider.args() },
    {
        name: "repair of a deleted service principal",
        found: nothing,
        before: async (stack) => {
            await deploy(stack);
            await customer().graph("DELETE", `/servicePrincipals(appId='${provider.app.appId}')`);
        },
        args: () => provider.args(),
    },
    { name: "release of a created consent", found: nothing, before: deploy, args: () => undefined },
    { name: "release of an adopted consent", found: consentToLess, before: deploy, args: () => undefined },
];

/** Returns the portal's service principal and grants at the customer, without values that differ in each run. */
async function endState(): Promise<unknown> {
    const { servicePrincipal, grants } = await provider.stateOf();
    const { id, createdDateTime } = (servicePrincipal ?? { id: "-", createdDateTime: "-" }) as Record<string, string>;
    const text = withoutHolders(JSON.stringify({ servicePrincipal, grants }));
    return JSON.parse(text.replaceAll(id ?? "", "<id>").replace(createdDateTime ?? "", "<created>"));
}

async function started({ found, before }: Operation): Promise<HooksStack> {
    provider.reset();
    await found();
    const stack = provider.stack();
    await before?.(stack);
    return stack;
}

/** `ways`: how an operation is interrupted at a request. */
export function describeKilledConsent(operations: readonly Operation[], ways: readonly Way[]): void {
    beforeAll(async () => {
        provider = await ServiceProvider.start();
    });
    afterAll(async () => {
        await spare?.end();
        await provider.close();
    });

    describe.each(operations.map((operation) => [operation.name, operation] as const))("%s", (_name, operation) => {
        let requests = 0;
        let writes: NthWrite[] = [];
        let cells = 0;
        let found: unknown;
        let end: unknown;

        beforeAll(async () => {
            provider.reset();
            await operation.found();
            found = await endState();
            const stack = await started(operation);
            provider.home.clearLog();
            await stack.up(operation.args());
            requests = provider.home.graphRequests().length;
            writes = writesInLog(provider.home);
            end = await endState();
        });

        test.each(ways.flatMap((way) => [["before", way] as const, ["after", way] as const]))(
            "killed %s any request took effect, by %s",
            async (moment, way) => {
                expect(requests).toBeGreaterThan(1);
                for (let request = 0; request < requests; request++) {
                    const stack = await started(operation);
                    const meanwhile = async () => {
                        if (way === "SIGKILL") await stack.hooks.kill();
                    };
                    provider.control.addFault({
                        level: "request",
                        skip: request,
                        effect: moment,
                        drop: true,
                        meanwhile,
                    });
                    const error: unknown = await stack.up(operation.args()).catch((failure: unknown) => failure);
                    provider.control.clearFaults();
                    if (way === "SIGKILL") {
                        expect(error).toBeInstanceOf(ProcessGone);
                        provider.hooks = stack.hooks = spare ?? provider.startHooks();
                        spare = provider.startHooks();
                    } else if (error instanceof Error) {
                        expect(error).toBeInstanceOf(HookError);
                    }
                    await stack.up(operation.args());
                    expect(await endState()).toEqual(end);
                    if (operation.args() !== undefined) await provider.expectCalm(stack, provider.args());
                    await stack.up(undefined);
                    expect(await endState()).toEqual(found);
                    cells++;
                }
            },
        );

        test.each([DENIED, INVALID].map((refusal) => [refusal.status, refusal] as const))(
            "refused at each write, %s",
            async (_status, refusal) => {
                expect(writes.length).toBeGreaterThan(0);
                for (const write of writes) {
                    const stack = await started(operation);
                    provider.control.addFault({ ...write, ...refusal });
                    const error: unknown = await stack.up(operation.args()).catch((failure: unknown) => failure);
                    provider.control.clearFaults();
                    expect(error).toBeInstanceOf(HookError);
                    await stack.up(operation.args());
                    expect(await endState()).toEqual(end);
                    if (operation.args() !== undefined) await provider.expectCalm(stack, provider.args());
                    await stack.up(undefined);
                    expect(await endState()).toEqual(found);
                    cells++;
                }
            },
        );

        test("every case ran", () => {
            expect(cells).toBe(requests * ways.length * 2 + writes.length * 2);
            console.log(`${operation.name}: ${requests} requests, ${writes.length} writes, ${cells} cells`);
        });
    });
}
