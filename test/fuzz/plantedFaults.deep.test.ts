// Plants a fault of each sort, except `steering`, into the fuzz of each boundary. The fuzz must report each planted
// fault.
import type { FaultSort, Plant } from "../support/fuzz/boundary";
import { fuzz } from "../support/fuzz/fuzz";

jest.setTimeout(300_000);

/** Each function runs in the process of the boundary, so it cannot use variables of this file. */
const PLANTS: Readonly<Partial<Record<FaultSort, Plant>>> = {
    crash: () => {
        setImmediate(() => {
            throw new Error("planted");
        });
    },
    rawError: () => (undefined as unknown as { readonly planted: { readonly value: string } }).planted.value,
    secret: ({ secret }) => console.log(`planted: ${secret}`),
    wait: ({ sleep }) => sleep(3_600_000),
};

const BOUNDARIES = ["graph", "signIn", "discovery", "portalServer", "inputs", "pfxAndPem", "environment"];
const rows = BOUNDARIES.flatMap((boundary) =>
    Object.entries(PLANTS).map(([sort, plant]) => ({ boundary, sort, plant })),
);

test.each(rows)("the fuzz of $boundary finds a planted $sort", async ({ boundary, sort, plant }) => {
    const { faults } = await fuzz(boundary, { plant, count: 21, maxFaults: 10 });
    expect(faults).toContainEqual(expect.objectContaining({ sort, index: 20 }));
});
