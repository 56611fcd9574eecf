// Converts a tenant to an object that JSON can contain, and back: for snapshots of tests, and for the folder that keeps
// a tenant between runs.
import { blankApplication, blankServicePrincipal } from "./blankObjects";
import type { Application, ServicePrincipal } from "./graphTypes";
import { DEFAULT_POLICY, Tenant, type Deleted, type TenantState } from "./tenant";

export function exportTenant(tenant: Tenant): TenantState {
    return {
        tenantId: tenant.tenantId,
        verifiedDomains: tenant.verifiedDomains,
        applications: tenant.applications.all(),
        servicePrincipals: tenant.servicePrincipals.all(),
        grants: tenant.grants.all(),
        deleted: tenant.deleted.all(),
        owners: tenant.owners.all().map(({ id, ids }) => [id, ids] as const),
        secrets: [...tenant.secrets],
        appRoleAssignments: tenant.appRoleAssignments.all(),
        assignmentsOfDeleted: [...tenant.assignmentsOfDeleted],
        federatedCredentials: tenant.federatedCredentials.all(),
        groups: tenant.groups.all(),
        members: tenant.members.all().map(({ id, ids }) => [id, ids] as const),
        conditionalAccessPolicies: [...tenant.conditionalAccessPolicies.values()],
        namedLocations: [...tenant.namedLocations.values()],
        grantsOfDeleted: [...tenant.grantsOfDeleted],
        graphServicePrincipalId: tenant.graphServicePrincipalId,
        policy: tenant.policy,
        users: [...tenant.users.values()],
        auditLog: tenant.auditLog.all(),
    };
}

export function importTenant(state: TenantState, now: () => number): Tenant {
    const tenant = new Tenant(state.tenantId, state.verifiedDomains, now);
    tenant.graphServicePrincipalId = state.graphServicePrincipalId;
    tenant.applications.load(state.applications.map(completeApplication));
    tenant.servicePrincipals.load(state.servicePrincipals.map(completeServicePrincipal));
    tenant.grants.load(state.grants);
    tenant.deleted.load(state.deleted.map(completeDeleted));
    tenant.owners.load(state.owners.map(([id, ids]) => ({ id, ids })));
    tenant.appRoleAssignments.load(state.appRoleAssignments ?? []);
    tenant.federatedCredentials.load(state.federatedCredentials ?? []);
    tenant.groups.load(state.groups ?? []);
    tenant.members.load((state.members ?? []).map(([id, ids]) => ({ id, ids })));
    fill(tenant.secrets, state.secrets);
    fill(tenant.grantsOfDeleted, state.grantsOfDeleted);
    fill(tenant.assignmentsOfDeleted, state.assignmentsOfDeleted ?? []);
    fill(tenant.users, (state.users ?? []).map(byId));
    fill(tenant.conditionalAccessPolicies, (state.conditionalAccessPolicies ?? []).map(byId));
    fill(tenant.namedLocations, (state.namedLocations ?? []).map(byId));
    tenant.auditLog.load(state.auditLog ?? []);
    for (const [id, roles] of state.roles ?? []) tenant.grantRoles(id, roles);
    tenant.policy = state.policy ?? DEFAULT_POLICY;
    return tenant;
}

function fill<V>(map: Pick<Map<string, V>, "set">, entries: readonly (readonly [string, V])[]): void {
    for (const [key, value] of entries) map.set(key, value);
}

function byId<T extends { readonly id: string }>(value: T): readonly [string, T] {
    return [value.id, value];
}

/** An older version of the emulator saved fewer properties. The missing properties get the values of a new object. */
function completeApplication(application: Application): Application {
    return { ...blankApplication("", "", new Date(0), ""), ...application };
}

function completeServicePrincipal(servicePrincipal: ServicePrincipal): ServicePrincipal {
    return { ...blankServicePrincipal("", "", undefined), ...servicePrincipal };
}

function completeDeleted(object: Deleted): Deleted {
    const complete = "identifierUris" in object ? completeApplication(object) : completeServicePrincipal(object);
    return { ...complete, deletedDateTime: object.deletedDateTime };
}
