// Makes the claims in tokens. https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
import { createHash, randomUUID } from "node:crypto";

import type { VisibleApplication } from "../foreignApplications";
import type { TenantUser } from "../graphTypes";
import type { Proof } from "./clientProof";
import type { Resource } from "./resources";
import type { Claims } from "./signingKeys";
import type { TokenCall } from "./tokenCall";

export const LIFETIME_S = 3600;

export function commonClaims({ tenant }: TokenCall): Claims {
    const now = Math.floor(tenant.now() / 1000);
    return { iat: now, nbf: now, exp: now + LIFETIME_S, tid: tenant.tenantId, uti: randomUUID() };
}

export function accessTokenAnswer(accessToken: string): object {
    return {
        token_type: "Bearer",
        expires_in: LIFETIME_S - 1,
        ext_expires_in: LIFETIME_S - 1,
        access_token: accessToken,
    };
}

export interface UserAccess {
    readonly user: TenantUser;
    readonly client: VisibleApplication;
    readonly proof: Proof;
    readonly resource: Resource;
    readonly scopes: readonly string[];
}

/**
 * The resource chooses the version. In version 2 `aud` is its appId. In version 1, and for Graph, `aud` is the name in
 * the request.
 */
export function userAccessToken(call: TokenCall, { user, client, proof, resource, scopes }: UserAccess): string {
    const { appId } = client.application;
    const isV2 = resource.application?.api.requestedAccessTokenVersion === 2;
    const issuer = `${call.url}/${call.tenant.tenantId}/`;
    const version = isV2
        ? { aud: resource.appId, iss: `${issuer}v2.0`, ver: "2.0", azp: appId, azpacr: proof }
        : { aud: resource.name, iss: issuer, ver: "1.0", appid: appId, appidacr: proof, upn: user.userPrincipalName };
    return call.world.keys.sign({
        ...commonClaims(call),
        ...version,
        idtyp: "user",
        name: user.displayName,
        oid: user.id,
        preferred_username: user.userPrincipalName,
        scp: scopes.join(" "),
        sub: pairwise(user, resource.appId),
    });
}

export function idToken(call: TokenCall, { user, client }: Pick<UserAccess, "user" | "client">, nonce?: string) {
    const { appId } = client.application;
    return call.world.keys.sign({
        ...commonClaims(call),
        aud: appId,
        iss: `${call.url}/${call.tenant.tenantId}/v2.0`,
        name: user.displayName,
        oid: user.id,
        preferred_username: user.userPrincipalName,
        sub: pairwise(user, appId),
        ver: "2.0",
        ...(nonce === undefined ? {} : { nonce }),
    });
}

/** Entra gives a user a different `sub` for each application. */
function pairwise({ id }: TenantUser, appId: string): string {
    return createHash("sha256").update(`${id}/${appId}`).digest("base64url");
}
