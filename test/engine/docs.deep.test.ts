// Runs the shell blocks of the README and of docs/ unchanged, except `npm start`, the EXCEPTIONS of shownCommands.ts,
// and blocks that only repeat earlier lines. The README comes first, because it deploys the portal.
import { describeBlocks, inProject } from "../support/engine/shownCommands";

jest.setTimeout(300_000);

describeBlocks(inProject);
