// Checks for each state of an application that the release announces exactly what it writes and what it leaves. The
// release restores the state from before the adoption, so the log of the adoption shows what the release must write.
import { linesOf } from "../support/hooks/announced";
import { withExistingApplication } from "../support/hooks/existingApplication";
import { HooksStack } from "../support/hooks/hooksStack";
import type { HooksTenant } from "../support/hooks/hooksTenant";
import { leftAfterRelease, loggedPhrases, undoingPhrases } from "../support/hooks/loggedPhrases";
import { exactlyOf, STARTING_STATES } from "../support/hooks/startingStates";

jest.setTimeout(120_000);

let world: HooksTenant;
let existing: string;
withExistingApplication((started, appId) => ([world, existing] = [started, appId]));

test.each(STARTING_STATES.map((state) => [state.name, state] as const))(
    "an application %s: the release undoes what the log of the adoption shows, and says it",
    async (_name, { seed, args = {} }) => {
        await seed(world, existing);
        const before = await exactlyOf(world.tenant, existing);
        world.tenant.clearLog();
        const { state } = await world.deployed({ applicationId: existing, ...args });
        const written = loggedPhrases(before, await exactlyOf(world.tenant, existing), world.tenant.writes());
        const lines = await linesOf(world, (hooks) => new HooksStack(hooks, state).up(undefined));
        expect(await exactlyOf(world.tenant, existing)).toEqual(before);
        const [sentence = "", ...more] = lines.filter((line) => line.startsWith("releases "));
        expect(more).toEqual([]);
        const start = `releases "${before.application.displayName}" (${existing}): `;
        expect(sentence.slice(0, start.length)).toBe(start);
        const phrases = [...undoingPhrases(written), ...leftAfterRelease(before)];
        expect(sentence.slice(start.length).split("; ").sort()).toEqual(phrases.sort());
    },
);
