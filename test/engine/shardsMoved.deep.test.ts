// A team changes from five stacks of customers to six, and back to five. The commands are those of docs/pipelines.md.
import { CONSENTED, ShardedProvider } from "../support/engine/shardedProvider";
import { shellBlocks } from "../support/engine/readme";
import { expectSuccess } from "../support/engine/workspace";

jest.setTimeout(900_000);

/** With a sixth stack, four of these customers move to that stack, each from a different stack. */
const CUSTOMERS = 12;
const NEW = "production-6";

let provider: ShardedProvider;
beforeAll(async () => {
    provider = await ShardedProvider.start(CUSTOMERS, 5);
    for (const stack of provider.stacks) await up(stack);
    expectNothingDoubled();
});
afterAll(() => provider.close());

const up = async (stack: string) => expectSuccess(await provider.on(stack, ["up", "--yes", "--skip-preview"]));

function expectNothingDoubled(): void {
    expect(provider.consents()).toEqual(provider.customers.map(() => CONSENTED));
}

/** Runs the only shell block of docs/pipelines.md that contains `part`. */
async function runBlock(part: string): Promise<void> {
    const blocks = shellBlocks().filter(({ file, text }) => file === "docs/pipelines.md" && text.includes(part));
    expect(blocks).toHaveLength(1);
    expectSuccess(await provider.workspace.run("bash", ["-euo", "pipefail", "-c", blocks[0]?.text ?? ""]));
}

/** Checks that no preview shows a change, and that each customer is in the state of exactly one stack. */
async function expectCalm(): Promise<void> {
    for (const stack of provider.stacks) {
        expectSuccess(await provider.on(stack, ["preview", "--diff", "--expect-no-changes"]));
        const names = provider.customersOf(stack).map(({ name }) => name);
        expect((await provider.inState(stack)).sort()).toEqual(names.sort());
    }
}

test("customers move to a sixth stack: no preview shows a change, and Entra gets no write", async () => {
    provider.home.clearLog();
    provider.shards = 6;
    provider.configure();
    await provider.createStack(NEW);
    await runBlock("--dest production-6");
    expect(provider.customersOf(NEW)).toHaveLength(4);
    await expectCalm();
    // The next merge deploys every stack, so the test also deploys every stack.
    for (const stack of provider.stacks) await up(stack);
    expect(provider.home.writes()).toEqual([]);
    expectNothingDoubled();
});

test("a moved customer that leaves is released once, from its new stack", async () => {
    const [leaving] = provider.customersOf(NEW);
    provider.configure(provider.customers.filter((customer) => customer !== leaving));
    await up(NEW);
    const consents = provider.consents();
    expect(provider.customers.filter((_customer, index) => consents[index]?.servicePrincipals === 0)).toEqual([
        leaving,
    ]);
    provider.configure();
    await up(NEW);
    expectNothingDoubled();
});

test("with one stack less the customers move back, and the empty stack can be removed", async () => {
    provider.home.clearLog();
    provider.shards = 5;
    provider.configure();
    await runBlock("--source production-6");
    await expectCalm();
    await runBlock("stack rm");
    expect(provider.home.writes()).toEqual([]);
    expectNothingDoubled();
});
