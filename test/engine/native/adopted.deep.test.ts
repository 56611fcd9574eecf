import "../../support/engine/nativeFace";
import "../adopted.test";
