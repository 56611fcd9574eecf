import "../../support/engine/nativeFace";
import "../announced.deep.test";
