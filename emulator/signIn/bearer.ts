// Finds the caller of a Graph request by the bearer token: an application with its roles, or a user with the scopes in
// the token.
import type { Caller } from "../context";
import { unauthorized } from "../graphError";
import { GRAPH_NAMES } from "../microsoftGraph";
import type { World } from "../world";

const NOT_WELL_FORMED =
    "IDX14100: JWT is not well formed, there are no dots (.).\nThe token needs to be in JWS or JWE Compact Serialization Format. (JWS): 'EncodedHeader.EndcodedPayload.EncodedSignature'. (JWE): 'EncodedProtectedHeader.EncodedEncryptedKey.EncodedInitializationVector.EncodedCiphertext.EncodedAuthenticationTag'.";

/** Throws a 401 if the token is missing or malformed, is for another resource, has another signer, or has expired. */
export function callerOf(world: World, authorization: string | undefined): Caller & { readonly tenantId: string } {
    const token = /^Bearer (.+)$/i.exec(authorization ?? "")?.[1];
    if (token === undefined) throw unauthorized("Access token is empty.");
    if (token.split(".").length < 3) throw unauthorized(NOT_WELL_FORMED);
    const claims = world.keys.claimsOf(token);
    if (!claims) throw unauthorized("Access token validation failure. Invalid signature.");
    if (![world.url, ...GRAPH_NAMES].includes(String(claims["aud"]))) {
        throw unauthorized("Access token validation failure. Invalid audience.");
    }
    if (Number(claims["exp"]) * 1000 <= world.now()) {
        throw unauthorized("Lifetime validation failed, the token is expired.");
    }
    const of = { appId: String(claims["appid"]), objectId: String(claims["oid"]), tenantId: String(claims["tid"]) };
    if (claims["idtyp"] !== "user") return { ...of, roles: new Set((claims["roles"] as string[] | undefined) ?? []) };
    const scopes = new Set(String(claims["scp"]).split(" "));
    const isAdministrator = world.findUser(of.objectId)?.user.isAdministrator === true;
    // A delegated permission never allows more than the user's own roles. An administrator's roles allow everything.
    // Other users have no roles.
    return { ...of, scopes, roles: isAdministrator ? scopes : new Set() };
}
