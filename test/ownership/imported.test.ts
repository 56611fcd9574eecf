// Checks that the destroy of an imported resource restores the values that the owner had before the import.
import { ServiceProvider } from "../support/consent/customers";
import type { HooksProcess } from "../support/hooks/hooksProcess";
import { HooksStack } from "../support/hooks/hooksStack";
import { HooksTenant } from "../support/hooks/hooksTenant";
import { servicePrincipalByHand } from "../support/hooks/ownership";
import { exactlyOf, STARTING_STATES } from "../support/hooks/startingStates";
import { asSets, existingApplication, PORTAL_URL } from "../support/tenant/portals";
import { inPreview, linesOf } from "../support/hooks/announced";

jest.setTimeout(120_000);

type Json = Record<string, unknown>;

const DISABLED = { accountEnabled: false };

async function imported(hooks: HooksProcess, id: string, identity: string): Promise<HooksStack> {
    const read = (await hooks.call("readExisting", { id, identity, settings: {} })) as Record<string, Json>;
    const { inputs = {}, props: outputs = {} } = read;
    return new HooksStack(hooks, { id: id, inputs, outputs });
}

describe("an application:", () => {
    const identity = "portals/dev//portal";
    let world: HooksTenant;
    let existing: string;
    beforeAll(async () => {
        world = await HooksTenant.start();
        existing = await existingApplication(world.tenant);
    });
    afterAll(() => world.close());

    const program = (more: Json = {}) =>
        world.portal({ applicationId: existing, identity, certificate: undefined, ...more });

    test("a disabled scope and a disabled service principal are disabled again", async () => {
        const { seed } = STARTING_STATES.find(({ name }) => name.endsWith("access_as_user that is disabled")) ?? {};
        await seed?.(world, existing);
        await world.tenant.patchApplication(existing, { spa: { redirectUris: [PORTAL_URL] } });
        await servicePrincipalByHand(world.tenant, existing, DISABLED);
        const before = await exactlyOf(world.tenant, existing);
        const stack = await imported(world.hooks, existing, identity);
        await stack.up(program());
        await world.expectCalm(stack, program());
        await stack.up(undefined);
        expect(await exactlyOf(world.tenant, existing)).toEqual(asSets(before));
    });

    test("a preview without a change announces nothing", async () => {
        const owner = world.stack();
        await owner.up(program({ identity: "portals/owner//portal" }));
        const lines = await linesOf(world, async (hooks) => {
            const stack = await imported(hooks, existing, identity);
            await stack.refresh();
            expect((await stack.preview({ ...program(), ...inPreview() })).hook).toBe("none");
        });
        expect(lines.filter((line) => line.includes(" writes "))).toEqual([]);
    });
});

test("consent: a disabled service principal is disabled again", async () => {
    const provider = await ServiceProvider.start();
    const { tenantId } = provider.customer();
    await servicePrincipalByHand(provider.customer(), provider.app.appId, DISABLED);
    const before = await provider.stateOf();
    const identity = "portals/dev//customer";
    const stack = await imported(provider.hooks, `${tenantId}/${provider.app.appId}`, identity);
    await stack.up(provider.args({ identity }));
    await stack.up(undefined);
    expect(await provider.stateOf()).toEqual(before);
    await provider.close();
});
