// What many portals cost, in requests and memory. A thousand portals; fewer: manyPortals.test.ts.
import { describeCost } from "../support/hooks/costOfPortals";

jest.setTimeout(300_000);

describeCost([1000]);
