// Runs the whole life of a portal while Entra's replicas lag by half a minute. replication.deep.test.ts tests other
// lags.
import { describeReplication } from "../support/hooks/replication";

jest.setTimeout(600_000);

describeReplication([30]);
