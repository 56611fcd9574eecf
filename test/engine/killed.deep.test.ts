// Kills the CLI with SIGKILL at four requests of each of six operations. Its provider process continues to run. The
// command `recover` must then bring the stack to the result of an uninterrupted run.
import { expectSameEndIfKilled, freshStackForEachTest } from "../support/engine/killedOperation";

jest.setTimeout(600_000);
freshStackForEachTest();

const NAMES = ["create", "adopt", "change of portalUrl", "rotation without overlap", "release", "delete"];

test.each(NAMES)("%s, killed at four of its requests, ends with the same result after recover", (name) =>
    expectSameEndIfKilled(name),
);
