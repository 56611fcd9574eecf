import "../../support/engine/nativeFace";
import "../../ownership/objects.test";
