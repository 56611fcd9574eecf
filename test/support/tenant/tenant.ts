// An embedded tenant for tests, with an administrator's plain HTTPS requests to Graph for changes "by hand".
import { createHash, randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:https";

import { startEmulator, type Emulator, type EmulatorOptions } from "../../../emulator";

export type Json = Record<string, unknown>;

export interface Answer {
    readonly status: number;
    /** Parsed JSON, or the text of a page. */
    readonly body: unknown;
    readonly headers: IncomingHttpHeaders;
}

export class Tenant {
    private token: string | undefined;

    private constructor(
        readonly emulator: Emulator,
        readonly tenantId = emulator.tenantId,
    ) {}

    static async start(options: EmulatorOptions = {}): Promise<Tenant> {
        return new Tenant(await startEmulator(options));
    }

    /** Another tenant of the same emulator. */
    neighbour(tenantId: string): Tenant {
        return new Tenant(this.emulator, tenantId);
    }

    /** Environment variables for a deployment by the identity with the least permissions. */
    get env(): Record<string, string> {
        return this.emulator.env;
    }

    /** The same environment variables for another identity. */
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

    /** Sends a request as administrator. Throws if Graph refuses it. */
    async graph<T = Json>(method: string, path: string, body?: unknown): Promise<T> {
        const answer = await this.tryGraph(method, path, body);
        if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
        return answer.body as T;
    }

    async tryGraph(method: string, path: string, body?: unknown): Promise<Answer> {
        const attempt = async () => {
            this.token ??= await this.signIn();
            const url = `${this.emulator.url}/v1.0${path}`;
            const headers = { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json" };
            return this.send(method, url, headers, body === undefined ? undefined : JSON.stringify(body));
        };
        const answer = await attempt();
        if (answer.status !== 401) return answer;
        // The test moved the tenant's clock forward, so the token has expired.
        this.token = undefined;
        return attempt();
    }

    private async signIn(): Promise<string> {
        const { tenantId, clientId, clientSecret } = this.emulator.identity("admin", this.tenantId);
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
        if (answer.status !== 200) throw new Error(`admin sign-in: ${JSON.stringify(answer.body)}`);
        return (answer.body as { access_token: string }).access_token;
    }

    send(method: string, url: string, headers: Record<string, string>, body: string | undefined): Promise<Answer> {
        return new Promise((done, fail) => {
            const outgoing = request(url, { method, headers, ca: this.emulator.caPem }, (incoming) => {
                let text = "";
                incoming.on("data", (chunk: Buffer) => (text += chunk.toString()));
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

    /** HTTP requests to Graph since the log was cleared, without the administrators' own. */
    graphRequests() {
        const admins = this.emulator.tenantIds.map((id) => this.emulator.identity("admin", id).clientId);
        return this.emulator
            .requests()
            .filter(({ service, appId }) => service === "graph" && !admins.includes(appId ?? ""));
    }

    /** Writes among single requests and items of batches. */
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

/** Other people's entries on the portal's application. Their hash must never change. */
export interface ForeignEntries {
    hash(): Promise<string>;
}

/** Adds at least three foreign entries of each kind to the portal's application. */
export async function seedForeign(
    tenant: Tenant,
    appId: string,
    certificates: readonly string[],
): Promise<ForeignEntries> {
    const app = await tenant.application(appId);
    const scopes = ["Files.Read", "Files.Write", "Mail.Read"].map((value) => foreignScope(value));
    const roles = ["Reader", "Writer", "Auditor"].map((value) => ({
        id: randomUUID(),
        value,
        displayName: value,
        description: value,
        isEnabled: true,
        allowedMemberTypes: ["Application"],
    }));
    const uris = (name: string) => [1, 2, 3].map((n) => `https://${name}${n}.contoso.com/signin`);
    const resources = await Promise.all([1, 2, 3].map((n) => otherResource(tenant, `Other resource ${n}`)));
    await tenant.patchApplication(appId, {
        tags: [...app.tags, "team:backup", "cost:1234", "owner:contoso"],
        identifierUris: [...app.identifierUris, ...[1, 2, 3].map((n) => `api://${appId}/other${n}`).slice(0, 0)],
        api: { oauth2PermissionScopes: [...app.api.oauth2PermissionScopes, ...scopes] },
        appRoles: [...app.appRoles, ...roles],
        spa: { redirectUris: [...uris("spa"), ...app.spa.redirectUris] },
        web: { redirectUris: [...app.web.redirectUris, ...uris("web")] },
        publicClient: { redirectUris: [...app.publicClient.redirectUris, ...uris("native")] },
        requiredResourceAccess: [
            ...resources.map(({ appId: resourceAppId, scopeId }) => ({
                resourceAppId,
                resourceAccess: [{ id: scopeId, type: "Scope" }],
            })),
            ...app.requiredResourceAccess,
        ],
        keyCredentials: [
            ...app.keyCredentials,
            ...certificates.map((key) => ({
                key,
                type: "AsymmetricX509Cert",
                usage: "Verify",
                displayName: "Somebody else's",
            })),
        ],
    });
    for (const displayName of ["one", "two", "three"]) {
        await tenant.graph("POST", `/applications/${app.id}/addPassword`, { passwordCredential: { displayName } });
    }
    for (const { servicePrincipalId } of resources) {
        await tenant.graph("POST", `/applications/${app.id}/owners/$ref`, {
            "@odata.id": `${tenant.emulator.url}/v1.0/directoryObjects/${servicePrincipalId}`,
        });
    }
    const foreign = new Set([...scopes.map(({ id }) => id), ...roles.map(({ id }) => id)]);
    return { hash: () => hashForeign(tenant, appId, resources, foreign) };
}

function foreignScope(value: string): Scope {
    return {
        id: randomUUID(),
        value,
        type: "User",
        isEnabled: true,
        adminConsentDisplayName: value,
        adminConsentDescription: value,
        userConsentDisplayName: value,
        userConsentDescription: value,
    };
}

interface OtherResource {
    readonly appId: string;
    readonly scopeId: string;
    readonly servicePrincipalId: string;
}

/** Makes another application with a scope, as a target for permissions and consent of the portal's application. */
async function otherResource(tenant: Tenant, displayName: string): Promise<OtherResource> {
    const scope = foreignScope("Things.Read");
    const { appId } = await tenant.graph<Application>("POST", "/applications", {
        displayName,
        signInAudience: "AzureADMyOrg",
        api: { oauth2PermissionScopes: [scope] },
    });
    const { id } = await tenant.graph<ServicePrincipal>("POST", "/servicePrincipals", { appId });
    return { appId, scopeId: scope.id, servicePrincipalId: id };
}

/** Adds grants for other resources, beside the portal's two. The service principal must exist. */
export async function seedForeignGrants(tenant: Tenant, appId: string): Promise<void> {
    const { id: clientId } = await tenant.servicePrincipal(appId);
    const { requiredResourceAccess } = await tenant.application(appId);
    for (const { resourceAppId } of requiredResourceAccess) {
        if (resourceAppId === appId || resourceAppId.startsWith("00000003-")) continue;
        const { id: resourceId } = await tenant.servicePrincipal(resourceAppId);
        await tenant.graph("POST", "/oauth2PermissionGrants", {
            clientId,
            resourceId,
            consentType: "AllPrincipals",
            scope: "Things.Read",
        });
    }
}

async function hashForeign(
    tenant: Tenant,
    appId: string,
    resources: readonly OtherResource[],
    ids: ReadonlySet<string>,
): Promise<string> {
    const app = await tenant.application(appId);
    const { value: owners } = await tenant.graph<{ value: { id: string }[] }>("GET", `/applications/${app.id}/owners`);
    const resourceIds = new Set(resources.map(({ servicePrincipalId }) => servicePrincipalId));
    const others = new Set(resources.map((resource) => resource.appId));
    const granted = (await tenant.tryGraph("GET", `/servicePrincipals(appId='${appId}')/oauth2PermissionGrants`))
        .body as { value?: Grant[] };
    const foreign = {
        tags: app.tags.filter((tag) => !tag.startsWith("restore-portal")),
        uris: [app.spa, app.web, app.publicClient].map(({ redirectUris }) =>
            redirectUris.filter((uri) => uri.includes(".contoso.com/")),
        ),
        scopes: app.api.oauth2PermissionScopes.filter(({ id }) => ids.has(id)),
        roles: app.appRoles.filter(({ id }) => ids.has(id)),
        permissions: app.requiredResourceAccess.filter(({ resourceAppId }) => others.has(resourceAppId)),
        keys: app.keyCredentials.filter(({ displayName }) => displayName === "Somebody else's"),
        secrets: app.passwordCredentials,
        owners: owners.map(({ id }) => id).sort(),
        grants: (granted.value ?? []).filter(({ resourceId }) => resourceIds.has(resourceId)),
    };
    for (const [kind, entries] of Object.entries(foreign)) {
        const count =
            kind === "uris" ? Math.min(...(entries as unknown[][]).map((list) => list.length)) : entries.length;
        if (kind !== "grants" && count < 3) throw new Error(`foreign ${kind}: only ${count} are left`);
    }
    return createHash("sha256").update(JSON.stringify(foreign)).digest("hex");
}
