// Keeps the state of one tenant: its directory objects, secrets and role assignments. The rules for each kind of object
// are in the file of that kind.
import { createHash, randomUUID } from "node:crypto";

import type {
    AppManagementPolicy,
    Application,
    OAuth2PermissionGrant,
    ServicePrincipal,
    TenantUser,
} from "./graphTypes";
import { ObjectHistory } from "./objectHistory";

export type Deleted = (Application | ServicePrincipal) & { deletedDateTime: string };

interface Owned {
    readonly id: string;
    readonly owners: readonly string[];
}

const DELETED_ITEM_LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;

/** Every tenant has this policy until an administrator changes it. It restricts nothing. */
const DEFAULT_POLICY: AppManagementPolicy = {
    id: "00000000-0000-0000-0000-000000000000",
    displayName: "Default app management tenant policy",
    description:
        "Default tenant policy that enforces app management restrictions on applications and service principals.",
    isEnabled: false,
    applicationRestrictions: { keyCredentials: [] },
};

export interface TenantState {
    readonly tenantId: string;
    readonly verifiedDomains: readonly string[];
    readonly applications: readonly Application[];
    readonly servicePrincipals: readonly ServicePrincipal[];
    readonly grants: readonly OAuth2PermissionGrant[];
    readonly deleted: readonly Deleted[];
    readonly owners: readonly (readonly [string, readonly string[]])[];
    readonly secrets: readonly (readonly [string, string])[];
    readonly roles: readonly (readonly [string, readonly string[]])[];
    readonly grantsOfDeleted: readonly (readonly [string, readonly OAuth2PermissionGrant[]])[];
    readonly graphServicePrincipalId: string;
    readonly policy?: AppManagementPolicy;
    readonly users?: readonly TenantUser[];
}

export class Tenant {
    readonly applications: ObjectHistory<Application>;
    readonly servicePrincipals: ObjectHistory<ServicePrincipal>;
    readonly grants: ObjectHistory<OAuth2PermissionGrant>;
    readonly deleted: ObjectHistory<Deleted>;
    /** Maps an object id to the object ids of its owners. */
    private readonly owners: ObjectHistory<Owned>;
    /** Maps a soft-deleted service principal to the grants that Entra restores with it. */
    readonly grantsOfDeleted = new Map<string, OAuth2PermissionGrant[]>();
    /** Maps the keyId of a password credential to the SHA-256 of its secret. */
    readonly secrets = new Map<string, string>();
    /** Maps a service principal to the Graph application permissions granted to it. */
    readonly roles = new Map<string, string[]>();
    readonly users = new Map<string, TenantUser>();
    graphServicePrincipalId: string = randomUUID();
    policy: AppManagementPolicy = DEFAULT_POLICY;

    constructor(
        readonly tenantId: string,
        readonly verifiedDomains: readonly string[],
        readonly now: () => number,
    ) {
        this.applications = new ObjectHistory(now, ({ appId }) => appId);
        this.servicePrincipals = new ObjectHistory(now, ({ appId }) => appId);
        this.grants = new ObjectHistory(now, ({ clientId }) => clientId);
        this.deleted = new ObjectHistory(now);
        this.owners = new ObjectHistory(now);
    }

    /** Returns the objects that can still be restored. Entra purges them after 30 days. */
    deletedItems(lagMs = 0): Deleted[] {
        return this.deleted
            .all(lagMs)
            .filter(({ deletedDateTime }) => Date.parse(deletedDateTime) + DELETED_ITEM_LIFETIME_MS > this.now());
    }

    ownersOf(id: string, lagMs = 0): readonly string[] {
        return this.owners.asOf(id, lagMs)?.owners ?? [];
    }

    setOwners(id: string, owners: readonly string[]): void {
        this.owners.put({ id, owners });
    }

    servicePrincipalOf(appId: string, lagMs = 0): ServicePrincipal | undefined {
        return this.servicePrincipals.inGroup(appId, lagMs)[0];
    }

    applicationOf(appId: string, lagMs = 0): Application | undefined {
        return this.applications.inGroup(appId, lagMs)[0];
    }

    isSecret(keyId: string, secret: string): boolean {
        return this.secrets.get(keyId) === hashSecret(secret);
    }

    export(): TenantState {
        return {
            tenantId: this.tenantId,
            verifiedDomains: this.verifiedDomains,
            applications: this.applications.all(),
            servicePrincipals: this.servicePrincipals.all(),
            grants: this.grants.all(),
            deleted: this.deleted.all(),
            owners: this.owners.all().map(({ id, owners }) => [id, owners] as const),
            secrets: [...this.secrets],
            roles: [...this.roles],
            grantsOfDeleted: [...this.grantsOfDeleted],
            graphServicePrincipalId: this.graphServicePrincipalId,
            policy: this.policy,
            users: [...this.users.values()],
        };
    }

    static import(state: TenantState, now: () => number): Tenant {
        const tenant = new Tenant(state.tenantId, state.verifiedDomains, now);
        tenant.applications.load(state.applications);
        tenant.servicePrincipals.load(state.servicePrincipals);
        tenant.grants.load(state.grants);
        tenant.deleted.load(state.deleted);
        tenant.owners.load(state.owners.map(([id, owners]) => ({ id, owners })));
        for (const [id, hash] of state.secrets) tenant.secrets.set(id, hash);
        for (const [id, roles] of state.roles) tenant.roles.set(id, [...roles]);
        for (const [id, grants] of state.grantsOfDeleted) tenant.grantsOfDeleted.set(id, [...grants]);
        tenant.graphServicePrincipalId = state.graphServicePrincipalId;
        for (const user of state.users ?? []) tenant.users.set(user.id, user);
        tenant.policy = state.policy ?? DEFAULT_POLICY;
        return tenant;
    }
}

/** The tenant keeps only hashes, because Entra shows the text of a secret only once. */
export function hashSecret(secret: string): string {
    return createHash("sha256").update(secret).digest("hex");
}
