// Refactors or replaces an adopted portal. `up` must refuse with a clear message before any write. Otherwise every
// object in state exists, no two resources have the same application, and the next preview shows no change.
import { describeRefactorings } from "../support/engine/refactorings";

jest.setTimeout(600_000);

describeRefactorings("adopted");
