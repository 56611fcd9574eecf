import "../../support/engine/nativeFace";
import "../serviceProvider.test";
