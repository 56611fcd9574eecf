// Runs every shell block of the README and of docs/ unchanged, except the listed exceptions. The README comes first,
// because it deploys the portal.
import { describeBlocks, inProject } from "../support/engine/shownCommands";

jest.setTimeout(300_000);

describeBlocks(inProject);
