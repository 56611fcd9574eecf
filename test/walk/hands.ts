// Makes changes by hand to the application of a walk, as administrators and other tools do: adds or removes entries of
// others, or damages objects and entries of the portal.
import fc from "fast-check";

import type { Application, Grant, TestTenant } from "../support/tenant/testTenant";

type Json = Record<string, unknown>;

const GRAPH = "00000003-0000-0000-c000-000000000000";

/** The kinds of entries that others add. A number distinguishes entries of one kind. */
const KINDS = ["spa", "web", "tag", "scope", "key", "secret", "permission", "grant", "name"] as const;
type Kind = (typeof KINDS)[number];
const ENTRIES = 2;

export const DAMAGES = {
    "redirect URI removed": (tenant, app) => {
        const [first] = app.spa.redirectUris.filter((uri) => uri.includes(".abc.com"));
        return patch(tenant, app, { spa: { redirectUris: app.spa.redirectUris.filter((uri) => uri !== first) } });
    },
    "certificates removed": (tenant, app) =>
        patch(tenant, app, {
            keyCredentials: app.keyCredentials.filter(({ displayName }) => isForeignName(displayName)),
        }),
    "scope disabled": (tenant, app) =>
        patch(tenant, app, {
            api: {
                oauth2PermissionScopes: app.api.oauth2PermissionScopes.map((scope) =>
                    scope.value === "access_as_user" ? { ...scope, isEnabled: false } : scope,
                ),
            },
        }),
    "application ID URI removed": (tenant, app) => patch(tenant, app, { identifierUris: [] }),
    "permissions removed": (tenant, app) =>
        patch(tenant, app, {
            requiredResourceAccess: app.requiredResourceAccess.filter(
                ({ resourceAppId }) => resourceAppId !== app.appId && resourceAppId !== GRAPH,
            ),
        }),
    "tags of ours removed": (tenant, app) =>
        patch(tenant, app, { tags: app.tags.filter((tag) => !tag.startsWith("restore-portal:")) }),
    "audience changed": (tenant, app) =>
        patch(tenant, app, {
            signInAudience: app.signInAudience === "AzureADMyOrg" ? "AzureADMultipleOrgs" : "AzureADMyOrg",
        }),
    "consent revoked": async (tenant, app) => {
        for (const { id } of await grantsOf(tenant, app)) await tenant.graph("DELETE", `/oauth2PermissionGrants/${id}`);
    },
    "service principal disabled": (tenant, app) => patchServicePrincipal(tenant, app, { accountEnabled: false }),
    "assignment turned": async (tenant, app) => {
        const path = `/servicePrincipals(appId='${app.appId}')`;
        const { body } = await tenant.tryGraph("GET", path);
        const isRequired = (body as { appRoleAssignmentRequired?: boolean }).appRoleAssignmentRequired === true;
        await patchServicePrincipal(tenant, app, { appRoleAssignmentRequired: !isRequired });
    },
    "service principal deleted": async (tenant, app) => {
        await tenant.tryGraph("DELETE", `/servicePrincipals(appId='${app.appId}')`);
    },
    "application deleted": async (tenant, app) => {
        await tenant.graph("DELETE", `/applications/${app.id}`);
    },
    "application purged": async (tenant, app) => {
        await tenant.graph("DELETE", `/applications/${app.id}`);
        await tenant.graph("DELETE", `/directory/deletedItems/${app.id}`);
    },
} satisfies Record<string, (tenant: TestTenant, app: Application) => Promise<void>>;
type Damage = keyof typeof DAMAGES;

export type HandChange =
    | { readonly adds: Kind; readonly entry: number }
    | { readonly removes: Kind; readonly entry: number }
    | { readonly damage: Damage };

export const addition: fc.Arbitrary<HandChange> = fc.record({
    adds: fc.constantFrom(...KINDS),
    entry: fc.nat({ max: ENTRIES - 1 }),
});

export const handChange: fc.Arbitrary<HandChange> = fc.oneof(
    { weight: 4, arbitrary: addition },
    {
        weight: 1,
        arbitrary: fc.record({
            removes: fc.constantFrom(...KINDS.filter((kind) => kind !== "name")),
            entry: fc.nat({ max: ENTRIES - 1 }),
        }),
    },
    {
        weight: 5,
        arbitrary: fc.constantFrom(...(Object.keys(DAMAGES) as Damage[])).map((damage) => ({ damage })),
    },
);

/** The effect of a change by hand on the entries of others, in the form of the oracle's `entriesOf`. */
export interface Outcome {
    readonly added?: string;
    readonly removed?: (entry: string) => boolean;
    /** An entry whose existence is uncertain from now on. */
    readonly doubtful?: string;
}

/** Makes a change by hand. `keys`: certificates of others. */
export async function change(
    tenant: TestTenant,
    app: Application,
    hand: HandChange,
    keys: readonly { readonly key: string; readonly thumbprint: string }[],
): Promise<Outcome> {
    if ("damage" in hand) {
        await DAMAGES[hand.damage](tenant, app);
        return { removed: (entry) => isLostBy(hand.damage, entry) };
    }
    const adds = "adds" in hand;
    const kind = adds ? hand.adds : hand.removes;
    const name = `theirs-${hand.entry}`;
    const entry = entryOf(kind, hand.entry, keys);
    const outcome = adds ? { added: entry } : { removed: (one: string) => one === entry };
    if (kind === "name") {
        await patch(tenant, app, { displayName: `Their name ${hand.entry}` });
        return { ...outcome, removed: (one) => one.startsWith("name ") };
    }
    if (kind === "grant") {
        const { isDone, madeServicePrincipal } = await changeGrant(tenant, app, hand.entry, adds);
        // A release may leave a service principal that others made. The oracle allows this if a grant is doubtful.
        return { ...(isDone ? outcome : {}), ...(madeServicePrincipal ? { doubtful: "grant of theirs" } : {}) };
    }
    if (kind === "secret") return (await changeSecret(tenant, app, name, adds)) ? outcome : {};
    const body = fieldsOf(kind, app, hand.entry, adds, keys);
    if (kind === "scope" && !adds) await patch(tenant, app, { api: { oauth2PermissionScopes: disabled(app, name) } });
    await patch(tenant, app, body);
    return outcome;
}

function entryOf(kind: Kind, entry: number, keys: readonly { thumbprint: string }[]): string {
    const names: Record<Kind, string> = {
        spa: `spa https://spa${entry}.contoso.com/`,
        web: `web https://web${entry}.contoso.com/`,
        tag: `tag team:theirs-${entry}`,
        scope: `scope theirs-${entry} enabled`,
        key: `key ${keys[entry]?.thumbprint ?? ""}`,
        secret: `secret theirs-${entry}`,
        permission: `permission ${OTHER_RESOURCES[entry] ?? ""} ${permissionId(entry)}`,
        grant: `grant graph ${OTHER_SCOPES[entry] ?? ""}`,
        name: `name Their name ${entry}`,
    };
    return names[kind];
}

/** These resources belong to Microsoft. Entra does not check whether they exist. */
const OTHER_RESOURCES = ["00000003-0000-0ff1-ce00-000000000000", "00000002-0000-0ff1-ce00-000000000000"] as const;
const OTHER_SCOPES = ["Mail.Read", "Files.Read"] as const;

function permissionId(entry: number): string {
    return `5f2bd3a1-6d3a-4f0f-9d0e-2f8f6c7b1a1${entry}`;
}

function fieldsOf(
    kind: "spa" | "web" | "tag" | "scope" | "key" | "permission",
    app: Application,
    entry: number,
    adds: boolean,
    keys: readonly { readonly key: string; readonly thumbprint: string }[],
): Json {
    const name = `theirs-${entry}`;
    const list = <T>(live: readonly T[], isIt: (one: T) => boolean, added: T): T[] => {
        if (!adds) return live.filter((one) => !isIt(one));
        return live.some(isIt) ? [...live] : [...live, added];
    };
    const text = (live: readonly string[], added: string) => list(live, (one) => one === added, added);
    const uri = `https://${kind}${entry}.contoso.com/`;
    switch (kind) {
        case "spa":
            return { spa: { redirectUris: text(app.spa.redirectUris, uri) } };
        case "web":
            return { web: { redirectUris: text(app.web.redirectUris, uri) } };
        case "tag":
            return { tags: text(app.tags, `team:${name}`) };
        case "scope": {
            const scope = { ...SCOPE, id: permissionId(entry), value: name };
            const scopes: Json[] = adds ? app.api.oauth2PermissionScopes : disabled(app, name);
            return { api: { oauth2PermissionScopes: list(scopes, (one) => one["value"] === name, scope) } };
        }
        case "key": {
            const { key, thumbprint } = keys[entry] ?? { key: "", thumbprint: "" };
            const added = { type: "AsymmetricX509Cert", usage: "Verify", key, displayName: name };
            const live: Json[] = app.keyCredentials;
            return { keyCredentials: list(live, (one) => one["customKeyIdentifier"] === thumbprint, added) };
        }
        case "permission": {
            const resourceAppId = OTHER_RESOURCES[entry] ?? "";
            const added = { resourceAppId, resourceAccess: [{ id: permissionId(entry), type: "Scope" }] };
            const isIt = (one: { resourceAppId: string }) => one.resourceAppId === resourceAppId;
            return { requiredResourceAccess: list(app.requiredResourceAccess, isIt, added) };
        }
    }
}

const SCOPE = {
    type: "User",
    isEnabled: true,
    adminConsentDisplayName: "Theirs",
    adminConsentDescription: "Theirs",
};

function disabled(app: Application, name: string): Json[] {
    return app.api.oauth2PermissionScopes.map((scope) =>
        scope.value === name ? { ...scope, isEnabled: false } : scope,
    );
}

async function changeSecret(
    tenant: TestTenant,
    app: Application,
    displayName: string,
    adds: boolean,
): Promise<boolean> {
    const known = app.passwordCredentials.find((one) => one["displayName"] === displayName);
    if (adds === (known !== undefined)) return adds;
    const [action, body] = adds
        ? ["addPassword", { passwordCredential: { displayName } }]
        : ["removePassword", { keyId: known?.keyId }];
    await tenant.graph("POST", `/applications/${app.id}/${action}`, body);
    return true;
}

async function grantsOf(tenant: TestTenant, { appId }: Application): Promise<Grant[]> {
    const { body, status } = await tenant.tryGraph(
        "GET",
        `/servicePrincipals(appId='${appId}')/oauth2PermissionGrants`,
    );
    return status === 200 ? (body as { value: Grant[] }).value : [];
}

/**
 * Adds one scope to the portal's grant for Microsoft Graph, or removes this scope. Before it adds the scope, creates
 * the service principal if none exists.
 */
async function changeGrant(tenant: TestTenant, app: Application, entry: number, adds: boolean) {
    const { status } = await tenant.tryGraph("GET", `/servicePrincipals(appId='${app.appId}')`);
    if (status !== 200 && !adds) return { isDone: false, madeServicePrincipal: false };
    if (status !== 200) await tenant.graph("POST", "/servicePrincipals", { appId: app.appId });
    const { id: clientId } = await tenant.servicePrincipal(app.appId);
    const { id: resourceId } = await tenant.servicePrincipal(GRAPH);
    const grant = (await grantsOf(tenant, app)).find((one) => one.resourceId === resourceId);
    const scopes = (grant?.scope ?? "").split(" ").filter((scope) => scope !== "" && scope !== OTHER_SCOPES[entry]);
    const scope = [...scopes, ...(adds ? [OTHER_SCOPES[entry]] : [])].join(" ");
    if (grant && scope !== "") await tenant.graph("PATCH", `/oauth2PermissionGrants/${grant.id}`, { scope });
    else if (grant) await tenant.graph("DELETE", `/oauth2PermissionGrants/${grant.id}`);
    else if (scope !== "") {
        const created = { clientId, resourceId, consentType: "AllPrincipals", scope };
        await tenant.graph("POST", "/oauth2PermissionGrants", created);
    }
    return { isDone: true, madeServicePrincipal: status !== 200 };
}

async function patch(tenant: TestTenant, { appId }: Application, body: Json): Promise<void> {
    await tenant.patchApplication(appId, body);
}

async function patchServicePrincipal(tenant: TestTenant, { appId }: Application, body: Json): Promise<void> {
    await tenant.tryGraph("PATCH", `/servicePrincipals(appId='${appId}')`, body);
}

function isForeignName(displayName: unknown): boolean {
    return typeof displayName === "string" && displayName.startsWith("theirs-");
}

/** Returns whether the damage also removes this entry of others. */
function isLostBy(damage: Damage, entry: string): boolean {
    if (damage === "application purged") return true;
    return ["consent revoked", "service principal deleted"].includes(damage) && entry.startsWith("grant ");
}
