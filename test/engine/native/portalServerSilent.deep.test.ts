import "../../support/engine/nativeFace";
import "../portalServer.deep.test";
