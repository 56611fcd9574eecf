// Each refactoring or replacement of an adopted portal ends in one of two ways: `up` is refused in words before any write; or
// everything in state lives, no two resources have the same application, and the next preview shows no change.
import { describeRefactorings } from "../support/engine/refactorings";

jest.setTimeout(600_000);

describeRefactorings("adopted");
