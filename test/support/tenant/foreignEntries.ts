// Adds entries of other people to the portal's application. The provider must never change them.
import { createHash, randomUUID } from "node:crypto";

import { asSets } from "./portals";
import type { Application, Grant, Scope, ServicePrincipal, TestTenant } from "./testTenant";

/** The entries of other people on the portal's application. Their hash, which ignores order, must never change. */
export interface ForeignEntries {
    hash(options?: GrantsOfOthers): Promise<string>;
}

/**
 * `isWithGrants: false`: leaves out the grants of others. If the portal's service principal is deleted, these grants
 * are deleted too. Default: true.
 */
export interface GrantsOfOthers {
    readonly isWithGrants?: boolean;
}

/** Only others grant this scope. */
export const FOREIGN_SCOPE = "Things.Read";

/** Only others add Application ID URIs whose last part starts with this text. */
export const FOREIGN_URI = "other";

/**
 * Adds foreign entries to the portal's application: these certificates, and three entries of each other kind (tags,
 * scopes, app roles, Application ID URIs, redirect URIs per platform, permissions, client secrets and owners).
 */
export async function seedForeign(
    tenant: TestTenant,
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
        identifierUris: [...app.identifierUris, ...[1, 2, 3].map((n) => `api://${appId}/${FOREIGN_URI}${n}`)],
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
    return { hash: (options) => hashForeign(tenant, appId, resources, foreign, options) };
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

/** Makes another application with a scope. Permissions and consent of the portal's application refer to it. */
async function otherResource(tenant: TestTenant, displayName: string): Promise<OtherResource> {
    const scope = foreignScope(FOREIGN_SCOPE);
    const { appId } = await tenant.graph<Application>("POST", "/applications", {
        displayName,
        signInAudience: "AzureADMyOrg",
        api: { oauth2PermissionScopes: [scope] },
    });
    const { id } = await tenant.graph<ServicePrincipal>("POST", "/servicePrincipals", { appId });
    return { appId, scopeId: scope.id, servicePrincipalId: id };
}

/**
 * Adds a grant of others for each required resource except the portal and Graph. The portal's service principal must
 * exist.
 */
export async function seedForeignGrants(tenant: TestTenant, appId: string): Promise<void> {
    const { id: clientId } = await tenant.servicePrincipal(appId);
    const { requiredResourceAccess } = await tenant.application(appId);
    for (const { resourceAppId } of requiredResourceAccess) {
        if (resourceAppId === appId || resourceAppId.startsWith("00000003-")) continue;
        const { id: resourceId } = await tenant.servicePrincipal(resourceAppId);
        await tenant.graph("POST", "/oauth2PermissionGrants", {
            clientId,
            resourceId,
            consentType: "AllPrincipals",
            scope: FOREIGN_SCOPE,
        });
    }
}

async function hashForeign(
    tenant: TestTenant,
    appId: string,
    resources: readonly OtherResource[],
    ids: ReadonlySet<string>,
    { isWithGrants = true }: GrantsOfOthers = {},
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
        identifierUris: app.identifierUris.filter((uri) => uri.includes(`/${FOREIGN_URI}`)),
        scopes: app.api.oauth2PermissionScopes.filter(({ id }) => ids.has(id)),
        roles: app.appRoles.filter(({ id }) => ids.has(id)),
        permissions: app.requiredResourceAccess.filter(({ resourceAppId }) => others.has(resourceAppId)),
        keys: app.keyCredentials.filter(({ displayName }) => displayName === "Somebody else's"),
        secrets: app.passwordCredentials,
        owners: owners.map(({ id }) => id).sort(),
        grants: (granted.value ?? []).filter(({ resourceId }) => isWithGrants && resourceIds.has(resourceId)),
    };
    for (const [kind, entries] of Object.entries(foreign)) {
        const count =
            kind === "uris" ? Math.min(...(entries as unknown[][]).map((list) => list.length)) : entries.length;
        if (kind !== "grants" && count < 3) throw new Error(`only ${count} foreign entries of kind ${kind} are left`);
    }
    return createHash("sha256")
        .update(JSON.stringify(asSets(foreign)))
        .digest("hex");
}
