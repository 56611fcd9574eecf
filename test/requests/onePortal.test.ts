// Counts the requests of operations on one portal, with their refresh and sign-in, in a new process. Times are not
// measured, because they depend on the load of the machine.
import { costOf, itemsOf } from "../support/tenant/cost";
import type { HooksStack } from "../support/hooks/hooksStack";
import type { HooksTenant } from "../support/hooks/hooksTenant";
import { withExistingApplication } from "../support/hooks/existingApplication";

jest.setTimeout(60_000);

type Json = Record<string, unknown>;

let world: HooksTenant;
let existing: string;
withExistingApplication((started, appId) => ([world, existing] = [started, appId]));

interface Budget {
    readonly requests: number;
    readonly roundTrips: number;
}

interface Row {
    readonly from?: Json;
    readonly to: (world: HooksTenant) => Json | undefined;
    readonly budget: Budget;
}

const ROWS: Record<string, Row> = {
    create: { to: () => world.portal(), budget: { requests: 5, roundTrips: 4 } },
    "change of the web address": {
        from: {},
        to: () => world.portal({ portalUrl: "https://moved.abc.com:4443" }),
        budget: { requests: 4, roundTrips: 4 },
    },
    "rotation with overlap": {
        from: {},
        to: () => world.portal({ certificate: world.certificates[1] }),
        budget: { requests: 4, roundTrips: 4 },
    },
    "destroy of a registered application": { from: {}, to: () => undefined, budget: { requests: 4, roundTrips: 4 } },
    "release of an adopted application": {
        from: { applicationId: "existing" },
        to: () => undefined,
        budget: { requests: 6, roundTrips: 6 },
    },
};

async function started({ from }: Row): Promise<HooksStack> {
    if (from === undefined) return world.stack();
    return world.deployed(from["applicationId"] === undefined ? from : { applicationId: existing });
}

/** Runs the work on the same stack in a new process with empty caches. */
async function inAnotherProcess<T>(stack: HooksStack, work: () => Promise<T>): Promise<T> {
    const first = stack.hooks;
    stack.hooks = world.startHooks();
    // If answers are slow, the log shows which request waits for which other request.
    world.control.setLatency(300);
    world.tenant.clearLog();
    try {
        return await work();
    } finally {
        await stack.hooks.end();
        stack.hooks = first;
    }
}

test.each(Object.entries(ROWS))("%s", async (_name, row) => {
    const stack = await started(row);
    await inAnotherProcess(stack, () => stack.up(row.to(world)));
    const { requests, roundTrips, tokenRequests } = costOf(world.tenant.emulator.requests());
    expect({ requests, roundTrips, tokenRequests }).toEqual({ ...row.budget, tokenRequests: 1 });
});

test.each(["registered", "adopted"])("a preview without drift, %s: three reads in one request", async (kind) => {
    const args = kind === "adopted" ? { applicationId: existing } : {};
    const stack = await world.deployed(args);
    await inAnotherProcess(stack, async () => {
        await stack.refresh();
        expect(await stack.preview(world.portal(args))).toMatchObject({ hook: "none", named: [] });
    });
    const log = world.tenant.emulator.requests();
    expect(costOf(log)).toEqual({ requests: 1, items: 3, units: 3, roundTrips: 1, tokenRequests: 1 });
    expect(itemsOf(log).filter(({ method, path }) => method !== "GET" || path.includes("$select"))).toEqual([]);
    // Two requests are needed: one finds the tenant's region, and one gets a token.
    expect(log.filter(({ service }) => service === "login").map(({ method }) => method)).toEqual(["GET", "POST"]);
});
