import "../../support/engine/nativeFace";
import "../walk.deep.test";
