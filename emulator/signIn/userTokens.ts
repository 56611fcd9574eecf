// Makes the token endpoint's answer for a user: an access token and, on request, an ID token and a refresh token.
import { accessTokenAnswer, idToken, userAccessToken, type UserAccess } from "./accessTokens";
import { consentedScopes, missingConsent, noConsent } from "./consent";
import type { SignedIn } from "./issued";
import { requestedScopes, resourceNamed, unknownScope, type RequestedScopes } from "./resources";
import { assertAssigned } from "./assignments";
import { assertAccess } from "./conditionalAccess";
import { assertEnabled, principalOf } from "./signInClient";
import { SignInFault } from "./signInError";
import type { TokenCall } from "./tokenCall";

export interface UserTokens extends Pick<UserAccess, "user" | "client" | "proof"> {
    readonly scope: string;
    readonly platform: SignedIn["platform"];
    readonly isMfaDone: boolean;
    /** The nonce from the authorize request. The ID token repeats it. */
    readonly nonce?: string | undefined;
    /** If a refresh token is redeemed: the time of the sign-in, in milliseconds since the epoch. */
    readonly signedInAt?: number;
    /**
     * If a single-page application redeems a refresh token: the issue time of that token. The new refresh token keeps
     * this time, so both tokens expire at the same time.
     */
    readonly refreshIssuedAt?: number;
}

export function userTokensAnswer(call: TokenCall, tokens: UserTokens): object {
    const { tenant } = call;
    const { user, client } = tokens;
    const principal = principalOf(tenant, client.application);
    assertEnabled(client.application, principal);
    assertAssigned(tenant, user, client.application, principal);
    const requested = requestedScopes(call, tokens.scope);
    assertOneResource(requested, tokens.scope);
    assertAccess({
        tenant,
        user,
        appIds: [requested.resources[0]?.resource.appId ?? client.application.appId],
        clientAddress: call.world.clientAddress,
        isMfaDone: tokens.isMfaDone,
        signedInAt: tokens.signedInAt,
    });
    if (missingConsent({ tenant, user, principal }, requested).length > 0) {
        throw noConsent("invalid_grant", client.application);
    }
    const [first] = requested.resources;
    const resource = first?.resource ?? resourceNamed(call, "https://graph.microsoft.com");
    const consented = consentedScopes({ tenant, user, principal }, resource);
    // Entra issues all scopes that have consent, even if the request contains only some of them.
    const scopes = first ? [...consented] : requested.identity;
    const { identity } = requested;
    return {
        ...accessTokenAnswer(userAccessToken(call, { ...tokens, resource, scopes })),
        scope: scopes.map((scope) => (first ? `${resource.name}/${scope}` : scope)).join(" "),
        ...(identity.includes("openid") ? { id_token: idToken(call, tokens, tokens.nonce) } : {}),
        ...(identity.includes("offline_access") ? { refresh_token: refreshToken(call, tokens) } : {}),
        ...(call.form.get("client_info") === "1" ? { client_info: clientInfo(call, tokens) } : {}),
    };
}

/** All requested scopes must exist, and must belong to one resource. Entra issues a token for one resource only. */
function assertOneResource(requested: RequestedScopes, text: string): void {
    const unknown = unknownScope(requested);
    if (unknown) {
        const words = `The provided value for the input parameter 'scope' is not valid. The scope ${unknown.resource.name}/${unknown.scope} does not exist.`;
        throw new SignInFault(400, "invalid_scope", 70011, words);
    }
    if (requested.resources.length <= 1) return;
    const words = `Provided value for the input parameter scope is not valid because it contains more than one resource. Scope ${text} is not valid.`;
    throw new SignInFault(400, "invalid_scope", 28000, words);
}

function refreshToken({ tenant, world }: TokenCall, tokens: UserTokens): string {
    return world.issued.addRefreshToken({
        tenantId: tenant.tenantId,
        appId: tokens.client.application.appId,
        userId: tokens.user.id,
        platform: tokens.platform,
        scope: tokens.scope,
        isMfaDone: tokens.isMfaDone,
        signedInAt: tokens.signedInAt ?? tenant.now(),
        issuedAt: tokens.refreshIssuedAt ?? tenant.now(),
    });
}

function clientInfo({ tenant }: TokenCall, { user }: UserTokens): string {
    return Buffer.from(JSON.stringify({ uid: user.id, utid: tenant.tenantId })).toString("base64url");
}
