// The random walks find each of ten bugs, planted one at a time into a copy of the provider. plantedBugs.test.ts has the
// first one.
import { BUGS, expectWalksFind } from "./bugs";

jest.setTimeout(600_000);

test.each(BUGS.slice(1))("%s", (_what, bug, says) => expectWalksFind(bug, says));
