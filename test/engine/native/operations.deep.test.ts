import "../../support/engine/nativeFace";
import "../operations.test";
import "../operations.deep.test";
