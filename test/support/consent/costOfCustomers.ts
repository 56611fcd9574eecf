// Counts the requests for reading many customers' tenants. A token is valid for one tenant, so each tenant needs its
// own token and its own batch.
import { ServiceProvider } from "./customers";
import { costOf } from "../tenant/cost";
import { HooksProcess } from "../hooks/hooksProcess";
import { HooksStack } from "../hooks/hooksStack";
import { sideBySide } from "../hooks/sideBySide";

/**
 * Checks that a refresh and a preview without changes send, per customer, one Graph request and at most two requests to
 * the sign-in service. Also checks that the process of the hooks needs less than 300 MB of memory.
 */
export async function expectOneRequestEach(count: number): Promise<void> {
    const provider = await ServiceProvider.start(count);
    const args = (index: number) =>
        provider.args({ identity: `organization/portals/c${index}`, tenantId: provider.customer(index + 1).tenantId });
    const stacks = Array.from({ length: count }, () => provider.stack());
    await sideBySide(stacks, (stack, index) => stack.up(args(index)));

    const hooks = new HooksProcess(provider.home.env, { resource: "portalTenantConsent", withSdk: true });
    provider.home.clearLog();
    const found: string[] = [];
    await sideBySide(stacks, async ({ state }, index) => {
        const stack = new HooksStack(hooks, state);
        await stack.refresh();
        found.push((await stack.preview(args(index))).hook);
    });
    expect(found).toEqual(Array(count).fill("none"));
    const log = provider.home.emulator.requests();
    expect(costOf(log)).toMatchObject({ requests: count, items: 2 * count, tokenRequests: count });
    for (const { tenantId } of stacks.map((_, index) => provider.customer(index + 1))) {
        const signIn = log.filter(({ service, path }) => service === "login" && path.includes(tenantId));
        expect(signIn.length).toBeLessThanOrEqual(2);
    }
    expect(await hooks.call("peakMemoryMb")).toBeLessThan(300);
    await hooks.end();
    await provider.close();
}
