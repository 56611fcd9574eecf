import "../../support/engine/nativeFace";
import "../portalServer.test";
