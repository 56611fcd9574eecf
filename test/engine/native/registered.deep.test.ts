import "../../support/engine/nativeFace";
import "../registered.test";
