// The CLI is killed at a request of each operation, and its provider process continues, as it really does. The command
// `recover` then brings the stack to the end of an undisturbed run.
import { expectSameEndIfKilled, freshStackForEachTest } from "../support/engine/killedOperation";

jest.setTimeout(600_000);
freshStackForEachTest();

const NAMES = ["adopt", "change of portalUrl", "rotation without overlap", "release", "delete"];

test.each(NAMES)("%s, killed at four of its requests, comes to the same end by the runbook", expectSameEndIfKilled);
