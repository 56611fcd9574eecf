import "../../support/engine/nativeFace";
import "../failures.test";
