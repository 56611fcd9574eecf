import "../../support/engine/nativeFace";
import "../providerEnds.deep.test";
