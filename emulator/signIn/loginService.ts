// Runs the sign-in host: discovery documents, keys, the pages for users and the token endpoint. It also has the cloud's
// metadata, which belongs to no tenant.
import type { Answer } from "../context";
import { answerManagement, isManagement } from "../management";
import { authorityOf } from "./authority";
import { instanceDiscovery, metadataEndpoints, openidConfiguration, openidConfigurationV1 } from "./discovery";
import { faultAnswer, sleep } from "../graphService";
import type { LoggedRequest } from "../requestLog";
import type { Tenant } from "../tenant";
import type { World } from "../world";
import { adminConsent } from "./adminConsent";
import { authorize } from "./authorize";
import { signInErrorBody, SignInFault, unknownTenant } from "./signInError";
import { faultPage } from "./signInPages";
import type { BrowserCall } from "./signInRequest";
import { signOut } from "./signOut";
import { answerToken } from "./tokenEndpoint";

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
// A page of another host may read these answers and their errors.
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
    // Some clients join a host that ends with a slash and a path that begins with one.
    const path = request.path.replace(/^\/+/, "/");
    if (method === "GET" && path === "/metadata/endpoints") {
        return { status: 200, body: metadataEndpoints(world.url, world.region, query.get("api-version")) };
    }
    if (method === "GET" && path === "/common/discovery/instance")
        return { status: 200, body: instanceDiscovery(world.url), headers: CORS };
    if (method === "GET" && isManagement(path)) return answerManagement(world, path, request.authorization);
    const [, name = "", rest = ""] = /^\/([^/]+)(\/.*)$/.exec(path) ?? [];
    const route = ROUTES[`${method} ${rest}`];
    if (route) return route({ world, request, logged, name: decodeURIComponent(name) });
    return { status: 404, body: { error: "not_found", error_description: `No such page: ${path}` } };
}

interface Routed {
    readonly world: World;
    readonly request: LoginRequest;
    readonly logged: LoggedRequest;
    /** The name of the tenant, as the path gives it. */
    readonly name: string;
}

const ROUTES: Readonly<Record<string, (routed: Routed) => Answer | Promise<Answer>>> = {
    "GET /v2.0/.well-known/openid-configuration": (routed) => discover(routed, openidConfiguration),
    "GET /.well-known/openid-configuration": (routed) => discover(routed, openidConfigurationV1),
    "GET /discovery/keys": ({ world }) => ({ status: 200, body: world.keys.jwks(), headers: CORS }),
    "GET /discovery/v2.0/keys": ({ world }) => ({ status: 200, body: world.keys.jwks(), headers: CORS }),
    "GET /oauth2/v2.0/authorize": (routed) => browse(routed, routed.request.query, authorize),
    "POST /oauth2/v2.0/authorize": (routed) => browse(routed, new URLSearchParams(routed.request.text), authorize),
    "GET /adminconsent": (routed) => browse(routed, routed.request.query, adminConsent),
    "GET /v2.0/adminconsent": (routed) => browse(routed, routed.request.query, adminConsent),
    "GET /oauth2/logout": (routed) => browse(routed, routed.request.query, signOut),
    "GET /oauth2/v2.0/logout": (routed) => browse(routed, routed.request.query, signOut),
    "POST /oauth2/token": token,
    "POST /oauth2/v2.0/token": token,
    "OPTIONS /oauth2/v2.0/token": () => ({
        status: 200,
        headers: { ...CORS, "access-control-allow-methods": "POST, OPTIONS", "access-control-allow-headers": "*" },
    }),
};

function discover({ world, request, name }: Routed, document: typeof openidConfiguration): Answer {
    const tenantId = tenantOf(world, name, "invalid_tenant")?.tenantId ?? "{tenantid}";
    const authority = authorityOf(world, request.host);
    // If the client uses Microsoft's own host names, Graph has its own host name too.
    const graphHost = authority === world.url ? new URL(world.url).host : "graph.microsoft.com";
    return { status: 200, body: document({ authority, graphHost, tenantId, region: world.region }), headers: CORS };
}

/** Returns `undefined` at /common and /organizations, which accept any tenant. */
function tenantOf(world: World, name: string, error: "invalid_tenant" | "invalid_request"): Tenant | undefined {
    if (MULTI_TENANT.includes(name)) return undefined;
    const tenant = world.findTenant(name);
    if (tenant) return tenant;
    throw unknownTenant(name, error);
}

/** Shows an error to the user on a page. */
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

function noteClient(logged: LoggedRequest, params: URLSearchParams): void {
    const clientId = params.get("client_id");
    if (clientId !== null) logged.appId = clientId;
}
