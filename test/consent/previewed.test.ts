// Checks that a preview warns if a new customer's consent is not possible. The warning must name the reason, and the
// preview must not fail.
import { randomUUID } from "node:crypto";

import { ServiceProvider } from "../support/consent/customers";
import type { HooksProcess } from "../support/hooks/hooksProcess";

jest.setTimeout(120_000);

type Json = Record<string, unknown>;

let provider: ServiceProvider;
let unasked: string;
const unknown = randomUUID();

beforeAll(async () => {
    provider = await ServiceProvider.start(6);
    unasked = provider.customer(6).tenantId;
    await provider.customer(6).graph("DELETE", `/servicePrincipals(appId='${provider.deployer.clientId}')`);
});
afterAll(() => provider.close());

const checked = (hooks: HooksProcess, name: string, args: Json, more: Json = {}, olds: Json = {}) =>
    hooks.call("check", olds, {
        ...provider.args(args),
        __given: { preview: { place: `portals/dev//customer-${name}`, ...more } },
    }) as Promise<{ failures: unknown[] }>;

async function linesOf(
    work: (hooks: HooksProcess) => Promise<void>,
    env: Record<string, string> = {},
): Promise<string[]> {
    const hooks = provider.startHooks(env);
    await work(hooks);
    await hooks.end();
    return hooks.output.split("\n").filter((line) => line !== "");
}

describe("a preview names a new customer's", () => {
    const rows: [name: string, args: () => Json, reason: RegExp][] = [
        [
            "unknown tenant",
            () => ({ tenantId: unknown }),
            new RegExp(`${unknown}: .* does not know this tenant; correct`),
        ],
        ["tenant of another cloud", () => ({ region: "China" }), /not in the cloud of region "China"/],
        [
            "missing consent to the deploying identity",
            () => ({ tenantId: unasked }),
            new RegExp(`AADSTS700016.*adminconsent\\?client_id=`),
        ],
    ];
    test.each(rows)("%s, and refuses nothing", async (_name, args, reason) => {
        const lines = await linesOf(async (hooks) => {
            expect((await checked(hooks, "abc", args())).failures).toEqual([]);
        });
        expect(lines).toEqual([expect.stringMatching(/^warning: customer-abc: the deployment would fail: /)]);
        expect(lines[0]).toMatch(reason);
    });
});

test("a customer without trouble, and one that is deployed already, cost no line", async () => {
    const { state } = await provider.deployed();
    expect(await linesOf((hooks) => checked(hooks, "new", {}).then(() => undefined))).toEqual([]);
    provider.home.clearLog();
    await linesOf((hooks) => checked(hooks, "old", {}, {}, state?.inputs).then(() => undefined));
    expect(provider.home.emulator.requests()).toEqual([]);
});

test("the first check asks all customers of the program together, and the others send nothing more", async () => {
    const tenants = [1, 2, 3, 4, 5].map((number) => provider.customer(number).tenantId);
    // This latency of 1.5 s lets even a busy machine start all requests before the first answer.
    provider.control.setLatency(1_500);
    provider.home.clearLog();
    let afterFirst = 0;
    const lines = await linesOf(async (hooks) => {
        const together = tenants.map((tenantId) => ({ tenantId }));
        for (const [index, tenantId] of tenants.entries()) {
            await checked(hooks, `${index}`, { tenantId }, index === 0 ? { together } : {});
            if (index === 0) afterFirst = provider.home.emulator.requests().length;
        }
    });
    provider.control.setLatency(0);
    expect(lines).toEqual([]);
    const asked = provider.home.emulator.requests().filter(({ method }) => method === "POST");
    expect(asked).toHaveLength(tenants.length);
    const [first] = asked;
    expect(asked.filter(({ at }) => at <= (first?.endedAt ?? 0))).toHaveLength(tenants.length);
    expect(afterFirst).toBeGreaterThan(2);
});

test("a setting turns it off", async () => {
    provider.home.clearLog();
    const work = (hooks: HooksProcess) => checked(hooks, "abc", { tenantId: unknown }).then(() => undefined);
    expect(await linesOf(work, { RESTORE_PORTAL_CHECK_CUSTOMERS: "false" })).toEqual([]);
    expect(provider.home.emulator.requests()).toEqual([]);
});
