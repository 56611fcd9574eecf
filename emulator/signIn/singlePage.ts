// Checks who redeems an authorization code or a refresh token. Only a page in a browser may redeem the codes and tokens
// of a single-page application. A page may not redeem those of other platforms. A client of the platform `web` must
// prove its identity, and other clients must not send a proof.
// https://learn.microsoft.com/entra/identity-platform/reply-url
import type { VisibleApplication } from "../foreignApplications";
import { assertNoProof, assertProof, type Proof } from "./clientProof";
import type { Platform } from "./replyUrls";
import { SignInFault } from "./signInError";
import type { TokenCall } from "./tokenCall";

export function assertPlatform(call: TokenCall, client: VisibleApplication, platform: Platform): Proof {
    const isCrossOrigin = call.origin !== undefined;
    if (isCrossOrigin && platform !== "spa") {
        const text = "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type.";
        throw new SignInFault(400, "invalid_request", 9002326, text);
    }
    if (!isCrossOrigin && platform === "spa") {
        const text =
            "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.";
        throw new SignInFault(400, "invalid_request", 9002327, text);
    }
    if (platform === "web") return assertProof(call, client);
    assertNoProof(call);
    return "0";
}
