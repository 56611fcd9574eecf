// Runs the shell blocks of the README and of docs/ as they are. Skips `npm start`, which readme.test.ts runs, the
// EXCEPTIONS of shownCommands.ts, and blocks that only repeat earlier lines. The README comes first, because it deploys
// the portal.
import { describeBlocks, inProject } from "../support/engine/shownCommands";

jest.setTimeout(300_000);

describeBlocks(inProject);
