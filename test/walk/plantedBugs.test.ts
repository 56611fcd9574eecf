// Plants a bug into a copy of the provider, and checks that the random walks detect the bug. plantedBugs.deep.test.ts
// tests the other bugs.
import { BUGS, expectWalksFind } from "./bugs";

jest.setTimeout(600_000);

test.each(BUGS.slice(0, 1))("%s", (_what, bug, says) => expectWalksFind(bug, says));
