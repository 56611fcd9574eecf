// Makes the token endpoint's access tokens and ID tokens for users, and the claims that these tokens share with the
// access tokens of applications.
// https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
import { createHash, randomUUID } from "node:crypto";

import type { VisibleApplication } from "../foreignApplications";
import type { ServicePrincipal, TenantUser } from "../graphTypes";
import { assignedRoles, principalsOf } from "./assignments";
import { issuerV1, issuerV2 } from "./authority";
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
    readonly isMfaDone: boolean;
}

/**
 * The resource decides the version of the token. In version 2 `aud` is the resource's appId. In version 1, which Graph
 * uses, `aud` is the resource's name in the request, or Graph's URL if the request names no resource.
 */
export function userAccessToken(call: TokenCall, access: UserAccess): string {
    const { user, client, proof, resource, scopes, isMfaDone } = access;
    const { appId } = client.application;
    const isV2 = resource.application?.api.requestedAccessTokenVersion === 2;
    const { tenantId } = call.tenant;
    const version = isV2
        ? { aud: resource.appId, iss: issuerV2(call.authority, tenantId), ver: "2.0", azp: appId, azpacr: proof }
        : {
              aud: resource.name,
              iss: issuerV1(call.authority, tenantId),
              ver: "1.0",
              appid: appId,
              appidacr: proof,
              upn: user.userPrincipalName,
          };
    return call.world.keys.sign({
        ...commonClaims(call),
        ...version,
        ...rolesClaim(call, user, resource.principal),
        amr: isMfaDone ? ["pwd", "mfa"] : ["pwd"],
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
    const principal = call.tenant.servicePrincipalOf(appId);
    return call.world.keys.sign({
        ...commonClaims(call),
        ...(principal ? rolesClaim(call, user, principal) : {}),
        aud: appId,
        iss: issuerV2(call.authority, call.tenant.tenantId),
        name: user.displayName,
        oid: user.id,
        preferred_username: user.userPrincipalName,
        sub: pairwise(user, appId),
        ver: "2.0",
        ...(nonce === undefined ? {} : { nonce }),
    });
}

/** Makes the claim with the app roles that are assigned to the user directly or through a group. */
function rolesClaim(call: TokenCall, user: TenantUser, resource: ServicePrincipal): { roles?: string[] } {
    const roles = assignedRoles(call, principalsOf(call.tenant, user), resource);
    return roles.length === 0 ? {} : { roles };
}

/** Entra gives a user a different `sub` for each application. */
function pairwise({ id }: TenantUser, appId: string): string {
    return createHash("sha256").update(`${id}/${appId}`).digest("base64url");
}
