import "../../support/engine/nativeFace";
import "../imported.test";
import "../rotation.test";
