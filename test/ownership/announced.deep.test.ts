// Checks for each state of an application that a preview announces exactly the writes of the adoption.
import { expectAnnounced, expectLaterAnnounced } from "../support/hooks/announced";
import type { HooksTenant } from "../support/hooks/hooksTenant";
import { withExistingApplication } from "../support/hooks/existingApplication";
import { STARTING_STATES } from "../support/hooks/startingStates";

jest.setTimeout(120_000);

let world: HooksTenant;
let existing: string;
withExistingApplication((started, appId) => ([world, existing] = [started, appId]));

describe.each(STARTING_STATES.map((state) => [state.name, state] as const))(
    "an application %s: the log of requests shows what the preview said",
    (_name, { seed, args = {} }) => {
        beforeEach(() => seed(world, existing));

        test("with a certificate and consent", () =>
            expectAnnounced(world, existing, world.portal({ applicationId: existing, ...args })));

        test("as a careful first step, without certificate and consent", () => {
            const careful = { applicationId: existing, certificate: undefined, adminConsent: false, ...args };
            return expectAnnounced(world, existing, world.portal(careful));
        });

        test("with consent and then a certificate after a careful first step", async () => {
            const careful = { applicationId: existing, certificate: undefined, adminConsent: false, ...args };
            const stack = await world.deployed(careful);
            await expectLaterAnnounced(world, stack, world.portal({ ...careful, adminConsent: true }));
            await expectLaterAnnounced(world, stack, world.portal({ applicationId: existing, ...args }));
        });

        test("with both together after a careful first step", async () => {
            const careful = { applicationId: existing, certificate: undefined, adminConsent: false, ...args };
            const stack = await world.deployed(careful);
            await expectLaterAnnounced(world, stack, world.portal({ applicationId: existing, ...args }));
        });
    },
);
