// Runs the whole life of a portal while Entra's replicas lag by seconds, by minutes, or not at all.
import { describeReplication } from "../support/hooks/replication";

jest.setTimeout(600_000);

describeReplication([0, 5, 120]);
