// Runs `npm start` on a terminal, as a person does. readme.test.ts runs `npm start` without a terminal.
import { resolve } from "node:path";

import { onTerminal } from "../support/cli/onTerminal";

jest.setTimeout(300_000);

/** Hides the colour settings of the shell that runs this test. */
const NO_COLOUR_SETTINGS = { NO_COLOR: undefined, NODE_DISABLE_COLORS: undefined, FORCE_COLOR: undefined };

const ROOT = resolve(__dirname, "../..");

test.each([
    ["has colours on a terminal that has them", {}, true],
    ["has none with NO_COLOR", { NO_COLOR: "1" }, false],
])("npm start %s, and ends with a summary", async (_name, env, hasColours) => {
    const options = { cwd: ROOT, env: { ...process.env, ...NO_COLOUR_SETTINGS, ...env }, timeoutMs: 240_000 };
    const { code, output, coloured } = await onTerminal(["npm", "start"], [], options);
    expect([code, output]).toEqual([0, expect.stringMatching(/Summary:\n +changes by hand found +2: /) as string]);
    expect(/\u001b\[[0-9;]*m *~ portalUrl/.test(coloured)).toBe(hasColours);
});
