// Interrupts all operations that killMatrix.test.ts does not test, at each of their requests.
import { describeKillMatrix } from "../support/hooks/killMatrix";
import { OPERATIONS, QUICK_OPERATIONS } from "../support/hooks/operations";

jest.setTimeout(600_000);

describeKillMatrix(OPERATIONS.filter(({ name }) => !QUICK_OPERATIONS.includes(name)));
