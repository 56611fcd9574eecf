// Interrupts operations at each of their requests. The calls pass through the plugin's server. There is one operation
// for each hook that writes.
import "../../support/engine/nativeFace";

import { describeKillMatrix } from "../../support/hooks/killMatrix";
import { OPERATIONS, QUICK_OPERATIONS } from "../../support/hooks/operations";

jest.setTimeout(600_000);

const MORE = ["rotation on an adopted application", "release", "delete"];

describeKillMatrix(OPERATIONS.filter(({ name }) => [...QUICK_OPERATIONS, ...MORE].includes(name)));
