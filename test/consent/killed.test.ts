// Cuts the connection at every request of each operation on a consent, and kills the provider process during one
// operation. killed.deep.test.ts kills the process during the other operations.
import { describeKilledConsent, OPERATIONS } from "../support/consent/killedConsent";

jest.setTimeout(600_000);

describe("a connection is cut", () => {
    describeKilledConsent(OPERATIONS, ["connection cut"]);
});
describe("the process is killed", () => {
    describeKilledConsent(OPERATIONS.slice(-1), ["SIGKILL"]);
});
