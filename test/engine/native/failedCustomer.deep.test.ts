import "../../support/engine/nativeFace";
import "../failedCustomer.test";
