// Kills a consent at every request of each operation.
import { describeKilledConsent, OPERATIONS } from "../support/consent/killedConsent";

jest.setTimeout(600_000);

describeKilledConsent(OPERATIONS.slice(0, -1), ["SIGKILL"]);
