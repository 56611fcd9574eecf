import "../../support/engine/nativeFace";
import "../secrets.test";
