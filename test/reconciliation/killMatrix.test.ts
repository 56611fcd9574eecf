// Interrupts the first deployment at each of its requests. killMatrix.deep.test.ts interrupts the other operations.
import { describeKillMatrix } from "../support/hooks/killMatrix";
import { OPERATIONS, QUICK_OPERATIONS } from "../support/hooks/operations";

jest.setTimeout(600_000);

const operations = OPERATIONS.filter(({ name }) => QUICK_OPERATIONS.includes(name));

test("each name is an operation", () => {
    expect(operations.map(({ name }) => name).sort()).toEqual([...QUICK_OPERATIONS].sort());
});

describeKillMatrix(operations);
