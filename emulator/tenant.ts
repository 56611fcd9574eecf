// The state of one tenant: its directory objects, secrets and role assignments. Rules live beside the objects they are
// about; this file only keeps them.
import { createHash, randomUUID } from "node:crypto";

import type { Application, OAuth2PermissionGrant, ServicePrincipal } from "./graphTypes";
import { DEFAULT_POLICY, type AppManagementPolicy } from "./policies";
import { Replicated } from "./replicated";

export type Deleted = (Application | ServicePrincipal) & { deletedDateTime: string };

const BIN_MS = 30 * 24 * 60 * 60 * 1000;

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
}

export class Tenant {
    readonly applications: Replicated<Application>;
    readonly servicePrincipals: Replicated<ServicePrincipal>;
    readonly grants: Replicated<OAuth2PermissionGrant>;
    readonly deleted: Replicated<Deleted>;
    /** Object id -> object ids of its owners. */
    readonly owners = new Map<string, string[]>();
    /** Service principal in the bin -> the grants that it comes back with. */
    readonly grantsOfDeleted = new Map<string, OAuth2PermissionGrant[]>();
    /** keyId of a password credential -> SHA-256 of its secret. */
    readonly secrets = new Map<string, string>();
    /** Service principal -> Graph application permissions granted to it. */
    readonly roles = new Map<string, string[]>();
    graphServicePrincipalId: string = randomUUID();
    policy: AppManagementPolicy = DEFAULT_POLICY;

    constructor(
        readonly tenantId: string,
        readonly verifiedDomains: readonly string[],
        readonly now: () => number,
    ) {
        this.applications = new Replicated(now);
        this.servicePrincipals = new Replicated(now);
        this.grants = new Replicated(now);
        this.deleted = new Replicated(now);
    }

    /** What can still be restored: Entra purges after 30 days. */
    bin(): Deleted[] {
        return this.deleted.all().filter(({ deletedDateTime }) => Date.parse(deletedDateTime) + BIN_MS > this.now());
    }

    ownersOf(id: string): string[] {
        return this.owners.get(id) ?? [];
    }

    servicePrincipalOf(appId: string, lagMs = 0): ServicePrincipal | undefined {
        return this.servicePrincipals.find((one) => one.appId === appId, lagMs);
    }

    applicationOf(appId: string, lagMs = 0): Application | undefined {
        return this.applications.find((one) => one.appId === appId, lagMs);
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
            owners: [...this.owners],
            secrets: [...this.secrets],
            roles: [...this.roles],
            grantsOfDeleted: [...this.grantsOfDeleted],
            graphServicePrincipalId: this.graphServicePrincipalId,
            policy: this.policy,
        };
    }

    static import(state: TenantState, now: () => number): Tenant {
        const tenant = new Tenant(state.tenantId, state.verifiedDomains, now);
        for (const one of state.applications) tenant.applications.put(one);
        for (const one of state.servicePrincipals) tenant.servicePrincipals.put(one);
        for (const one of state.grants) tenant.grants.put(one);
        for (const one of state.deleted) tenant.deleted.put(one);
        for (const [id, owners] of state.owners) tenant.owners.set(id, [...owners]);
        for (const [id, hash] of state.secrets) tenant.secrets.set(id, hash);
        for (const [id, roles] of state.roles) tenant.roles.set(id, [...roles]);
        for (const [id, grants] of state.grantsOfDeleted) tenant.grantsOfDeleted.set(id, [...grants]);
        tenant.graphServicePrincipalId = state.graphServicePrincipalId;
        tenant.policy = state.policy ?? DEFAULT_POLICY;
        return tenant;
    }
}

/** Secrets are kept as hashes, as their text is shown once. */
export function hashSecret(secret: string): string {
    return createHash("sha256").update(secret).digest("hex");
}
