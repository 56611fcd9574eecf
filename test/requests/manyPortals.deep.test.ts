// Measures the requests and the memory of a thousand portals. manyPortals.test.ts deploys fewer.
import { describeCost } from "../support/hooks/costOfPortals";

jest.setTimeout(300_000);

describeCost([1000]);
