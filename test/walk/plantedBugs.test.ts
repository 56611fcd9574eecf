// Whether the random walks would find a mistake: the first of ten, planted into a copy of the provider. The others:
// plantedBugs.deep.test.ts.
import { BUGS, expectWalksFind } from "./bugs";

jest.setTimeout(600_000);

test.each(BUGS.slice(0, 1))("%s", (_what, bug, says) => expectWalksFind(bug, says));
