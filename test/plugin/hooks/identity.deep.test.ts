import "../../support/engine/nativeFace";
import "../../ownership/identity.test";
