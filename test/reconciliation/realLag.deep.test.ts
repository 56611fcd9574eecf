// Replicas lag five seconds in real time: for each kind of object separately, for all kinds together, and for all kinds
// with two alternating replicas. Each case has its own tenant. These cases run at the same time, because they mostly
// wait.
import { LAGGING, LaggingTenant, twoCertificates, type Lagging } from "../support/hooks/laggingTenant";

jest.setTimeout(600_000);

const LAG_MS = 5_000;

let certificates: Awaited<ReturnType<typeof twoCertificates>>;
beforeAll(async () => {
    certificates = await twoCertificates();
});

async function endWith(kind: "registered" | "adopted", lagging: Lagging, ms: number, alternates: boolean) {
    const world = await LaggingTenant.start({ isSimulated: false, certificates });
    try {
        world.lag(lagging, ms, alternates);
        return await world.live(kind, () => undefined);
    } finally {
        await world.close();
    }
}

test("a registered and an adopted portal end as without lag", async () => {
    const lags = [...LAGGING.map((lagging) => [lagging, false] as const), ["all", true] as const];
    const found = await Promise.all(
        (["registered", "adopted"] as const).map(async (kind) => ({
            end: await endWith(kind, "all", 0, false),
            ends: await Promise.all(
                lags.map(async ([lagging, alternates]) => endWith(kind, lagging, LAG_MS, alternates)),
            ),
        })),
    );
    for (const { end, ends } of found) {
        expect(ends).toHaveLength(lags.length);
        ends.forEach((one, index) => expect([lags[index], one]).toEqual([lags[index], end]));
    }
});
