// Runs the sign-in host: discovery documents, keys, the pages for users, and the endpoints for tokens and device codes.
// Also answers requests for the cloud's metadata, for OpenID Connect's userinfo, and for Azure's management API. These
// requests name no tenant.
import type { Answer } from "../context";
import { answerManagement, isManagement } from "../management";
import { authorityOf } from "./authority";
import { metadataEndpoints, openidConfiguration, openidConfigurationV1 } from "./discovery";
import { answerDeviceCode, devicePage } from "./deviceCode";
import { instanceDiscovery } from "./instanceDiscovery";
import { faultAnswer, sleep } from "../graphService";
import { isGuid } from "../guids";
import type { LoggedRequest } from "../requestLog";
import type { Tenant } from "../tenant";
import type { World } from "../world";
import { adminConsent } from "./adminConsent";
import { authorize } from "./authorize";
import { malformedTenant, signInErrorBody, SignInFault, unknownTenant } from "./signInError";
import { faultPage } from "./signInPages";
import type { BrowserCall } from "./signInRequest";
import { signOut } from "./signOut";
import { answerToken, decoded, withResource } from "./tokenEndpoint";
import { answerUserInfo } from "./userInfo";

export interface LoginRequest {
    readonly method: string;
    readonly path: string;
    readonly query: URLSearchParams;
    readonly authorization: string | undefined;
    readonly origin: string | undefined;
    readonly cookie: string | undefined;
    readonly host: string | undefined;
    readonly text: string;
}

const MULTI_TENANT = ["common", "organizations"];
// This header allows pages of other hosts to read an answer, also an error.
const CORS = { "access-control-allow-origin": "*" };

export async function answerLogin(
    world: World,
    request: LoginRequest,
    logged: LoggedRequest,
): Promise<Answer | undefined> {
    const fault = world.faults.take({
        service: logged.service,
        method: request.method,
        path: request.path,
        level: "request",
        appId: undefined,
    });
    if (fault?.hangMs !== undefined) await sleep(fault.hangMs);
    if (fault?.drop === true) return undefined;
    if (fault?.status !== undefined) return faultAnswer(world, fault, undefined);
    try {
        return await answer(world, request, logged);
    } catch (error) {
        if (!(error instanceof SignInFault)) throw error;
        return { status: error.status, body: signInErrorBody(error, new Date(world.now())), headers: CORS };
    }
}

async function answer(world: World, request: LoginRequest, logged: LoggedRequest): Promise<Answer> {
    const { method, query } = request;
    // Some clients join a host that ends with a slash and a path that begins with a slash. So several slashes at the
    // start of a path count as one.
    const path = request.path.replace(/^\/+/, "/");
    if (method === "GET" && path === "/metadata/endpoints") {
        return { status: 200, body: metadataEndpoints(world.url, world.region, query.get("api-version")) };
    }
    if (method === "GET" && path === "/common/discovery/instance")
        return { status: 200, body: instanceDiscovery(world.url, query.get("authorization_endpoint")), headers: CORS };
    if (path === "/oidc/userinfo") return answerUserInfo(world, request.authorization);
    if (method === "GET" && isManagement(path)) return answerManagement(world, path, request.authorization);
    const [, name = "", rest = ""] = /^\/([^/]+)(\/.*)$/.exec(path) ?? [];
    const route = ROUTES[`${method} ${rest}`];
    if (route) return route({ world, request, logged, name: decoded(name) });
    return { status: 404, body: { error: "not_found", error_description: `No such page: ${path}` } };
}

interface Routed {
    readonly world: World;
    readonly request: LoginRequest;
    readonly logged: LoggedRequest;
    /** The part of the path that names the tenant: an id, a domain, `common` or `organizations`. */
    readonly name: string;
}

const ROUTES: Readonly<Record<string, (routed: Routed) => Answer | Promise<Answer>>> = {
    "GET /v2.0/.well-known/openid-configuration": (routed) => discover(routed, openidConfiguration),
    "GET /.well-known/openid-configuration": (routed) => discover(routed, openidConfigurationV1),
    "GET /discovery/keys": ({ world }) => ({ status: 200, body: world.keys.jwks(), headers: CORS }),
    "GET /discovery/v2.0/keys": ({ world }) => ({ status: 200, body: world.keys.jwks(), headers: CORS }),
    "GET /oauth2/authorize": (routed) => browse(routed, withResource(routed.request.query), authorize),
    "GET /oauth2/v2.0/authorize": (routed) => browse(routed, routed.request.query, authorize),
    "POST /oauth2/v2.0/authorize": (routed) => browse(routed, new URLSearchParams(routed.request.text), authorize),
    "GET /adminconsent": (routed) => browse(routed, routed.request.query, adminConsent),
    "GET /v2.0/adminconsent": (routed) => browse(routed, routed.request.query, adminConsent),
    "GET /oauth2/logout": (routed) => browse(routed, routed.request.query, signOut),
    "GET /oauth2/v2.0/logout": (routed) => browse(routed, routed.request.query, signOut),
    "POST /oauth2/devicecode": deviceCode,
    "POST /oauth2/v2.0/devicecode": deviceCode,
    "GET /oauth2/deviceauth": (routed) => browse(routed, routed.request.query, devicePage),
    "POST /oauth2/token": async (routed) => versionOne(routed, await token(routed)),
    "POST /oauth2/v2.0/token": token,
    "OPTIONS /oauth2/v2.0/token": () => ({
        status: 200,
        headers: { ...CORS, "access-control-allow-methods": "POST, OPTIONS", "access-control-allow-headers": "*" },
    }),
};

function discover({ world, request, name }: Routed, document: typeof openidConfiguration): Answer {
    const tenantId = tenantOf(world, name, "invalid_tenant")?.tenantId;
    const authority = authorityOf(world, request.host);
    // If the client uses Microsoft's own host names, the document names Graph's own host too.
    const graphHost = authority === world.url ? new URL(world.url).host : "graph.microsoft.com";
    const named = { authority, graphHost, tenantId, name, region: world.region };
    return { status: 200, body: document(named), headers: CORS };
}

/** Returns `undefined` at `/common` and `/organizations`, which accept any tenant. */
function tenantOf(world: World, name: string, error: "invalid_tenant" | "invalid_request"): Tenant | undefined {
    if (MULTI_TENANT.includes(name)) return undefined;
    const tenant = world.findTenant(name);
    if (tenant) return tenant;
    throw name.includes(".") || isGuid(name) ? unknownTenant(name, error) : malformedTenant(name);
}

/** Answers a browser. Shows an error on a page, and not as JSON. */
function browse(
    { world, request, logged, name }: Routed,
    params: URLSearchParams,
    page: (call: BrowserCall) => Answer,
): Answer {
    noteClient(logged, params);
    try {
        const tenant = tenantOf(world, name, "invalid_request");
        if (tenant) logged.tenantId = tenant.tenantId;
        return page({ world, tenant, params, cookie: request.cookie });
    } catch (fault) {
        if (fault instanceof SignInFault) return faultPage(fault, new Date(world.now()));
        throw fault;
    }
}

async function token({ world, request, logged, name }: Routed): Promise<Answer> {
    noteClient(logged, new URLSearchParams(request.text));
    const tenant = tenantOf(world, name, "invalid_request");
    if (tenant) logged.tenantId = tenant.tenantId;
    return { status: 200, body: await answerToken(world, tenant, request), headers: CORS };
}

/**
 * Version 1 of the token endpoint returns numbers as text. It also returns `expires_on`, `not_before` and the
 * `resource` of the request.
 */
function versionOne({ world, request }: Routed, answer: Answer): Answer {
    const { expires_in: seconds, ...body } = answer.body as {
        readonly expires_in: number;
        readonly ext_expires_in: number;
    };
    const now = Math.floor(world.now() / 1000);
    const times = {
        expires_in: String(seconds),
        ext_expires_in: String(seconds),
        expires_on: String(now + seconds),
        not_before: String(now),
    };
    const resource = new URLSearchParams(request.text).get("resource");
    return { ...answer, body: { ...body, ...times, ...(resource === null ? {} : { resource }) } };
}

function deviceCode({ world, request, logged, name }: Routed): Answer {
    const form = new URLSearchParams(request.text);
    noteClient(logged, form);
    const tenant = tenantOf(world, name, "invalid_request");
    if (tenant) logged.tenantId = tenant.tenantId;
    return { status: 200, body: answerDeviceCode(world, tenant, form), headers: CORS };
}

function noteClient(logged: LoggedRequest, params: URLSearchParams): void {
    const clientId = params.get("client_id");
    if (clientId !== null) logged.appId = clientId;
}
