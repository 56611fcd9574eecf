import "../../support/engine/nativeFace";
import "../changes.test";
