// Measures the requests and the memory of up to a hundred portals. manyPortals.deep.test.ts deploys a thousand.
import { describeCost } from "../support/hooks/costOfPortals";

jest.setTimeout(300_000);

describeCost([1, 10, 100]);
