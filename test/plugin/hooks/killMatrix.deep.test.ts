// Interrupts four operations at each of their requests. The calls pass through the plugin's server. Each hook that
// writes runs in at least one of these operations.
import "../../support/engine/nativeFace";

import { describeKillMatrix } from "../../support/hooks/killMatrix";
import { OPERATIONS, QUICK_OPERATIONS } from "../../support/hooks/operations";

jest.setTimeout(600_000);

const MORE = ["rotation on an adopted application", "release", "delete"];

describeKillMatrix(OPERATIONS.filter(({ name }) => [...QUICK_OPERATIONS, ...MORE].includes(name)));
