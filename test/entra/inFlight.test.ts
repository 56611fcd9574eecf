// How many requests are under way at a time, and how that follows what Graph says.
import { InFlight } from "../../provider/entra/inFlight";

/** Starts attempts that last until they are ended. */
function attempts(inFlight: InFlight, count: number) {
    const ends: (() => void)[] = [];
    const all = Array.from({ length: count }, () => inFlight.run(() => new Promise<void>((end) => ends.push(end))));
    return { all, ends };
}

const turn = () => new Promise<void>((done) => setImmediate(done));

test("32 at most, the next as soon as one has ended", async () => {
    const { ends } = attempts(new InFlight(), 40);
    expect(ends).toHaveLength(32);
    ends[0]?.();
    await turn();
    expect(ends).toHaveLength(33);
});

test("half as many after a 429, once for all that were under way", async () => {
    const inFlight = new InFlight();
    const { ends } = attempts(inFlight, 40);
    for (let refused = 0; refused < 32; refused++) {
        ends[refused]?.();
        inFlight.noteThrottled();
    }
    await turn();
    expect(inFlight.room).toBe(16);
    expect(ends).toHaveLength(40);
});

test("never less than one, and more again while Graph answers", async () => {
    const inFlight = new InFlight();
    for (let cut = 0; cut < 20; cut++) inFlight.noteThrottled();
    expect(inFlight.room).toBe(1);
    for (let answered = 0; answered < 20; answered++) await inFlight.run(() => Promise.resolve());
    expect(inFlight.room).toBeGreaterThan(4);
    for (let answered = 0; answered < 1000; answered++) await inFlight.run(() => Promise.resolve());
    expect(inFlight.room).toBe(32);
});

test("a failed attempt makes room as well", async () => {
    const inFlight = new InFlight();
    const failing = Array.from({ length: 40 }, () => inFlight.run(() => Promise.reject(new Error("no"))));
    expect((await Promise.allSettled(failing)).every(({ status }) => status === "rejected")).toBe(true);
});
