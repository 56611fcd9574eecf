// Kills the provider process at every request of each operation on a consent, and refuses every write. killed.test.ts
// does this for the last operation.
import { describeKilledConsent, OPERATIONS } from "../support/consent/killedConsent";

jest.setTimeout(600_000);

describeKilledConsent(OPERATIONS.slice(0, -1), ["SIGKILL"]);
