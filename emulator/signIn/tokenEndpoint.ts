// Answers requests to the token endpoint. Determines the tenant, and calls the function of the request's grant type.
// Each grant type has its own file.
import type { Tenant } from "../tenant";
import type { World } from "../world";
import { usableApplication } from "../foreignApplications";
import { answerAuthorizationCode } from "./authorizationCode";
import { authorityOf } from "./authority";
import { decodeAssertion, type Claims } from "./clientAssertions";
import { answerClientCredentials } from "./clientCredentials";
import { answerDeviceToken, approvedCode } from "./deviceCode";
import { isFederated, matchingCredential } from "./federation";
import { issuerKeys } from "./issuerKeys";
import { answerOnBehalfOf } from "./onBehalfOf";
import { answerRefreshToken } from "./refreshToken";
import { SignInFault } from "./signInError";
import { malformedGrant, required, type TokenCall } from "./tokenCall";

export interface TokenRequest {
    readonly text: string;
    readonly host: string | undefined;
    /** A client can send its secret in this header (HTTP Basic). */
    readonly authorization: string | undefined;
    readonly origin: string | undefined;
}

const GRANTS: Readonly<Record<string, (call: TokenCall) => object>> = {
    authorization_code: answerAuthorizationCode,
    client_credentials: answerClientCredentials,
    device_code: answerDeviceToken,
    refresh_token: answerRefreshToken,
    "urn:ietf:params:oauth:grant-type:device_code": answerDeviceToken,
    "urn:ietf:params:oauth:grant-type:jwt-bearer": answerOnBehalfOf,
};

/**
 * At `/common` and `/organizations`, `tenant` is undefined. The code or the refresh token then determines the tenant.
 */
export async function answerToken(world: World, tenant: Tenant | undefined, request: TokenRequest): Promise<object> {
    const form = withResource(withBasic(new URLSearchParams(request.text), request.authorization));
    const grantType = required(form, "grant_type");
    const answer = Object.hasOwn(GRANTS, grantType) ? GRANTS[grantType] : undefined;
    if (!answer) {
        const text = `The app requested an unsupported grant type '${grantType}'.`;
        throw new SignInFault(400, "unsupported_grant_type", 70003, text);
    }
    const call = {
        world,
        tenant: tenant ?? tenantOfGrant(world, form),
        tenants: world.tenants,
        form,
        origin: request.origin,
        url: world.url,
        authority: authorityOf(world, request.host),
        lagMs: world.replication.next().behind("signIn"),
    };
    return answer({ ...call, ...(await outsideKeys(call)) });
}

/** Reads the keys of an issuer only if a federated credential matches the assertion. No other issuer is trusted. */
async function outsideKeys(call: TokenCall): Promise<Pick<TokenCall, "issuerKeys">> {
    const assertion = call.form.get("client_assertion");
    const clientId = call.form.get("client_id")?.toLowerCase();
    const client = assertion === null ? undefined : usableApplication(call, clientId ?? "");
    if (assertion === null || !client) return {};
    const claims = decodeAssertion(assertion.split(".")[1] ?? "") as Claims;
    if (!isFederated(claims, client.application.appId)) return {};
    const { issuer } = matchingCredential(client, claims, call.lagMs);
    return { issuerKeys: await issuerKeys(call.world, issuer) };
}

/**
 * If a request has a `resource` but no `scope`, as in version 1 of the endpoints, adds the scope for this resource.
 */
export function withResource(form: URLSearchParams): URLSearchParams {
    const resource = form.get("resource");
    if (resource !== null && !form.has("scope")) form.set("scope", `${resource}/.default`);
    return form;
}

function tenantOfGrant(world: World, form: URLSearchParams): Tenant {
    const { issued, tenants } = world;
    const grantType = form.get("grant_type") ?? "";
    const isUsers = ["authorization_code", "refresh_token"].includes(grantType);
    if (GRANTS[grantType] === answerDeviceToken) {
        const { outcome } = approvedCode(world, form);
        const tenant = tenants.get(outcome.tenantId);
        if (tenant) return tenant;
    }
    if (!isUsers) {
        const text =
            "The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.";
        throw new SignInFault(400, "invalid_request", 9001023, text);
    }
    const grant = issued.codes.get(form.get("code") ?? "") ?? issued.refreshTokens.get(form.get("refresh_token") ?? "");
    const tenant = tenants.get(grant?.tenantId ?? "");
    if (tenant) return tenant;
    throw malformedGrant();
}

/** Decodes a percent-encoded text. Any other text stays as it is. */
export function decoded(text: string): string {
    try {
        return decodeURIComponent(text);
    } catch {
        return text;
    }
}

function withBasic(form: URLSearchParams, authorization: string | undefined): URLSearchParams {
    const basic = /^Basic (.+)$/i.exec(authorization ?? "")?.[1];
    if (basic === undefined) return form;
    const [id = "", secret = ""] = Buffer.from(basic, "base64").toString().split(":").map(decoded);
    form.set("client_id", id);
    form.set("client_secret", secret);
    return form;
}
