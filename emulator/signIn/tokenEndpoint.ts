// Answers the token endpoint. It chooses the tenant and the grant type. Each grant type has its own file.
import type { Tenant } from "../tenant";
import type { World } from "../world";
import { answerAuthorizationCode } from "./authorizationCode";
import { answerClientCredentials } from "./clientCredentials";
import { answerOnBehalfOf } from "./onBehalfOf";
import { answerRefreshToken } from "./refreshToken";
import { SignInFault } from "./signInError";
import { malformedGrant, required, type TokenCall } from "./tokenCall";

export interface TokenRequest {
    readonly text: string;
    /** A client can send its secret in this header (HTTP Basic). */
    readonly authorization: string | undefined;
    readonly origin: string | undefined;
}

const GRANTS: Readonly<Record<string, (call: TokenCall) => object>> = {
    authorization_code: answerAuthorizationCode,
    client_credentials: answerClientCredentials,
    refresh_token: answerRefreshToken,
    "urn:ietf:params:oauth:grant-type:jwt-bearer": answerOnBehalfOf,
};

/** `tenant`: at /common and /organizations it is `undefined`, and the code or refresh token decides the tenant. */
export function answerToken(world: World, tenant: Tenant | undefined, request: TokenRequest): object {
    const form = withBasic(new URLSearchParams(request.text), request.authorization);
    const grantType = required(form, "grant_type");
    const answer = GRANTS[grantType];
    if (!answer) {
        const text = `The app requested an unsupported grant type '${grantType}'.`;
        throw new SignInFault(400, "unsupported_grant_type", 70003, text);
    }
    return answer({
        world,
        tenant: tenant ?? tenantOfGrant(world, form),
        tenants: world.tenants,
        form,
        origin: request.origin,
        url: world.url,
        lagMs: world.replication.next().behind("signIn"),
    });
}

function tenantOfGrant({ issued, tenants }: World, form: URLSearchParams): Tenant {
    const isUsers = ["authorization_code", "refresh_token"].includes(form.get("grant_type") ?? "");
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

function withBasic(form: URLSearchParams, authorization: string | undefined): URLSearchParams {
    const basic = /^Basic (.+)$/i.exec(authorization ?? "")?.[1];
    if (basic === undefined) return form;
    const [id = "", secret = ""] = Buffer.from(basic, "base64").toString().split(":").map(decodeURIComponent);
    form.set("client_id", id);
    form.set("client_secret", secret);
    return form;
}
