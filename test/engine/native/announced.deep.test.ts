import "../../support/engine/nativeFace";
import "../announced.test";
