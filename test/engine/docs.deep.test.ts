// Runs every shell block of the README and of docs/ unchanged. Their order matters: the README deploys the portal.
import { describeBlocks, inProject } from "../support/engine/shownCommands";

jest.setTimeout(300_000);

describeBlocks(inProject);
