// Checks that each bug can be planted, and that the random walks detect the first bug in a copy of the provider.
// plantedBugs.deep.test.ts checks that the walks detect the other bugs.
import { assertPlantable } from "../support/hooks/compiledProvider";
import { BUGS, expectWalksFind, OWNERSHIP_BUGS } from "./bugs";

jest.setTimeout(600_000);

test.each([...BUGS, ...OWNERSHIP_BUGS])("can be planted: %s", (_what, bug) => {
    expect(() => assertPlantable(bug)).not.toThrow();
});

test.each(BUGS.slice(0, 1))("%s", (_what, bug, says) => expectWalksFind(bug, says));
