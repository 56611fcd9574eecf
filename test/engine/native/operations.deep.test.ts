import "../../support/engine/nativeFace";
import "../operations.test";
