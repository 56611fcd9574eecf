import "../../support/engine/nativeFace";
import "../ownership.deep.test";
