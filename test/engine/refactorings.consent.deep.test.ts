// Refactors or replaces a consent. Either `up` refuses with a clear message before any write, or it succeeds. Then
// every object in state exists, no two resources have the same application, and the next preview shows no change.
import { describeRefactorings } from "../support/engine/refactorings";

jest.setTimeout(600_000);

describeRefactorings("consent");
