// Opens a signed-in session for one tenant: the caller, the caller's permissions, and the client for Graph.
import type { Region } from "../inputs/regions";
import { PortalError } from "../portalError";
import { assertSettings } from "../settings";
import { hasShape, listOf, object, optional, text } from "../shape";
import { clock } from "./clock";
import { cloudOf, type Cloud } from "./clouds";
import { readCredentials, tenantMismatch } from "./credentials";
import { discoverTenant } from "./discovery";
import { credentialsError, environmentOf, variableName, type Environment } from "./credentialVariables";
import { graphClient, type GraphClient } from "./graphClient";
import { middlewareChain, type TokenSource } from "./graphMiddleware";
import { loadingSignIn, tokenRequester } from "./tokens";

export interface EntraSettings {
    readonly region: string;
    /**
     * The tenant as GUID or verified domain. The credentials must belong to this tenant, unless `acrossTenants` is set.
     */
    readonly tenantId?: string | undefined;
    readonly credentials?: string | undefined;
    /**
     * `true`: the credentials may belong to another tenant. The application of the credentials must be multi-tenant,
     * and the tenant must have consented to that application. `tenantId` must be a GUID in lower case.
     */
    readonly acrossTenants?: boolean;
}

export interface Session {
    /** The tenant's GUID in lower case. The token contains this GUID in its claim `tid`. */
    readonly tenantId: string;
    /** The object id of the caller, which is a service principal or a user. */
    readonly callerObjectId: string;
    readonly callerAppId: string | undefined;
    /**
     * The Graph application permissions in the token. `undefined` for a user, because a user's rights depend on the
     * user's directory roles.
     */
    readonly permissions: ReadonlySet<string> | undefined;
    readonly cloud: Cloud;
    readonly graph: GraphClient;
}

const sessions = new Map<string, Promise<Session>>();

/** Returns one session per process for the same settings. A failed session is not kept. */
export function openSession(settings: EntraSettings): Promise<Session> {
    const { region, tenantId, credentials, acrossTenants } = settings;
    const key = JSON.stringify([region, tenantId?.toLowerCase(), credentials, acrossTenants]);
    let session = sessions.get(key);
    if (!session) {
        session = open(settings);
        sessions.set(key, session);
        session.catch(() => sessions.delete(key));
    }
    return session;
}

async function open(settings: EntraSettings): Promise<Session> {
    assertSettings();
    const environment = environmentOf(settings.credentials);
    const { cloud, home } = await loadingSignIn(placeOf(settings, environment));
    const { getToken, graph } = await connection(environment, cloud, home);
    const claims = claimsOf(await getToken());
    assertSame(claims.tid, home);
    return {
        tenantId: home,
        callerObjectId: claims.oid,
        callerAppId: claims.appid ?? claims.azp,
        permissions: claims.scp === undefined ? new Set(claims.roles ?? []) : undefined,
        cloud,
        graph,
    };
}

async function placeOf(settings: EntraSettings, environment: Environment): Promise<{ cloud: Cloud; home: string }> {
    const cloud = await cloudOf(settings.region as Region, environment);
    if (settings.acrossTenants === true) return { cloud, home: settings.tenantId ?? "" };
    return { cloud, home: await homeOf(settings, environment) };
}

/**
 * Returns the GUID of the tenant in which to sign in. Throws if the tenant of the credentials is not the tenant of the
 * resource.
 */
async function homeOf({ region, tenantId, credentials }: EntraSettings, environment: Environment): Promise<string> {
    const { tenantId: ownTenant } = readCredentials(environment);
    const tenant = ownTenant ?? tenantId;
    if (tenant === undefined) {
        const names = ["AZURE_TENANT_ID", "ARM_TENANT_ID"].map((name) => variableName(environment, name));
        throw credentialsError(`no tenant is set; set ${names.join(" or ")}, or the input tenantId in the program`);
    }
    const discover = async (one: string) => (await discoverTenant(one, region as Region, { credentials })).tenantId;
    // The tenants are compared before the sign-in, so that no credentials are sent if the tenants differ.
    const home = await discover(tenant);
    if (tenantId !== undefined && ownTenant !== undefined) assertSame(home, await discover(tenantId));
    return home;
}

function assertSame(credentialsTenant: string, resourceTenant: string): void {
    if (credentialsTenant.toLowerCase() === resourceTenant.toLowerCase()) return;
    throw tenantMismatch(credentialsTenant, resourceTenant);
}

interface Claims {
    readonly tid: string;
    readonly oid: string;
    readonly appid?: string;
    readonly azp?: string;
    readonly roles?: readonly string[];
    /** The delegated permissions. Only a user's token has them. */
    readonly scp?: string;
}

const someClaims = object({
    tid: text,
    oid: text,
    appid: optional(text),
    azp: optional(text),
    roles: optional(listOf(text)),
    scp: optional(text),
});

function claimsOf(token: string): Claims {
    const claims = parsed(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    if (hasShape<Claims>(claims, someClaims)) return claims;
    throw new PortalError(
        "ERR_CREDENTIALS",
        "signing in: the token service returned an access token that is not readable; check whether a proxy changes the answers of the token service",
    );
}

function parsed(json: string): unknown {
    try {
        return JSON.parse(json) as unknown;
    } catch {
        return undefined;
    }
}

/** A token is renewed this long before it expires, so that it does not expire while a request uses it. */
const RENEW_BEFORE_MS = 5 * 60 * 1000;

interface Connection {
    readonly getToken: TokenSource;
    readonly graph: GraphClient;
}

const connections = new Map<string, Promise<Connection>>();

/** Sessions with the same tenant and credentials share one connection, even if only some resources name the tenant. */
function connection(environment: Environment, cloud: Cloud, tenantId: string): Promise<Connection> {
    const key = JSON.stringify([environment.prefix, cloud.loginUrl, cloud.graphUrl, tenantId]);
    const known = connections.get(key) ?? connect(environment, cloud, tenantId);
    connections.set(key, known);
    return known;
}

async function connect(environment: Environment, cloud: Cloud, tenantId: string): Promise<Connection> {
    const getToken = await cachedTokens(environment, cloud, tenantId);
    return { getToken, graph: graphClient(cloud.graphUrl, middlewareChain(getToken)) };
}

/**
 * All requests share one token. Callers that need a token at the same moment share one token request, also after Graph
 * has rejected their token.
 */
async function cachedTokens(environment: Environment, cloud: Cloud, tenantId: string): Promise<TokenSource> {
    const request = await tokenRequester(environment, cloud, tenantId);
    let current: Promise<string> | undefined;
    let known: { token: string; expiresOn: number } | undefined;
    return (refusal) => {
        const isRejected = refusal !== undefined && refusal.rejected === known?.token;
        const isEnding = known !== undefined && clock.now().getTime() >= known.expiresOn - RENEW_BEFORE_MS;
        if (isRejected || isEnding) current = undefined;
        if (current) return current;
        known = undefined;
        const pending = request(refusal?.claims).then((answer) => {
            known = answer;
            return answer.token;
        });
        current = pending;
        pending.catch(() => (current = undefined));
        return pending;
    };
}

/** Returns whether a sign-in fails because credentials are missing or were refused. */
export async function isSignedOut(signIn: () => Promise<unknown>): Promise<boolean> {
    try {
        await signIn();
        return false;
    } catch (error) {
        if (!(error instanceof PortalError)) throw error;
        return error.code === "ERR_CREDENTIALS";
    }
}
