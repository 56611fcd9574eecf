// Handles On-Behalf-Of: a service sends a user's token, and gets a token to call another service for the same user.
// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow
import type { Application } from "../graphTypes";
import { assertProof } from "./clientProof";
import { clientOf } from "./signInClient";
import { SignInFault } from "./signInError";
import type { Claims } from "./signingKeys";
import { required, type TokenCall } from "./tokenCall";
import { userTokensAnswer } from "./userTokens";

/**
 * Checks in this order: client, proof, `requested_token_use`, the user's token. `userTokensAnswer` then checks the
 * rest, such as assignment, scopes and consent.
 */
export function answerOnBehalfOf(call: TokenCall): object {
    const { tenant, form } = call;
    const client = clientOf(call, required(form, "client_id"));
    const proof = assertProof(call, client);
    if (required(form, "requested_token_use") !== "on_behalf_of") {
        const text = "The provided value for the input parameter 'requested_token_use' is not valid.";
        throw new SignInFault(400, "invalid_request", 9002313, text);
    }
    const claims = userClaims(call, client.application, required(form, "assertion"));
    const user = tenant.users.get(String(claims["oid"]));
    if (!user) throw invalidAssertion("The user is not in the tenant.");
    // A service cannot prompt the user for multifactor authentication. So the user's token must show whether the user
    // has completed it.
    const isMfaDone = (claims["amr"] as string[] | undefined)?.includes("mfa") === true;
    const scope = required(form, "scope");
    return userTokensAnswer(call, { user, client, proof, platform: "web", isMfaDone, scope });
}

function userClaims({ world, tenant }: TokenCall, application: Application, assertion: string): Claims {
    const claims = world.keys.claimsOf(assertion);
    if (!claims) throw invalidAssertion("Assertion failed signature validation.");
    const audience = String(claims["aud"]);
    if (![application.appId, ...application.identifierUris].includes(audience)) {
        const text = `Assertion audience does not match the Client app presenting the assertion. The audience in the assertion was '${audience}' and the expected audience is '${application.appId}' or one of the Application Uris of this application with App ID '${application.appId}'(${application.displayName}). The downstream client must request a token for the expected audience (the application that made the OBO request) and this application should use that token as the assertion.`;
        throw new SignInFault(400, "invalid_grant", 500131, text);
    }
    if (Number(claims["exp"]) * 1000 <= tenant.now()) {
        const text =
            "Assertion is not within its valid time range. Ensure that the access token is not expired before using it for user assertion, or request a new token.";
        throw new SignInFault(400, "invalid_grant", 500133, text);
    }
    if (claims["tid"] !== tenant.tenantId) throw invalidAssertion("The token was issued by another tenant.");
    if (claims["scp"] === undefined) {
        const text = `Application '${application.appId}' is not allowed to make application on-behalf-of calls.`;
        throw new SignInFault(400, "invalid_grant", 7000114, text);
    }
    return claims;
}

function invalidAssertion(reason: string): SignInFault {
    return new SignInFault(400, "invalid_grant", 50013, `Assertion is not valid. [Reason - ${reason}]`);
}
