// Decides what has to be written so that Entra becomes what the program says: only what differs, lists as
// (live ∪ desired) − (ours, no longer desired), entries of others as they are. Pure.
import { planApplication, scalarItems, type ApplicationPatch } from "./applicationPatch";
import { findGrant, hasScope, type Observation } from "./drift";
import { ASSIGNMENT_REQUIRED, ENABLED, type RestorePortalAppInputs } from "./inputs";
import { withoutOwnTags, type Item, type Managed } from "./managed";
import { ENTERPRISE_APPLICATION_TAG, PERMISSIONS, type Permission } from "./permissions";

export interface ServicePrincipalChange {
    /** `undefined`: there is none, it has to be made. */
    readonly id: string | undefined;
    readonly body: Readonly<Record<string, unknown>>;
}

export interface GrantChange {
    readonly permission: Permission;
    /** `undefined`: there is none for the resource, it has to be made. */
    readonly id: string | undefined;
    /** The whole scope string, others' scopes included. */
    readonly scope: string;
}

/** What is to be written in one round. */
export interface Plan {
    readonly application: ApplicationPatch | undefined;
    readonly servicePrincipal: ServicePrincipalChange | undefined;
    readonly grants: readonly GrantChange[];
    readonly owners: readonly string[];
    /** One name per thing written, the same in each round that it is still needed. */
    readonly changes: readonly string[];
    /** What is ours once the plan is carried out. */
    readonly managed: Managed;
}

export function plan(inputs: RestorePortalAppInputs, observation: Observation): Plan {
    const { live } = observation;
    const servicePrincipal = planServicePrincipal(inputs, observation);
    const grants = planGrants(inputs, observation);
    const added = [...observation.managed.added, ...servicePrincipal.added, ...grants.added];
    const application = planApplication(inputs, observation, added);
    const owners = (inputs.owners ?? []).filter((owner) => live.owners?.includes(owner) === false);
    return {
        application: application.patch,
        servicePrincipal: servicePrincipal.change,
        grants: grants.changes,
        owners,
        changes: [
            ...application.changes,
            ...(servicePrincipal.change ? ["servicePrincipal"] : []),
            ...grants.changes.map(({ permission }) => `grantedPermissions/${permission}`),
            ...owners.map((owner) => `owners/${owner}`),
        ],
        managed: application.managed,
    };
}

function planServicePrincipal(
    inputs: RestorePortalAppInputs,
    observation: Observation,
): { change: ServicePrincipalChange | undefined; added: Item[] } {
    const { live } = observation;
    const existing = live.servicePrincipal;
    if (![ENABLED, ASSIGNMENT_REQUIRED].includes(inputs.servicePrincipal)) return { change: undefined, added: [] };
    const needsAssignment = inputs.servicePrincipal === ASSIGNMENT_REQUIRED;
    if (existing === undefined) {
        const body = {
            appId: live.application.appId,
            tags: [ENTERPRISE_APPLICATION_TAG],
            ...(needsAssignment ? { appRoleAssignmentRequired: true } : {}),
        };
        return { change: { id: undefined, body }, added: ["servicePrincipal"] };
    }
    const isTagged = existing.tags.includes(ENTERPRISE_APPLICATION_TAG);
    const mustOpen = existing.appRoleAssignmentRequired && !needsAssignment;
    const body = {
        ...(existing.accountEnabled ? {} : { accountEnabled: true }),
        ...(existing.appRoleAssignmentRequired === needsAssignment
            ? {}
            : { appRoleAssignmentRequired: needsAssignment }),
        ...(isTagged ? {} : { tags: [...withoutOwnTags(existing.tags), ENTERPRISE_APPLICATION_TAG] }),
    };
    const added = [
        ...(existing.accountEnabled ? [] : scalarItems(observation, "servicePrincipal/enabled")),
        ...(mustOpen ? scalarItems(observation, "servicePrincipal/unassigned") : []),
        // One that we made goes as a whole.
        ...(isTagged || observation.managed.added.includes("servicePrincipal") ? [] : ["servicePrincipal/tag"]),
    ];
    return { change: Object.keys(body).length === 0 ? undefined : { id: existing.id, body }, added };
}

function planGrants(inputs: RestorePortalAppInputs, { live }: Observation): { changes: GrantChange[]; added: Item[] } {
    // Grants that the caller may not read are left alone.
    if (live.grants === undefined) return { changes: [], added: [] };
    const wanted = PERMISSIONS.filter((permission) => inputs.grantedPermissions.includes(permission));
    const changes = wanted.flatMap((permission): GrantChange[] => {
        const grant = findGrant(permission, live);
        if (grant === undefined) return [{ permission, id: undefined, scope: permission }];
        if (hasScope(grant, permission)) return [];
        return [{ permission, id: grant.id, scope: [grant.scope.trim(), permission].filter(Boolean).join(" ") }];
    });
    return { changes, added: changes.map(({ permission }) => `grantedPermissions/${permission}`) };
}
