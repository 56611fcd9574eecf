// The random walks find a bug that is planted into a copy of the provider. plantedBugs.deep.test.ts has nine more.
import { BUGS, expectWalksFind } from "./bugs";

jest.setTimeout(600_000);

test.each(BUGS.slice(0, 1))("%s", (_what, bug, says) => expectWalksFind(bug, says));
