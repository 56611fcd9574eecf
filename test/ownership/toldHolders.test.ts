// Checks that an adoption names another holder of the same object, and that a release names the holder for which it
// keeps entries. Such a holder may no longer exist, so the message also gives the command that removes its tags.
import { ServiceProvider } from "../support/consent/customers";
import { linesOf } from "../support/hooks/announced";
import { HooksStack } from "../support/hooks/hooksStack";
import type { HooksTenant } from "../support/hooks/hooksTenant";
import { certificateInput } from "../support/hooks/operations";
import { withExistingApplication } from "../support/hooks/existingApplication";

jest.setTimeout(300_000);

type Json = Record<string, unknown>;

describe("the holder of an adopted application", () => {
    let world: HooksTenant;
    let existing: string;
    withExistingApplication((started, appId) => ([world, existing] = [started, appId]));

    const stackOf = (name: string, more: Json = {}) =>
        world.portal({ applicationId: existing, identity: `portals/${name}//portal`, ...more });

    test("is named before a release that keeps entries for it, with what to do", async () => {
        const [a, b] = [world.stack(), world.stack()];
        await a.up(stackOf("a"));
        await b.up(stackOf("b"));
        const lines = await linesOf(world, (hooks) => new HooksStack(hooks, a.state).up(undefined));
        expect(lines.join("\n")).toMatch(
            /keeps entries of this resource \("portal"\), because resource "portal" of stack portals\/b \(holder [0-9a-f]{16}\) needs them; if the other resource no longer exists, .*recover --clear-holder/,
        );
        const last = await linesOf(world, (hooks) => new HooksStack(hooks, b.state).up(undefined));
        expect(last.join("\n")).not.toContain("keeps entries");
    });

    test("is named after a lost state, also if the certificate was made again", async () => {
        await world.stack().up(stackOf("a"));
        const program = stackOf("a", { certificate: await certificateInput("made again") });
        const lines = await linesOf(world, (hooks) => new HooksStack(hooks).up(program));
        expect(lines.join("\n")).toMatch(/is also used by resource "portal" of stack portals\/a .*--clear-holder/);
    });
});

test("the holder of a consent is named after a lost state, and before a release that keeps grants for it", async () => {
    const provider = await ServiceProvider.start();
    const first = await provider.deployed({ servicePrincipal: "assignment required" });
    const hooks = provider.startHooks();
    await provider.stack(hooks).up(provider.args());
    expect(hooks.output).toMatch(/warning: the consent to application .* is also used by .*--clear-holder/);
    await new HooksStack(hooks, first.state).up(undefined);
    expect(hooks.output).toMatch(
        /keeps entries of this resource \("customer"\), because .* needs them; if the other resource/,
    );
    await hooks.end();
    await provider.close();
});
