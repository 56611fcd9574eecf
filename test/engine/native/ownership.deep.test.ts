import "../../support/engine/nativeFace";
import "../ownership.test";
