// Entra's replicas lag not at all, by seconds, or by minutes.
import { describeReplication } from "../support/hooks/replication";

jest.setTimeout(600_000);

describeReplication([0, 5, 120]);
