// Interrupts a consent at every request by a cut connection, and kills the process during one operation.
// killed.deep.test.ts kills the process during every operation.
import { describeKilledConsent, OPERATIONS } from "../support/consent/killedConsent";

jest.setTimeout(600_000);

describe("a connection is cut", () => {
    describeKilledConsent(OPERATIONS, ["connection cut"]);
});
describe("the process is killed", () => {
    describeKilledConsent(OPERATIONS.slice(-1), ["SIGKILL"]);
});
