import "../../support/engine/nativeFace";
import "../../ownership/refused.test";
