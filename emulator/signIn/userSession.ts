// Signs a user in to one of Microsoft's own applications without a sign-in page, so that tests and tools can act as a
// person.
import type { World } from "../world";
import { LIFETIME_S } from "./accessTokens";
import { issuerV1 } from "./authority";

/** https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in */
export const MICROSOFT_CLIENTS = {
    azurePortal: "c44b4083-3bb0-49c1-b47d-974e53cbdf3c",
    azureCli: "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
    graphPowerShell: "14d82eec-204b-4c2f-b7e8-296a70dab67e",
} as const;

export interface UserSession {
    readonly userId: string;
    readonly client?: keyof typeof MICROSOFT_CLIENTS;
    /** The delegated permissions. They never allow more than the user's own roles. */
    readonly scopes: readonly string[];
}

/** Returns an access token for Graph. */
export function userSessionToken(world: World, { userId, client = "azurePortal", scopes }: UserSession): string {
    const found = world.findUser(userId);
    if (!found) throw new Error(`the emulator has no user ${userId}`);
    const { user, tenant } = found;
    const now = Math.floor(world.now() / 1000);
    return world.keys.sign({
        aud: world.url,
        iss: issuerV1(world.url, tenant.tenantId),
        iat: now,
        nbf: now,
        exp: now + LIFETIME_S,
        tid: tenant.tenantId,
        ver: "1.0",
        appid: MICROSOFT_CLIENTS[client],
        idtyp: "user",
        name: user.displayName,
        oid: user.id,
        upn: user.userPrincipalName,
        scp: scopes.join(" "),
    });
}
