// Keeps the state of one tenant, such as its directory objects, policies and audit log. The rules for each kind of
// object are in the file of that kind.
import { createHash, randomUUID } from "node:crypto";

import { AuditLog } from "./auditLog/auditLog";
import { Journal, NotedMap, type Change, type Objects } from "./auditLog/journal";
import type { AuditRecord } from "./auditLog/record";
import type { ConditionalAccessPolicy, NamedLocation } from "./conditionalAccess/types";
import type {
    AppManagementPolicy,
    Application,
    AppRoleAssignment,
    FederatedIdentityCredential,
    Group,
    OAuth2PermissionGrant,
    ServicePrincipal,
    TenantUser,
} from "./graphTypes";
import { graphRoleId } from "./microsoftGraph";
import { ObjectHistory } from "./objectHistory";
import { newAssignment } from "./newAssignment";

export type Deleted = (Application | ServicePrincipal) & { deletedDateTime: string };

/** The ids that an object refers to: its owners, or the members of a group. */
export interface References {
    readonly id: string;
    readonly ids: readonly string[];
}

/** A federated credential, with the object id of its application. */
export type StoredFederation = FederatedIdentityCredential & { readonly applicationId: string };

const DELETED_ITEM_LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;

/** Every tenant has this policy until an administrator changes it. It restricts nothing. */
export const DEFAULT_POLICY: AppManagementPolicy = {
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
    /** Older versions of the emulator saved the Graph permissions of each service principal here, by name. */
    readonly roles?: readonly (readonly [string, readonly string[]])[];
    readonly appRoleAssignments?: readonly AppRoleAssignment[];
    readonly assignmentsOfDeleted?: readonly (readonly [string, AppRoleAssignment[]])[];
    readonly federatedCredentials?: readonly StoredFederation[];
    readonly groups?: readonly Group[];
    readonly members?: readonly (readonly [string, readonly string[]])[];
    readonly conditionalAccessPolicies?: readonly ConditionalAccessPolicy[];
    readonly namedLocations?: readonly NamedLocation[];
    readonly grantsOfDeleted: readonly (readonly [string, OAuth2PermissionGrant[]])[];
    readonly graphServicePrincipalId: string;
    readonly policy?: AppManagementPolicy;
    readonly users?: readonly TenantUser[];
    readonly auditLog?: readonly AuditRecord[];
}

export class Tenant {
    readonly applications: ObjectHistory<Application>;
    readonly servicePrincipals: ObjectHistory<ServicePrincipal>;
    readonly grants: ObjectHistory<OAuth2PermissionGrant>;
    readonly deleted: ObjectHistory<Deleted>;
    /** Maps an object id to the object ids of its owners. */
    readonly owners: ObjectHistory<References>;
    /** Maps a group id to the object ids of its members. */
    readonly members: ObjectHistory<References>;
    readonly appRoleAssignments: ObjectHistory<AppRoleAssignment>;
    readonly federatedCredentials: ObjectHistory<StoredFederation>;
    readonly groups: ObjectHistory<Group>;
    readonly conditionalAccessPolicies = new NotedMap<ConditionalAccessPolicy>(this.note("conditionalAccessPolicy"));
    readonly namedLocations = new NotedMap<NamedLocation>(this.note("namedLocation"));
    /** Maps the id of a soft-deleted service principal to the assignments that Entra restores with it. */
    readonly assignmentsOfDeleted = new Map<string, AppRoleAssignment[]>();
    /** Maps the id of a soft-deleted service principal to the grants that Entra restores with it. */
    readonly grantsOfDeleted = new Map<string, OAuth2PermissionGrant[]>();
    /** Maps the keyId of a password credential to the SHA-256 of its secret. */
    readonly secrets = new Map<string, string>();
    readonly users = new NotedMap<TenantUser>(this.note("user"));
    readonly journal = new Journal();
    readonly auditLog: AuditLog;
    graphServicePrincipalId: string = randomUUID();
    private currentPolicy: AppManagementPolicy = DEFAULT_POLICY;

    constructor(
        readonly tenantId: string,
        readonly verifiedDomains: readonly string[],
        readonly now: () => number,
    ) {
        this.auditLog = new AuditLog(now);
        this.applications = new ObjectHistory(now, this.note("application"), ({ appId }) => appId);
        this.servicePrincipals = new ObjectHistory(now, this.note("servicePrincipal"), ({ appId }) => appId);
        this.grants = new ObjectHistory(now, this.note("grant"), ({ clientId }) => clientId);
        this.deleted = new ObjectHistory(now, this.note("deleted"));
        this.owners = new ObjectHistory(now, this.note("owners"));
        this.members = new ObjectHistory(now, this.note("members"));
        this.appRoleAssignments = new ObjectHistory(
            now,
            this.note("appRoleAssignment"),
            ({ principalId }) => principalId,
        );
        this.federatedCredentials = new ObjectHistory(
            now,
            this.note("federatedCredential"),
            ({ applicationId }) => applicationId,
        );
        this.groups = new ObjectHistory(now, this.note("group"));
    }

    get policy(): AppManagementPolicy {
        return this.currentPolicy;
    }

    set policy(policy: AppManagementPolicy) {
        this.journal.note("appManagementPolicy", policy.id, { before: this.currentPolicy, after: policy });
        this.currentPolicy = policy;
    }

    /** Returns the function that notes the changes of one kind of object. */
    private note<K extends keyof Objects>(kind: K) {
        return (id: string, change: Change<Objects[K]>): void => this.journal.note(kind, id, change);
    }

    /** Returns the deleted items that can still be restored. Entra purges a deleted item after 30 days. */
    deletedItems(lagMs = 0): Deleted[] {
        return this.deleted
            .all(lagMs)
            .filter(({ deletedDateTime }) => Date.parse(deletedDateTime) + DELETED_ITEM_LIFETIME_MS > this.now());
    }

    ownersOf(id: string, lagMs = 0): readonly string[] {
        return this.owners.asOf(id, lagMs)?.ids ?? [];
    }

    setOwners(id: string, owners: readonly string[]): void {
        this.owners.put({ id, ids: owners });
    }

    membersOf(id: string, lagMs = 0): readonly string[] {
        return this.members.asOf(id, lagMs)?.ids ?? [];
    }

    setMembers(id: string, members: readonly string[]): void {
        this.members.put({ id, ids: members });
    }

    /** Grants Graph's application permissions, as admin consent does. */
    grantRoles(principalId: string, roles: readonly string[]): void {
        const resourceId = this.graphServicePrincipalId;
        for (const role of roles) {
            const of = { principalId, principalType: "ServicePrincipal", resourceId, appRoleId: graphRoleId(role) };
            this.appRoleAssignments.put(newAssignment(of, new Date(this.now())));
        }
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
}

/** The tenant keeps only hashes, because Entra shows the text of a secret only once. */
export function hashSecret(secret: string): string {
    return createHash("sha256").update(secret).digest("hex");
}
