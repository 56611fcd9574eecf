// The sign-in host: discovery documents, keys and the token endpoint. And the cloud's metadata, which needs no tenant.
import type { Answer } from "./context";
import { instanceDiscovery, metadataEndpoints, openidConfiguration } from "./discovery";
import { faultAnswer, sleep } from "./graphService";
import type { LoggedRequest } from "./requestLog";
import { signInErrorBody, SignInFault, unknownTenant } from "./signInError";
import type { Tenant } from "./tenant";
import type { World } from "./world";

export interface LoginRequest {
    readonly method: string;
    readonly path: string;
    readonly query: URLSearchParams;
    readonly authorization: string | undefined;
    readonly text: string;
}

const MULTI_TENANT = ["common", "organizations"];

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
        return answer(world, request, logged);
    } catch (error) {
        if (!(error instanceof SignInFault)) throw error;
        return { status: error.status, body: signInErrorBody(error, new Date(world.now())) };
    }
}

function answer(world: World, request: LoginRequest, logged: LoggedRequest): Answer {
    const { method, path, query } = request;
    if (method === "GET" && path === "/metadata/endpoints") {
        return { status: 200, body: metadataEndpoints(world.url, world.region, query.get("api-version")) };
    }
    if (method === "GET" && path === "/common/discovery/instance")
        return { status: 200, body: instanceDiscovery(world.url) };
    const [, name = "", rest = ""] = /^\/([^/]+)(\/.*)$/.exec(path) ?? [];
    const key = `${method} ${rest}`;
    if (key === "GET /v2.0/.well-known/openid-configuration") {
        const tenantId = MULTI_TENANT.includes(name) ? "{tenantid}" : tenantOf(world, name, "invalid_tenant").tenantId;
        return { status: 200, body: openidConfiguration(world.url, tenantId, world.region) };
    }
    if (key === "GET /discovery/v2.0/keys") return { status: 200, body: world.tokens.jwks() };
    if (key === "POST /oauth2/v2.0/token") return token(world, request, logged, name);
    return { status: 404, body: { error: "not_found", error_description: `No such page: ${path}` } };
}

function tenantOf(world: World, name: string, error: "invalid_tenant" | "invalid_request"): Tenant {
    const tenant = world.findTenant(decodeURIComponent(name));
    if (tenant) return tenant;
    throw unknownTenant(name, error);
}

function token(world: World, { text, authorization }: LoginRequest, logged: LoggedRequest, name: string): Answer {
    if (MULTI_TENANT.includes(name)) {
        const words =
            "The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.";
        throw new SignInFault(400, "invalid_request", 9001023, words);
    }
    const tenant = tenantOf(world, name, "invalid_request");
    const form = new URLSearchParams(text);
    logged.tenantId = tenant.tenantId;
    const clientId = form.get("client_id");
    if (clientId !== null) logged.appId = clientId;
    return {
        status: 200,
        body: world.tokens.answer({
            tenant,
            tenants: world.tenants,
            form,
            authorization,
            url: world.url,
            lagMs: world.replication.next().behind("signIn"),
        }),
    };
}
