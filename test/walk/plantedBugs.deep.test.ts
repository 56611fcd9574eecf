// The random walks find each bug, planted one at a time into a copy of the provider. plantedBugs.test.ts has the first one.
import { BUGS, expectLongWalkFinds, expectWalksFind, OWNERSHIP_BUGS } from "./bugs";

jest.setTimeout(600_000);

test.each(BUGS.slice(1))("%s", (_what, bug, says) => expectWalksFind(bug, says));
test.each(OWNERSHIP_BUGS)("%s", (_what, bug, says) => expectLongWalkFinds(bug, says));
