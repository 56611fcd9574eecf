// Starts an embedded tenant for tests. To make a change by hand, a test sends a plain HTTPS request to Graph, usually as
// an administrator.
import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:https";

import { startEmulator, type Emulator, type EmulatorOptions, type Identity, type UserSession } from "../../../emulator";

export type Json = Record<string, unknown>;

export interface Answer {
    readonly status: number;
    /** The parsed JSON, or the text of a page. `undefined`: the answer is empty. */
    readonly body: unknown;
    readonly headers: IncomingHttpHeaders;
}

/** Either a person who uses one of Microsoft's clients, or an application. Both can have a `User-Agent`. */
export type Actor = { readonly userAgent?: string } & (Omit<UserSession, "scopes"> | Identity);

/** The permissions of an administrator in the Azure portal. */
const EVERYTHING = [
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "AuditLog.Read.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Directory.Read.All",
    "Group.ReadWrite.All",
    "User.ReadWrite.All",
];

export class TestTenant {
    private token: string | undefined;

    private constructor(
        readonly emulator: Emulator,
        readonly tenantId = emulator.tenantId,
        private readonly actor?: Actor,
    ) {}

    static async start(options: EmulatorOptions = {}): Promise<TestTenant> {
        return new TestTenant(await startEmulator(options));
    }

    /** Returns another tenant of the same emulator. */
    neighbour(tenantId: string): TestTenant {
        return new TestTenant(this.emulator, tenantId);
    }

    /** Returns the same tenant, with another actor instead of the administrator. */
    actingAs(actor: Actor): TestTenant {
        return new TestTenant(this.emulator, this.tenantId, actor);
    }

    /** Returns the environment variables for a deployment by the identity with the least permissions. */
    get env(): Record<string, string> {
        return this.emulator.env;
    }

    /** Returns the environment variables for a deployment by this identity. */
    envOf(identity: { tenantId: string; clientId: string; clientSecret: string }): Record<string, string> {
        return {
            ...this.emulator.env,
            AZURE_TENANT_ID: identity.tenantId,
            AZURE_CLIENT_ID: identity.clientId,
            AZURE_CLIENT_SECRET: identity.clientSecret,
        };
    }

    close(): Promise<void> {
        return this.emulator.close();
    }

    /** Sends a request as the tenant's actor, by default an administrator. Throws if Graph refuses the request. */
    async graph<T = Json>(method: string, path: string, body?: unknown): Promise<T> {
        const answer = await this.tryGraph(method, path, body);
        if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
        return answer.body as T;
    }

    async tryGraph(method: string, path: string, body?: unknown): Promise<Answer> {
        const attempt = async () => {
            this.token ??= await this.signIn();
            const url = `${this.emulator.url}/v1.0${path}`;
            const agent = this.actor?.userAgent;
            const headers = {
                Authorization: `Bearer ${this.token}`,
                "Content-Type": "application/json",
                ...(agent === undefined ? {} : { "User-Agent": agent }),
            };
            return this.send(method, url, headers, body === undefined ? undefined : JSON.stringify(body));
        };
        const answer = await attempt();
        if (answer.status !== 401) return answer;
        // The token has expired, because the test moved the tenant's clock forward. So the request needs a new token.
        this.token = undefined;
        return attempt();
    }

    private async signIn(): Promise<string> {
        const { actor } = this;
        if (actor && "userId" in actor) return this.emulator.control.userToken({ ...actor, scopes: EVERYTHING });
        const identity = actor ?? this.emulator.identity("admin", this.tenantId);
        const { tenantId, clientId, clientSecret } = identity;
        const form = new URLSearchParams({
            grant_type: "client_credentials",
            client_id: clientId,
            client_secret: clientSecret,
            scope: `${this.emulator.url}/.default`,
        });
        const url = `${this.emulator.url}/${tenantId}/oauth2/v2.0/token`;
        const answer = await this.send(
            "POST",
            url,
            { "Content-Type": "application/x-www-form-urlencoded" },
            form.toString(),
        );
        if (answer.status !== 200) throw new Error(`signing in to the tenant: ${JSON.stringify(answer.body)}`);
        return (answer.body as { access_token: string }).access_token;
    }

    send(
        method: string,
        url: string,
        headers: Record<string, string>,
        body: string | Buffer | undefined,
    ): Promise<Answer> {
        return new Promise((done, fail) => {
            const outgoing = request(url, { method, headers, ca: this.emulator.caPem }, (incoming) => {
                let text = "";
                // A character may arrive in two pieces, so the stream decodes the text.
                incoming.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
                incoming.on("end", () => {
                    const { statusCode: status = 0, headers: received } = incoming;
                    const isPage = received["content-type"]?.startsWith("text/html") === true;
                    const content = text === "" || isPage ? text || undefined : (JSON.parse(text) as unknown);
                    done({ status, body: content, headers: received });
                });
                incoming.on("error", fail);
            });
            outgoing.on("error", fail);
            outgoing.end(body);
        });
    }

    application(appId: string): Promise<Application> {
        return this.graph<Application>("GET", `/applications(appId='${appId}')`);
    }

    patchApplication(appId: string, body: Json): Promise<Json> {
        return this.graph("PATCH", `/applications(appId='${appId}')`, body);
    }

    servicePrincipal(appId: string): Promise<ServicePrincipal> {
        return this.graph<ServicePrincipal>("GET", `/servicePrincipals(appId='${appId}')`);
    }

    async grants(appId: string): Promise<Grant[]> {
        const path = `/servicePrincipals(appId='${appId}')/oauth2PermissionGrants`;
        return (await this.graph<{ value: Grant[] }>("GET", path)).value;
    }

    async applications(): Promise<Application[]> {
        return (await this.graph<{ value: Application[] }>("GET", "/applications?$top=999")).value;
    }

    /** Returns the HTTP requests to Graph since the log was cleared, except the administrator's own requests. */
    graphRequests() {
        const admins = this.emulator.tenantIds.map((id) => this.emulator.identity("admin", id).clientId);
        return this.emulator
            .requests()
            .filter(({ service, appId }) => service === "graph" && !admins.includes(appId ?? ""));
    }

    /** Returns the writes among single requests and items of batches. */
    writes(): { method: string; path: string; body?: unknown }[] {
        const single = this.graphRequests().flatMap<{ method: string; path: string; body?: unknown }>((entry) =>
            entry.path.includes("/$batch") ? (entry.items ?? []) : [entry],
        );
        return single.filter(({ method }) => method !== "GET");
    }

    clearLog(): void {
        this.emulator.control.clearRequests();
    }
}

export interface Application extends Json {
    id: string;
    appId: string;
    displayName: string;
    signInAudience: string;
    identifierUris: string[];
    tags: string[];
    api: { oauth2PermissionScopes: Scope[] } & Json;
    appRoles: (Json & { id: string })[];
    spa: { redirectUris: string[] };
    web: { redirectUris: string[]; implicitGrantSettings: Json } & Json;
    publicClient: { redirectUris: string[] };
    requiredResourceAccess: { resourceAppId: string; resourceAccess: { id: string; type: string }[] }[];
    keyCredentials: (Json & { keyId: string; customKeyIdentifier: string })[];
    passwordCredentials: (Json & { keyId: string })[];
}

export interface Scope extends Json {
    id: string;
    value: string;
    isEnabled: boolean;
}

export interface ServicePrincipal extends Json {
    id: string;
    accountEnabled: boolean;
    appRoleAssignmentRequired: boolean;
    tags: string[];
}

export interface Grant extends Json {
    id: string;
    clientId: string;
    resourceId: string;
    consentType: string;
    scope: string;
}
