// Tests portals while Entra's replicas lag by seconds or minutes: either all of them lag, or only one of two that
// answer in turn. The final state must be the same as without a lag, no object may be created twice, and the provider
// must send few reads. Time is simulated.
import { LAGGING, LaggingTenant, twoCertificates } from "./laggingTenant";

/** Describes tests of a portal's whole life for each of these lags, in seconds. */
export function describeReplication(lagsS: readonly number[]): void {
    let world: LaggingTenant;
    /** The contents of the tenant after the same runs without a lag, by kind of portal. */
    const ends = new Map<string, unknown>();
    beforeAll(async () => {
        world = await LaggingTenant.start({ isSimulated: true, certificates: await twoCertificates() });
    });
    afterAll(() => world.close());

    describe.each(["registered", "adopted"] as const)("a portal that is %s", (kind) => {
        beforeAll(async () => {
            world.lag("all", 0, false);
            ends.set(kind, await world.live(kind, () => undefined));
        });

        describe.each(LAGGING)("with a lag of %s objects", (lagging) => {
            test.each(lagsS.flatMap((seconds) => [false, true].map((alternates) => [seconds, alternates] as const)))(
                "of %i s, replicas in turn: %s",
                async (seconds, alternates) => {
                    const { control } = world.tenant.emulator;
                    world.lag(lagging, seconds * 1000, alternates);
                    const end = await world.live(kind, () => control.advanceClock(seconds * 1000));
                    expect(end).toEqual(ends.get(kind));
                },
            );
        });
    });
}
