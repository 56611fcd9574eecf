// Refactors or replaces an adopted portal. `up` either refuses with a clear message before any write, or succeeds.
// After a success, every object in state exists, no two resources have registered the same application, and the next
// preview shows no change.
import { describeRefactorings } from "../support/engine/refactorings";

jest.setTimeout(600_000);

describeRefactorings("adopted");
