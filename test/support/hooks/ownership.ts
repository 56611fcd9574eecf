// Changes the embedded tenant for tests of ownership: makes Entra refuse writes of the deployment, or makes changes as
// somebody else between requests of the deployment.
import { randomUUID } from "node:crypto";

import type { Control } from "../../../emulator/control";
import type { Scope, TestTenant } from "../tenant/testTenant";

export const ENTERPRISE = "WindowsAzureActiveDirectoryIntegratedApp";

export interface Refusal {
    readonly status: number;
    readonly code: string;
    readonly message: string;
}

export const DENIED: Refusal = {
    status: 403,
    code: "Authorization_RequestDenied",
    message: "Insufficient privileges to complete the operation.",
};
export const INVALID: Refusal = {
    status: 400,
    code: "CredentialInvalidLifetimeAsPerAppPolicy",
    message: "Credential lifetime exceeds the max value allowed as per assigned policy.",
};

interface World {
    readonly tenant: TestTenant;
    readonly control: Control;
}

const deployerOf = (tenant: TestTenant) => tenant.emulator.identity("deployer").clientId;

/** Makes Entra refuse these writes of the deployment until the test clears the faults. */
export function refuse(
    { tenant, control }: World,
    { method, path }: { readonly method: string; readonly path: string },
    refusal: Refusal = DENIED,
): void {
    control.addFault({ method, path, count: 999, appId: deployerOf(tenant), ...refusal });
}

/** The n-th write with this method to this kind of object. Ids are not used, because they differ between runs. */
export interface NthWrite {
    readonly method: string;
    readonly path: string;
    readonly skip: number;
}

/** Returns each write of the log in the form of a fault, which then matches the same write of another run. */
export function writesInLog(tenant: TestTenant): NthWrite[] {
    const kinds = tenant.writes().map(({ method, path }) => ({ method, path: /^\/\w+/.exec(path)?.[0] ?? path }));
    return kinds.map(({ method, path }, index) => {
        const earlier = kinds.slice(0, index).filter((one) => one.method === method && one.path === path);
        return { method, path, skip: earlier.length };
    });
}

export const applicationPath = (appId: string) => `/applications(appId='${appId}')`;

/**
 * Immediately before each batch of the deployment, adds the next of these entries as somebody else, until all are
 * added. Returns the list of the added entries, which grows during the deployment.
 */
export function addBeforeEachRequest(
    { tenant, control }: World,
    entries: readonly string[],
    add: (entry: string) => Promise<unknown>,
): string[] {
    const added: string[] = [];
    control.addFault({
        level: "request",
        path: "/$batch",
        appId: deployerOf(tenant),
        count: entries.length,
        meanwhile: async () => {
            const entry = entries[added.length];
            if (entry === undefined) return;
            added.push(entry);
            await add(entry);
        },
    });
    return added;
}

/** Adds redirect URIs of the owner to the platform Single-page application. */
export async function addRedirectUris(tenant: TestTenant, appId: string, ...uris: readonly string[]): Promise<void> {
    const { spa } = await tenant.application(appId);
    await tenant.patchApplication(appId, { spa: { redirectUris: [...spa.redirectUris, ...uris] } });
}

export async function addTags(tenant: TestTenant, appId: string, ...tags: readonly string[]): Promise<void> {
    const application = await tenant.application(appId);
    await tenant.patchApplication(appId, { tags: [...application.tags, ...tags] });
}

/** Acts as the application's owner, and creates the service principal. Returns the object id. */
export async function servicePrincipalByHand(
    tenant: TestTenant,
    appId: string,
    more: Record<string, unknown> = {},
): Promise<string> {
    const body = { appId, tags: [ENTERPRISE], ...more };
    return (await tenant.graph<{ id: string }>("POST", "/servicePrincipals", body)).id;
}

export async function patchServicePrincipal(
    tenant: TestTenant,
    appId: string,
    body: Record<string, unknown>,
): Promise<unknown> {
    return tenant.graph("PATCH", `/servicePrincipals(appId='${appId}')`, body);
}

/** Returns the key credential that an owner adds for a certificate in PEM. */
export function keyCredentialOf(certificatePem: string, more: Record<string, unknown> = {}): Record<string, unknown> {
    const key = certificatePem.replace(/-----[^-]+-----|\s/g, "");
    return { type: "AsymmetricX509Cert", usage: "Verify", key, ...more };
}

export const scopeOfTheirs = (more: Partial<Scope> = {}): Scope => ({
    id: randomUUID(),
    value: "access_as_user",
    type: "User",
    isEnabled: true,
    adminConsentDisplayName: "Theirs",
    adminConsentDescription: "Theirs",
    ...more,
});

/** Acts as the application's owner: removes all scopes, even the portal's, and adds a new scope `access_as_user`. */
export async function replaceScope(tenant: TestTenant, appId: string): Promise<Scope> {
    const { api } = await tenant.application(appId);
    const disabled = api.oauth2PermissionScopes.map((one) => ({ ...one, isEnabled: false }));
    await tenant.patchApplication(appId, { api: { oauth2PermissionScopes: disabled } });
    const scope = scopeOfTheirs();
    await tenant.patchApplication(appId, { api: { oauth2PermissionScopes: [scope] } });
    return scope;
}

/** Returns the writes of the deployment that Entra carried out. */
export function acceptedWrites(tenant: TestTenant): unknown[] {
    return tenant.writes().filter((write) => "status" in write && Number(write.status) < 400);
}
