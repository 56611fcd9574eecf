import "../../support/engine/nativeFace";
import "../../consent/killed.test";
