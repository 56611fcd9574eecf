// Checks which reads share a batch. Many callers read one tenant, and each answer waits until the test releases it.
import { freezeClock } from "../../provider/entra/clock";
import type { GraphRequest } from "../../provider/entra/graphRequest";
import { InFlight } from "../../provider/entra/inFlight";
import { ReadLoader } from "../../provider/entra/readLoader";
import { PortalError } from "../../provider/portalError";

interface Item {
    readonly id: string;
    readonly url: string;
}

/** An HTTP request that waits until the test answers it. */
interface Sent {
    readonly paths: readonly string[];
    answer(each?: (path: string) => object): void;
    fail(error: Error): void;
}

let sent: Sent[];
let loader: ReadLoader;
let restore: () => void;
beforeEach(() => {
    restore = freezeClock();
    sent = [];
    const send = (request: GraphRequest) =>
        new Promise((done, fail) => {
            const items = (request.body as { requests: Item[] } | undefined)?.requests;
            const paths = items ? items.map(({ url }) => url) : [request.path];
            const ok = (path: string): object => ({ status: 200, body: { path } });
            sent.push({
                paths,
                answer: (each = ok) =>
                    done(
                        items
                            ? { responses: items.map(({ id, url }) => ({ id, ...each(url) })) }
                            : (each(request.path) as { body: unknown }).body,
                    ),
                fail,
            });
        });
    loader = new ReadLoader({ send, inFlight: new InFlight(), host: "graph.microsoft.com" });
});
afterEach(() => restore());

const ask = (path: string) => loader.load({ method: "GET", path, purpose: `reading ${path}` });
const turn = () => new Promise<void>((done) => setImmediate(done));
/** If this process was blocked, this timer and the loader's may end together. The turns then let the loader send. */
const lull = () => new Promise<void>((done) => setTimeout(done, 120)).then(turn).then(turn);
const paths = (count: number, name = "p") => Array.from({ length: count }, (_, index) => `/${name}${index}`);
const sizes = () => sent.map((one) => one.paths.length);

test("a single read is sent at once, without a batch", async () => {
    const answer = ask("/a");
    await turn();
    expect(sent.map((one) => one.paths)).toEqual([["/a"]]);
    sent[0]?.answer();
    expect(await answer).toEqual({ status: 200, body: { path: "/a" } });
});

test("reads of one turn are sent at once, in batches of twenty", async () => {
    const answers = paths(45).map(ask);
    await turn();
    expect(sizes()).toEqual([20, 20, 5]);
    for (const one of sent) one.answer();
    expect((await Promise.all(answers)).map(({ body }) => body)).toEqual(paths(45).map((path) => ({ path })));
});

test("reads that arrive while another one runs fill a batch, which is sent when it is full", async () => {
    void ask("/first");
    await turn();
    for (const path of paths(19)) {
        void ask(path);
        await turn();
    }
    expect(sizes()).toEqual([1]);
    void ask("/last");
    expect(sizes()).toEqual([1, 20]);
});

test("or a batch that is sent after a pause, even if the first read has no answer yet", async () => {
    void ask("/first");
    await turn();
    for (const path of paths(3)) void ask(path);
    await lull();
    expect(sizes()).toEqual([1, 3]);
});

test("a read right after a full batch waits for a pause, and a later read does not", async () => {
    // On a busy machine the test itself could take longer than the pause, so `performance.now` stands still.
    const now = jest.spyOn(performance, "now").mockReturnValue(0);
    for (const path of paths(20)) void ask(path);
    sent[0]?.answer();
    await turn();
    void ask("/next");
    await turn();
    expect(sizes()).toEqual([20]);
    await lull();
    expect(sizes()).toEqual([20, 1]);
    sent[1]?.answer();
    await lull();
    now.mockRestore();
    void ask("/alone");
    await turn();
    expect(sizes()).toEqual([20, 1, 1]);
});

test("equal reads share an answer if none was sent yet, and a later read gets a later answer", async () => {
    const [first, second] = [ask("/a"), ask("/a")];
    await turn();
    const third = ask("/a");
    sent[0]?.answer(() => ({ status: 200, body: "before" }));
    expect([(await first).body, (await second).body]).toEqual(["before", "before"]);
    await lull();
    sent[1]?.answer(() => ({ status: 200, body: "after" }));
    expect((await third).body).toBe("after");
    expect(sizes()).toEqual([1, 1]);
});

test("a throttled read is retried alone, and the others do not wait for it", async () => {
    const answers = paths(3).map(ask);
    await turn();
    const throttled = { status: 429, headers: { "Retry-After": "30" }, body: { error: { code: "TooManyRequests" } } };
    sent[0]?.answer((path) => (path === "/p1" ? throttled : { status: 200, body: path }));
    expect((await Promise.all([answers[0], answers[2]])).map((answer) => answer?.status)).toEqual([200, 200]);
    await lull();
    expect(sent[1]?.paths).toEqual(["/p1"]);
    sent[1]?.answer(() => ({ status: 200, body: "later" }));
    expect((await answers[1])?.body).toBe("later");
});

test("only the caller of a refused read gets the refusal", async () => {
    const answers = paths(2).map(ask);
    await turn();
    sent[0]?.answer((path) =>
        path === "/p1" ? { status: 404, body: { error: { code: "Gone", message: "No." } } } : { status: 200 },
    );
    expect((await answers[0])?.error).toBeUndefined();
    expect((await answers[1])?.error?.message).toMatch(/^reading \/p1: 404 Gone/);
});

test("if a batch gets no answer, each caller's error names its own purpose", async () => {
    const answers = paths(2).map(ask);
    await turn();
    sent[0]?.fail(new PortalError("ERR_GRAPH_UNAVAILABLE", "calling Graph: localhost cannot be reached (ECONNRESET)"));
    const failures = await Promise.allSettled(answers);
    expect(failures.map((one) => (one.status === "rejected" ? (one.reason as Error).message : ""))).toEqual([
        "reading /p0: localhost cannot be reached (ECONNRESET)",
        "reading /p1: localhost cannot be reached (ECONNRESET)",
    ]);
});
