// Redeems an authorization code. https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
import { createHash } from "node:crypto";

import type { AuthorizationCode } from "./issued";
import { clientOf } from "./signInClient";
import { SignInFault } from "./signInError";
import { assertPlatform } from "./singlePage";
import { malformedGrant, required, type TokenCall } from "./tokenCall";
import { userTokensAnswer } from "./userTokens";

const LIFETIME_MS = 10 * 60 * 1000;

/**
 * Checks in this order: client, existence of the code, platform and client proof, validity of the code, redirect URI,
 * code verifier, user. `userTokensAnswer` then checks the rest, such as assignment, scopes and consent.
 */
export function answerAuthorizationCode(call: TokenCall): object {
    const { tenant, form } = call;
    const client = clientOf(call, required(form, "client_id"));
    const code = call.world.issued.codes.get(required(form, "code"));
    if (!code) throw malformedGrant();
    const proof = assertPlatform(call, client, code.platform);
    assertUsable(call, code);
    assertSameReplyUrl(required(form, "redirect_uri"), code);
    assertVerifier(call, code);
    const user = tenant.users.get(code.userId);
    if (!user) throw malformedGrant();
    code.isRedeemed = true;
    const { platform, nonce, isMfaDone } = code;
    const scope = form.get("scope") ?? code.scope;
    return userTokensAnswer(call, { user, client, proof, platform, nonce, isMfaDone, scope });
}

function assertUsable({ tenant, form }: TokenCall, code: AuthorizationCode): void {
    if (code.tenantId !== tenant.tenantId) {
        const text = "The provided authorization code is intended to use against other tenant, thus rejected.";
        throw new SignInFault(400, "invalid_grant", 700005, text);
    }
    if (code.appId !== form.get("client_id")?.toLowerCase()) {
        throw new SignInFault(400, "invalid_grant", 70000, "The provided authorization code is not valid.");
    }
    if (code.isRedeemed) {
        const text =
            "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.";
        throw new SignInFault(400, "invalid_grant", 54005, text);
    }
    if (code.issuedAt + LIFETIME_MS <= tenant.now()) {
        const text =
            "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.";
        throw new SignInFault(400, "invalid_grant", 70008, text);
    }
}

/** Entra compares the URIs letter by letter, so a trailing slash matters here. */
function assertSameReplyUrl(redirectUri: string, code: AuthorizationCode): void {
    if (redirectUri === code.redirectUri) return;
    const text = `The reply address '${redirectUri}' does not match the reply address '${code.redirectUri}' provided when requesting Authorization code.`;
    throw new SignInFault(400, "invalid_grant", 500112, text);
}

function assertVerifier({ form }: TokenCall, { challenge, platform }: AuthorizationCode): void {
    const verifier = form.get("code_verifier");
    if (!challenge) {
        if (platform !== "spa") return;
        const text = "Proof Key for Code Exchange is required for cross-origin authorization code redemption.";
        throw new SignInFault(400, "invalid_request", 9002325, text);
    }
    const hashed =
        challenge.method === "S256"
            ? createHash("sha256")
                  .update(verifier ?? "")
                  .digest("base64url")
            : verifier;
    if (verifier !== null && hashed === challenge.value) return;
    const text = "The Code_Verifier does not match the code_challenge supplied in the authorization request.";
    throw new SignInFault(400, "invalid_grant", 501481, text);
}
