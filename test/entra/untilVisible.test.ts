// Checks how often and how long the provider reads an object until all of Entra's replicas have it.
import { clock, freezeClock } from "../../provider/entra/clock";
import { untilVisible } from "../../provider/entra/untilVisible";

let restore: () => void;
let said: jest.SpyInstance;
beforeEach(() => {
    restore = freezeClock();
    said = jest.spyOn(console, "log").mockImplementation(() => undefined);
});
afterEach(() => {
    restore();
    said.mockRestore();
});

test("returns the value of the probe without a pause if the first probe has it", async () => {
    const start = clock.now().getTime();
    expect(await untilVisible("the thing", () => Promise.resolve("found"))).toBe("found");
    expect(clock.now().getTime()).toBe(start);
});

test("probes until three answers in a row have the value, and prints one line after some seconds", async () => {
    let reads = 0;
    const probe = () => Promise.resolve(++reads > 8 ? reads : undefined);
    expect(await untilVisible("the thing", probe, { timeoutMs: 200_000 })).toBe(11);
    expect(said.mock.calls).toEqual([["waiting for the thing (up to 200 s)"]]);
});

test("ends at its deadline with an error that names the thing, after a last probe", async () => {
    const start = clock.now().getTime();
    let reads = 0;
    const probe = () => {
        reads++;
        return Promise.resolve(undefined);
    };
    const waiting = untilVisible("the thing", probe, { timeoutMs: 10_000 });
    await expect(waiting).rejects.toMatchObject({
        code: "ERR_NOT_VISIBLE_IN_TIME",
        message: expect.stringMatching(
            /^waiting for the thing: gave up after 10 s \(\d+ attempts\); run the command again, or set RESTORE_PORTAL_WAIT_SECONDS/,
        ) as string,
    });
    expect(clock.now().getTime() - start).toBe(10_000);
    expect(reads).toBeGreaterThan(1);
});

test("names one attempt in the singular", async () => {
    const waiting = untilVisible("the thing", () => Promise.resolve(undefined), { timeoutMs: 0 });
    await expect(waiting).rejects.toThrow(/: gave up after 0 s \(1 attempt\); /);
});

test("an error of the probe ends the wait", async () => {
    await expect(untilVisible("the thing", () => Promise.reject(new Error("denied")))).rejects.toThrow("denied");
});

test("does not trust one answer if replicas alternate", async () => {
    let reads = 0;
    const probe = () => Promise.resolve(++reads > 9 || reads % 2 === 0 ? reads : undefined);
    expect(await untilVisible("the thing", probe)).toBe(12);
    let answers = 0;
    const accepted = () => Promise.resolve(++answers > 2 ? answers : undefined);
    expect(await untilVisible("Entra to accept", accepted, { sightings: 1 })).toBe(3);
});

test("probes at most twelve times in any minute", async () => {
    const times: number[] = [];
    const probe = () => {
        times.push(clock.now().getTime());
        return Promise.resolve(times.length % 2 === 0 ? true : undefined);
    };
    await expect(untilVisible("the thing", probe)).rejects.toMatchObject({ code: "ERR_NOT_VISIBLE_IN_TIME" });
    const most = Math.max(...times.map((start) => times.filter((at) => at >= start && at < start + 60_000).length));
    expect(most).toBeLessThanOrEqual(12);
});
