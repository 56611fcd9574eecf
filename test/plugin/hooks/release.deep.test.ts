import "../../support/engine/nativeFace";
import "../../ownership/release.test";
