import "../../support/engine/nativeFace";
import "../killed.test";
