// What many portals cost, in requests and memory. Up to a hundred portals; a thousand: manyPortals.deep.test.ts.
import { describeCost } from "../support/hooks/costOfPortals";

jest.setTimeout(300_000);

describeCost([1, 10, 100]);
