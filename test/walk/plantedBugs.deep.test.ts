// Plants each bug except the first into its own copy of the provider, and checks that the walks detect the bug.
// plantedBugs.test.ts tests the first bug.
import { BUGS, expectLongWalkFinds, expectWalksFind, OWNERSHIP_BUGS } from "./bugs";

jest.setTimeout(600_000);

test.each(BUGS.slice(1))("%s", (_what, bug, says) => expectWalksFind(bug, says));
test.each(OWNERSHIP_BUGS)("%s", (_what, bug, says) => expectLongWalkFinds(bug, says));
