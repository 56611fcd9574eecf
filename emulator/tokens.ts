// The token endpoint: client credentials by secret or by certificate assertion, and the tokens it gives out.
// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
import { createSign, createVerify, generateKeyPairSync, randomUUID, type KeyObject } from "node:crypto";

import { assertAssertion } from "./clientAssertions";
import type { Caller } from "./context";
import { backingApplication, usableApplication, type SeenApplication } from "./foreignApplications";
import { unauthorized } from "./graphError";
import { SignInFault } from "./signInError";
import { GRAPH_APP_ID } from "./seed";
import type { Tenant } from "./tenant";

const LIFETIME_S = 3600;
const GRAPH_AUDIENCES = ["https://graph.microsoft.com", GRAPH_APP_ID];
export const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

export interface TokenCall {
    readonly tenant: Tenant;
    /** All of the cloud, by tenant id. */
    readonly tenants: ReadonlyMap<string, Tenant>;
    readonly form: URLSearchParams;
    /** Of HTTP Basic, where the client sends its secret that way. */
    readonly authorization: string | undefined;
    /** `https://localhost:<port>` */
    readonly url: string;
    /** How far behind the certificates are that the sign-in service knows. */
    readonly lagMs: number;
}

export class TokenService {
    private readonly keyId = randomUUID();
    private readonly privateKey: KeyObject;
    private readonly publicKey: KeyObject;

    constructor() {
        const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
        this.privateKey = pair.privateKey;
        this.publicKey = pair.publicKey;
    }

    jwks(): object {
        return { keys: [{ ...this.publicKey.export({ format: "jwk" }), kid: this.keyId, use: "sig", alg: "RS256" }] };
    }

    /** Order of the checks: grant, client, proof, resource. */
    answer(call: TokenCall): object {
        const form = withBasic(call);
        const grantType = required(form, "grant_type");
        if (grantType !== "client_credentials") {
            throw new SignInFault(
                400,
                "unsupported_grant_type",
                70003,
                `The app requested an unsupported grant type '${grantType}'.`,
            );
        }
        const client = clientOf(call, required(form, "client_id"));
        const { application } = client;
        assertProof(call, form, client);
        const servicePrincipal = call.tenant.servicePrincipalOf(application.appId);
        if (!servicePrincipal) {
            const text = `The client application ${application.appId} is missing service principal in the tenant ${call.tenant.tenantId}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`;
            throw new SignInFault(401, "invalid_client", 7000229, text);
        }
        if (!servicePrincipal.accountEnabled || application.isDisabled === true) {
            throw new SignInFault(
                400,
                "unauthorized_client",
                7000112,
                `Application '${application.appId}'(${application.displayName}) is disabled.`,
            );
        }
        const audience = audienceOf(call, form);
        const token = this.sign(call, application.appId, servicePrincipal.id, audience);
        return {
            token_type: "Bearer",
            expires_in: LIFETIME_S - 1,
            ext_expires_in: LIFETIME_S - 1,
            access_token: token,
        };
    }

    private sign({ tenant, url }: TokenCall, appId: string, objectId: string, audience: string): string {
        const now = Math.floor(tenant.now() / 1000);
        const roles = tenant.roles.get(objectId) ?? [];
        const claims = {
            aud: audience,
            iss: `${url}/${tenant.tenantId}/v2.0`,
            iat: now,
            nbf: now,
            exp: now + LIFETIME_S,
            appid: appId,
            azp: appId,
            azpacr: "1",
            idtyp: "app",
            oid: objectId,
            sub: objectId,
            tid: tenant.tenantId,
            uti: randomUUID(),
            ver: "2.0",
            ...(roles.length > 0 ? { roles } : {}),
        };
        const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
        const text = `${encode({ typ: "JWT", alg: "RS256", kid: this.keyId })}.${encode(claims)}`;
        return `${text}.${createSign("RSA-SHA256").update(text).sign(this.privateKey, "base64url")}`;
    }

    /** Who a bearer token for Graph belongs to; 401 for every other. */
    verify(authorization: string | undefined, url: string, now: number): Caller & { tenantId: string } {
        const token = /^Bearer (.+)$/i.exec(authorization ?? "")?.[1];
        if (token === undefined) throw unauthorized("Access token is empty.");
        const [header = "", payload = "", signature = ""] = token.split(".");
        const isOurs = createVerify("RSA-SHA256")
            .update(`${header}.${payload}`)
            .verify(this.publicKey, signature, "base64url");
        if (!isOurs) throw unauthorized("Access token validation failure. Invalid signature.");
        const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
        if (![url, ...GRAPH_AUDIENCES].includes(String(claims["aud"]))) {
            throw unauthorized("Access token validation failure. Invalid audience.");
        }
        if (Number(claims["exp"]) * 1000 <= now)
            throw unauthorized("Lifetime validation failed, the token is expired.");
        return {
            appId: String(claims["appid"]),
            objectId: String(claims["oid"]),
            roles: new Set((claims["roles"] as string[] | undefined) ?? []),
            tenantId: String(claims["tid"]),
        };
    }
}

function withBasic({ form, authorization }: TokenCall): URLSearchParams {
    const basic = /^Basic (.+)$/i.exec(authorization ?? "")?.[1];
    if (basic === undefined) return form;
    const [id = "", secret = ""] = Buffer.from(basic, "base64").toString().split(":").map(decodeURIComponent);
    const both = new URLSearchParams(form);
    both.set("client_id", id);
    both.set("client_secret", secret);
    return both;
}

function required(form: URLSearchParams, name: string): string {
    const value = form.get(name);
    if (value) return value;
    throw new SignInFault(
        400,
        "invalid_request",
        900144,
        `The request body must contain the following parameter: '${name}'.`,
    );
}

/** Of the tenant itself, or a multi-tenant one of another tenant that has a service principal here. */
function clientOf(call: TokenCall, clientId: string): SeenApplication {
    const { tenant, lagMs } = call;
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(clientId)) {
        throw new SignInFault(400, "unauthorized_client", 700038, `${clientId} is not a valid application identifier.`);
    }
    const seen = usableApplication(call, clientId.toLowerCase());
    if (seen && (seen.home === tenant || tenant.servicePrincipalOf(seen.application.appId))) {
        const { application, home } = seen;
        // The application itself is taken to be there at once, as no source says how long its sign-in lags behind.
        const { keyCredentials } = home.applications.seen(application.id, lagMs) ?? application;
        return { application: { ...application, keyCredentials }, home };
    }
    const text = `Application with identifier '${clientId}' was not found in the directory '${tenant.tenantId}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`;
    throw new SignInFault(400, "unauthorized_client", 700016, text);
}

function assertProof(call: TokenCall, form: URLSearchParams, { application, home }: SeenApplication): void {
    const assertion = form.get("client_assertion");
    if (assertion !== null) {
        if (form.get("client_assertion_type") !== ASSERTION_TYPE)
            required(new URLSearchParams(), "client_assertion_type");
        assertAssertion({ ...call, assertion, application });
        return;
    }
    const secret = form.get("client_secret");
    if (!secret) {
        const text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
        throw new SignInFault(401, "invalid_client", 7000218, text);
    }
    const matching = application.passwordCredentials.find(({ keyId }) => home.isSecret(keyId, secret));
    if (!matching) {
        const text = `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${application.appId}'.`;
        throw new SignInFault(401, "invalid_client", 7000215, text);
    }
    if (Date.parse(matching.endDateTime) < call.tenant.now()) {
        const text = `The provided client secret keys for app '${application.appId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`;
        throw new SignInFault(401, "invalid_client", 7000222, text);
    }
}

/** One resource with `/.default`: Graph, or an application that has a service principal in the tenant. */
function audienceOf(call: TokenCall, form: URLSearchParams): string {
    const scope = form.get("scope") ?? "";
    if (scope === "") {
        const text =
            "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope  is not valid.";
        throw new SignInFault(400, "invalid_scope", 70011, text);
    }
    const resource = /^(\S+)\/\.default$/.exec(scope)?.[1]?.replace(/\/$/, "");
    if (resource === undefined) {
        const text = `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`;
        throw new SignInFault(400, "invalid_scope", 1002012, text);
    }
    const { tenant, url } = call;
    if (resource === url || GRAPH_AUDIENCES.includes(resource)) return resource;
    const principal = tenant.servicePrincipals.find(({ appId }) => {
        const uris = backingApplication(call, appId)?.application.identifierUris ?? [];
        return appId === resource || uris.includes(resource);
    });
    if (principal) return principal.appId;
    const text = `The resource principal named ${resource} was not found in the tenant named ${tenant.tenantId}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`;
    throw new SignInFault(400, "invalid_resource", 500011, text);
}
