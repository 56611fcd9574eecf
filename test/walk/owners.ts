// Makes the changes that owners of an application make by hand in a long walk. Records the ids of the objects and
// entries that belong to the owners, and the values that the owners set.
import { randomUUID } from "node:crypto";

import { scopeOfTheirs } from "../support/hooks/ownership";
import type { TestTenant } from "../support/tenant/testTenant";
import {
    applicationOf,
    GRAPH,
    servicePrincipalOf,
    thingsOf,
    VALUES,
    valuesOf,
    type Portal,
    type Value,
    type Values,
} from "./estate";
import type { Random } from "./random";

type Json = Record<string, unknown>;
const USER_READ = "e1fe6dd8-ba31-4d61-89e7-88639da4683d";
const ENTERPRISE = "WindowsAzureActiveDirectoryIntegratedApp";

/** Records the objects, entries and values of others on one application. */
export class OwnersRecord {
    readonly theirs: Set<string>;
    /** Entries that a release may leave even if we added them. */
    readonly doubtful = new Set<string>();
    /** The values at the start and after each change of values by owners. The last release may leave only these. */
    private readonly held = new Map<Value, Set<unknown>>();

    constructor(
        private readonly tenant: TestTenant,
        readonly appId: string,
        isTheirs: boolean,
    ) {
        this.theirs = isTheirs ? thingsOf(tenant, appId) : new Set();
        for (const value of VALUES) this.held.set(value, new Set());
        this.noteValues(valuesOf(tenant, appId));
        // A new service principal is enabled and does not require assignment.
        this.noteValues({ audience: undefined, reference: undefined, assignment: false, enabled: true });
    }

    noteValues(values: Values): void {
        for (const value of VALUES) if (values[value] !== undefined) this.held.get(value)?.add(values[value]);
    }

    hasHeld(value: Value, what: unknown): boolean {
        return this.held.get(value)?.has(what) === true;
    }

    /** Returns the entries of others that no longer exist. */
    lost(): string[] {
        const live = thingsOf(this.tenant, this.appId);
        return [...this.theirs].filter((one) => !live.has(one));
    }

    /** Returns the live entries that the last release must remove. */
    stranded(): string[] {
        const live = thingsOf(this.tenant, this.appId);
        return [...live].filter((one) => !this.theirs.has(one) && !this.doubtful.has(one));
    }
}

export interface Hands {
    readonly tenant: TestTenant;
    readonly random: Random;
    /** The programs take all their redirect URIs from this list. */
    readonly pool: readonly string[];
    /** The programs' certificates in base64. */
    readonly keys: readonly { readonly key: string; readonly thumbprint: string }[];
}

type Hand = (hands: Hands, record: OwnersRecord) => Promise<boolean>;

let counted = 0;

export async function patch({ tenant }: Hands, { appId }: OwnersRecord, body: Json): Promise<void> {
    await tenant.patchApplication(appId, body);
}

function app({ tenant }: Hands, { appId }: OwnersRecord) {
    const found = applicationOf(tenant, appId);
    if (found === undefined) throw new Error(`the tenant has no application ${appId}`);
    return found;
}

const addRedirectUri: Hand = async (hands, record) => {
    const { random } = hands;
    const uri = random.chance(0.6) ? random.of(hands.pool) : `https://theirs${++counted}.contoso.com/`;
    return addPlatformUri(hands, record, random.of(["spa", "spa", "web", "publicClient"] as const), uri);
};

export async function addPlatformUri(
    hands: Hands,
    record: OwnersRecord,
    platform: "spa" | "web" | "publicClient",
    uri: string,
): Promise<boolean> {
    const { spa, web, publicClient } = app(hands, record);
    const platforms = { spa, web, publicClient };
    if (Object.values(platforms).some(({ redirectUris }) => redirectUris.includes(uri))) return false;
    await patch(hands, record, { [platform]: { redirectUris: [...platforms[platform].redirectUris, uri] } });
    record.theirs.add(`${platform === "publicClient" ? "native" : platform} ${uri}`);
    return true;
}

const removeRedirectUri: Hand = async (hands, record) => {
    const { web, publicClient } = app(hands, record);
    if (web.redirectUris.length + publicClient.redirectUris.length === 0) return false;
    await patch(hands, record, { web: { redirectUris: [] }, publicClient: { redirectUris: [] } });
    for (const one of record.theirs) if (/^(web|native) /.test(one)) record.theirs.delete(one);
    return true;
};

const addTag: Hand = async (hands, record) => {
    const tag = hands.random.of([`team:${++counted}`, `restore-portal:ops:${counted}`]);
    await patch(hands, record, { tags: [...app(hands, record).tags, tag] });
    record.theirs.add(`tag ${tag}`);
    return true;
};

/** Uploads a certificate as the owner. First removes our entry, so that the owner alone has the certificate. */
export async function uploadCertificate(
    hands: Hands,
    record: OwnersRecord,
    { key, thumbprint }: Hands["keys"][number] = hands.random.of(hands.keys),
): Promise<boolean> {
    const { keyCredentials } = app(hands, record);
    const isSame = (one: { customKeyIdentifier: string | null }) => one.customKeyIdentifier === thumbprint;
    if (keyCredentials.some((one) => isSame(one) && record.theirs.has(`key ${one.keyId}`))) return false;
    const rest = keyCredentials.filter((one) => !isSame(one));
    if (rest.length < keyCredentials.length) await patch(hands, record, { keyCredentials: rest });
    const keyId = randomUUID();
    const theirs = { keyId, type: "AsymmetricX509Cert", usage: "Verify", key, displayName: "Theirs" };
    await patch(hands, record, { keyCredentials: [...rest, theirs] });
    record.theirs.add(`key ${keyId}`);
    return true;
}

const replaceScope: Hand = async (hands, record) => {
    const scopes = app(hands, record).api.oauth2PermissionScopes;
    const isIt = (one: { value: string | null }) => one.value === "access_as_user";
    const old = scopes.find(isIt);
    if (old) {
        const disabled = scopes.map((one) => (isIt(one) ? { ...one, isEnabled: false } : one));
        await patch(hands, record, { api: { oauth2PermissionScopes: disabled } });
        record.theirs.delete(`scope ${old.id}`);
    }
    const scope = scopeOfTheirs();
    await patch(hands, record, { api: { oauth2PermissionScopes: [...scopes.filter((one) => !isIt(one)), scope] } });
    record.theirs.add(`scope ${scope.id}`);
    return true;
};

const addSomePermission: Hand = async (hands, record) => {
    const { appId, api } = app(hands, record);
    const scope = api.oauth2PermissionScopes.find(({ value }) => value === "access_as_user");
    const own = scope && { resourceAppId: appId, id: scope.id };
    return addPermission(hands, record, (hands.random.chance(0.5) && own) || { resourceAppId: GRAPH, id: USER_READ });
};

export async function addPermission(
    hands: Hands,
    record: OwnersRecord,
    { resourceAppId, id }: { readonly resourceAppId: string; readonly id: string },
): Promise<boolean> {
    const { appId, requiredResourceAccess } = app(hands, record);
    if (thingsOf(hands.tenant, appId).has(`permission ${resourceAppId}/${id}`)) return false;
    const known = requiredResourceAccess.find((one) => one.resourceAppId === resourceAppId);
    const access = [...(known?.resourceAccess ?? []), { id, type: "Scope" }];
    const others = requiredResourceAccess.filter((one) => one !== known);
    await patch(hands, record, {
        requiredResourceAccess: [...others, { resourceAppId, resourceAccess: access }],
    });
    record.theirs.add(`permission ${resourceAppId}/${id}`);
    return true;
}

export async function addApplicationIdUri(
    hands: Hands,
    record: OwnersRecord,
    uri = hands.random.of([`api://${record.appId}`, `api://${record.appId}/theirs`]),
): Promise<boolean> {
    const { identifierUris } = app(hands, record);
    if (identifierUris.includes(uri)) return false;
    await patch(hands, record, { identifierUris: [...identifierUris, uri] });
    record.theirs.add(`uri ${uri}`);
    return true;
}

/** Replaces the service principal, whether we or the owner made it. If none exists, creates one. */
const replaceServicePrincipal: Hand = async (hands, record) => {
    const { tenant } = hands;
    const old = servicePrincipalOf(tenant, record.appId);
    if (old) await tenant.graph("DELETE", `/servicePrincipals/${old.id}`);
    return makeServicePrincipal(hands, record);
};

export const makeServicePrincipal: Hand = async ({ tenant, random }, record) => {
    for (const set of [record.theirs, record.doubtful])
        for (const one of set) if (/^(principal|grant) /.test(one)) set.delete(one);
    const tags = random.chance(0.5) ? [ENTERPRISE] : [];
    const appRoleAssignmentRequired = random.chance(0.5);
    const body = { appId: record.appId, tags, appRoleAssignmentRequired };
    const { id } = await tenant.graph<{ id: string }>("POST", "/servicePrincipals", body);
    for (const one of [`principal ${id}`, ...tags.map((tag) => `principal tag ${tag}`)]) record.theirs.add(one);
    record.noteValues(valuesOf(tenant, record.appId));
    return true;
};

/** The grants that an owner may give: the two that the provider also gives, and two others. */
const CONSENTS = [
    ["graph", "User.Read"],
    ["self", "access_as_user"],
    ["graph", "Mail.Read"],
    ["self", "theirs"],
] as const;

export async function addConsent(
    { tenant, random }: Hands,
    record: OwnersRecord,
    [kind, scope]: readonly ["graph" | "self", string] = random.of(CONSENTS),
): Promise<boolean> {
    const principal = servicePrincipalOf(tenant, record.appId);
    if (principal === undefined) return false;
    if (thingsOf(tenant, record.appId).has(`grant ${kind} ${scope}`)) return false;
    const resourceId = kind === "self" ? principal.id : (await tenant.servicePrincipal(GRAPH)).id;
    const known = (await tenant.grants(record.appId)).find((one) => {
        return one.resourceId === resourceId && one.consentType === "AllPrincipals";
    });
    const all = known ? `${known.scope} ${scope}` : scope;
    if (known) await tenant.graph("PATCH", `/oauth2PermissionGrants/${known.id}`, { scope: all });
    else {
        const body = { clientId: principal.id, resourceId, consentType: "AllPrincipals", scope };
        await tenant.graph("POST", "/oauth2PermissionGrants", body);
    }
    record.theirs.add(`grant ${kind} ${scope}`);
    // The owner's consent is on the service principal. So a release keeps the service principal, whoever created it.
    record.doubtful.add(`principal ${principal.id}`).add(`principal tag ${ENTERPRISE}`);
    return true;
}

const setValue: Hand = async (hands, record) => {
    const { tenant, random } = hands;
    const { audience, assignment } = valuesOf(tenant, record.appId);
    const value = random.of(VALUES);
    if (value === "audience") {
        const signInAudience = audience === "AzureADMyOrg" ? "AzureADMultipleOrgs" : "AzureADMyOrg";
        await patch(hands, record, { signInAudience });
    }
    if (value === "reference") await patch(hands, record, { serviceManagementReference: `CMDB-${++counted}` });
    const body =
        value === "assignment" ? { appRoleAssignmentRequired: assignment !== true } : { accountEnabled: false };
    if (value === "assignment" || value === "enabled") {
        if (assignment === undefined) return false;
        await tenant.graph("PATCH", `/servicePrincipals(appId='${record.appId}')`, body);
    }
    record.noteValues(valuesOf(tenant, record.appId));
    return true;
};

export const HANDS: Readonly<Record<string, Hand>> = {
    "adds a redirect URI": addRedirectUri,
    "adds another redirect URI": addRedirectUri,
    "removes the redirect URIs of Web and Mobile": removeRedirectUri,
    "adds a tag": addTag,
    "uploads a certificate of the program": (hands, record) => uploadCertificate(hands, record),
    "replaces the scope": replaceScope,
    "adds a permission": addSomePermission,
    "adds an Application ID URI": (hands, record) => addApplicationIdUri(hands, record),
    "replaces the service principal": replaceServicePrincipal,
    "gives consent": (hands, record) => addConsent(hands, record),
    "sets a value": setValue,
    "sets another value": setValue,
};

/** Changes that replace an object, even one of ours, by a new object of the owner. */
export const REPLACEMENTS = {
    "replaces the certificate": (hands, record, { certificate }) =>
        uploadCertificate(hands, record, hands.keys[certificate]),
    "replaces the scope": replaceScope,
    "replaces the service principal": replaceServicePrincipal,
} satisfies Record<string, (hands: Hands, record: OwnersRecord, portal: Portal) => Promise<boolean>>;

/** Adds an entry as the owner. The caller runs this function immediately before a request of the deployment. */
export async function addInBetween(hands: Hands, record: OwnersRecord): Promise<void> {
    const found = app(hands, record);
    const name = `race${++counted}`;
    if (hands.random.chance(0.5)) {
        const uri = `https://${name}.contoso.com/`;
        await patch(hands, record, { spa: { redirectUris: [...found.spa.redirectUris, uri] } });
        record.theirs.add(`spa ${uri}`);
    } else {
        await patch(hands, record, { tags: [...found.tags, `team:${name}`] });
        record.theirs.add(`tag team:${name}`);
    }
}
