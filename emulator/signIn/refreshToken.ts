// Redeems a refresh token. https://learn.microsoft.com/entra/identity-platform/refresh-tokens
import type { SignedIn } from "./issued";
import { clientOf } from "./signInClient";
import { SignInFault } from "./signInError";
import { assertPlatform } from "./singlePage";
import { malformedGrant, required, type TokenCall } from "./tokenCall";
import { userTokensAnswer } from "./userTokens";

const DAY_MS = 24 * 60 * 60 * 1000;

export function answerRefreshToken(call: TokenCall): object {
    const { tenant, form } = call;
    const client = clientOf(call, required(form, "client_id"));
    const signedIn = call.world.issued.refreshTokens.get(required(form, "refresh_token"));
    if (!signedIn) throw malformedGrant();
    const proof = assertPlatform(call, client, signedIn.platform);
    assertUsable(call, signedIn);
    const user = tenant.users.get(signedIn.userId);
    if (!user) throw malformedGrant();
    const { scope, platform, issuedAt, isMfaDone, signedInAt } = signedIn;
    return userTokensAnswer(call, {
        user,
        client,
        proof,
        platform,
        isMfaDone,
        signedInAt,
        scope: form.get("scope") ?? scope,
        ...(platform === "spa" ? { refreshIssuedAt: issuedAt } : {}),
    });
}

function assertUsable({ tenant, form }: TokenCall, { tenantId, appId, platform, issuedAt }: SignedIn): void {
    if (tenantId !== tenant.tenantId || appId !== form.get("client_id")?.toLowerCase()) throw malformedGrant();
    const issuedOn = new Date(issuedAt).toISOString();
    if (platform === "spa" && issuedAt + DAY_MS <= tenant.now()) {
        const text = `The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of 1.00:00:00, which cannot be extended. It is now expired and a new sign in request must be sent by the SPA to the sign in page. The token was issued on ${issuedOn}.`;
        throw new SignInFault(400, "invalid_grant", 700084, text);
    }
    if (issuedAt + 90 * DAY_MS <= tenant.now()) {
        const text = `The refresh token has expired due to inactivity. The token was issued on ${issuedOn} and was inactive for 90.00:00:00.`;
        throw new SignInFault(400, "invalid_grant", 700082, text);
    }
}
