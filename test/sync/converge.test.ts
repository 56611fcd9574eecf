// Checks how the loop of a deployment or release names the changes that it could not finish.
import { freezeClock } from "../../provider/entra/clock";
import { converge, type Convergence } from "../../provider/sync/converge";

let restore: () => void;
let printed: jest.SpyInstance;
beforeEach(() => {
    restore = freezeClock();
    printed = jest.spyOn(console, "log").mockImplementation(() => undefined);
});
afterEach(() => {
    restore();
    printed.mockRestore();
});

const CHANGES = ["release/redirectUris", "removal/keyCredentials", "tags/0123456789abcdef", "displayName"];
const NAMED = "redirectUris, keyCredentials, tags, displayName";

/** A job whose changes a read shows until the round ends, or never. */
function job(isEverShown: boolean): Convergence<object, object, { readonly changes: readonly string[] }> {
    let isShown = false;
    return {
        what: "application x",
        start: { live: {}, managed: {} },
        plan: () => ({ changes: isShown ? [] : CHANGES }),
        observe: () => Promise.resolve({}),
        carryOut: () => {
            isShown = isEverShown;
            return Promise.resolve(undefined);
        },
        settle: ({ managed }) => {
            isShown = false;
            return managed;
        },
        progress: () => undefined,
    };
}

test("changes that no read shows are named as inputs, for a deployment and for a release", async () => {
    await expect(converge(job(false))).rejects.toThrow(
        `Entra accepted these changes, but a read does not show them: ${NAMED}; run the command again; if it fails`,
    );
});

test.each(["even", "odd"])(
    "changes that only %s reads show are named, whatever the last read shows",
    async (parity) => {
        let reads = 0;
        const isShown = () => reads > 1 && reads % 2 === (parity === "odd" ? 1 : 0);
        const alternating = {
            ...job(false),
            plan: () => ({ changes: isShown() ? [] : CHANGES }),
            observe: () => Promise.resolve({ reads: ++reads }),
        };
        await expect(converge(alternating)).rejects.toThrow(`a read does not show them: ${NAMED};`);
    },
);

test("changes that another tool reverts after each round are named as inputs", async () => {
    await expect(converge(job(true))).rejects.toThrow(
        `changing application x: the object still differs after 4 attempts (${NAMED}), because another tool writes to it`,
    );
});
