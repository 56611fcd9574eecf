// Checks how many requests run at the same time, and how an answer 429 changes that number.
import { InFlight } from "../../provider/entra/inFlight";

/** Starts attempts that run until the test ends them. */
function attempts(inFlight: InFlight, count: number) {
    const ends: (() => void)[] = [];
    const all = Array.from({ length: count }, () => inFlight.run(() => new Promise<void>((end) => ends.push(end))));
    return { all, ends };
}

const turn = () => new Promise<void>((done) => setImmediate(done));

test("at most 32 run, and the next one starts as soon as one has ended", async () => {
    const { ends } = attempts(new InFlight(), 40);
    expect(ends).toHaveLength(32);
    ends[0]?.();
    await turn();
    expect(ends).toHaveLength(33);
});

test("a 429 halves the limit once for all running requests", async () => {
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

test("the limit is never less than one, and grows again while Graph answers", async () => {
    const inFlight = new InFlight();
    for (let cut = 0; cut < 20; cut++) inFlight.noteThrottled();
    expect(inFlight.room).toBe(1);
    for (let answered = 0; answered < 20; answered++) await inFlight.run(() => Promise.resolve());
    expect(inFlight.room).toBeGreaterThan(4);
    for (let answered = 0; answered < 1000; answered++) await inFlight.run(() => Promise.resolve());
    expect(inFlight.room).toBe(32);
});

test("a failed attempt also makes room", async () => {
    const inFlight = new InFlight();
    const failing = Array.from({ length: 40 }, () => inFlight.run(() => Promise.reject(new Error("no"))));
    expect((await Promise.allSettled(failing)).every(({ status }) => status === "rejected")).toBe(true);
});
