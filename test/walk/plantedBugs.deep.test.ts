// Whether the random walks would find a mistake: each of ten, planted one at a time into a copy of the provider. The first
// one: plantedBugs.test.ts.
import { BUGS, expectWalksFind } from "./bugs";

jest.setTimeout(600_000);

test.each(BUGS.slice(1))("%s", (_what, bug, says) => expectWalksFind(bug, says));
