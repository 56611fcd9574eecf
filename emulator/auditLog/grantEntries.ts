// Makes the audit log entries about consent: delegated grants, app role assignments, and consent on the consent page.
import type { AppRoleAssignment, OAuth2PermissionGrant, TenantUser } from "../graphTypes";
import type { Change } from "./journal";
import type { Names } from "./names";
import { derived, oneSided, target, type Draft } from "./record";

const ADD = { activity: "Add delegated permission grant", operation: "Assign" } as const;
const REMOVE = { activity: "Remove delegated permission grant", operation: "Unassign" } as const;

/**
 * A change of an existing grant makes an Add and a Remove entry with the same values, whether the scope grows or
 * shrinks.
 */
export function grantEntries({ before, after }: Change<OAuth2PermissionGrant>, names: Names): Draft[] {
    const grant = after ?? before;
    if (!grant) return [];
    const both = before !== undefined && after !== undefined;
    const kinds = both ? [ADD, REMOVE] : [after ? ADD : REMOVE];
    const scope = derived("DelegatedPermissionGrant.Scope", shown(before), shown(after));
    return kinds.map((kind) => ({ ...kind, ...grantTargets(grant, scope, names) }));
}

/** Entra writes a space before the first scope. */
function shown(grant: OAuth2PermissionGrant | undefined): string | null {
    return grant ? ` ${grant.scope}` : null;
}

/** The first target is the resource, and the second one is the client. */
function grantTargets(grant: OAuth2PermissionGrant, scope: ReturnType<typeof derived>, names: Names) {
    const { clientId, resourceId, consentType, principalId } = grant;
    const [resource, client] = [names.servicePrincipalById(resourceId), names.servicePrincipalById(clientId)];
    const modifiedProperties = [
        scope,
        derived("DelegatedPermissionGrant.ConsentType", null, consentType),
        ...(principalId === null ? [] : [derived("DelegatedPermissionGrant.PrincipalId", null, principalId)]),
        derived("ServicePrincipal.ObjectID", null, clientId),
        derived("ServicePrincipal.DisplayName", null, null),
        derived("ServicePrincipal.AppId", null, client?.appId ?? null),
        derived("ServicePrincipal.Name", null, client?.appId ?? null),
        ...(resource ? [derived("TargetId.ServicePrincipalNames", null, names.servicePrincipalNames(resource))] : []),
    ];
    return {
        targets: [
            target("ServicePrincipal", resourceId, { displayName: names.of(resourceId), modifiedProperties }),
            target("ServicePrincipal", clientId),
        ],
        details: [{ key: "AppId", value: resource?.appId ?? "" }],
    };
}

const OF_PRINCIPAL: Readonly<
    Record<string, { readonly add: string; readonly remove: string; readonly category: string }>
> = {
    ServicePrincipal: {
        add: "Add app role assignment to service principal",
        remove: "Remove app role assignment from service principal",
        category: "ApplicationManagement",
    },
    User: {
        add: "Add app role assignment grant to user",
        remove: "Remove app role assignment from user",
        category: "UserManagement",
    },
    Group: {
        add: "Add app role assignment to group",
        remove: "Remove app role assignment from group",
        category: "GroupManagement",
    },
};

export function assignmentEntries({ before, after }: Change<AppRoleAssignment>, names: Names): Draft[] {
    const assignment = after ?? before;
    const activity = OF_PRINCIPAL[assignment?.principalType ?? ""];
    if (!assignment || !activity) return [];
    const { principalId, principalType, resourceId, appRoleId } = assignment;
    const role = names.roleOf(resourceId, appRoleId);
    const property = (name: string, text: string | null) => oneSided(name, text, after !== undefined);
    const modifiedProperties = [
        property("AppRole.Id", appRoleId),
        property("AppRole.Value", role?.value ?? null),
        property("AppRole.DisplayName", role?.displayName ?? null),
        property("AppRoleAssignment.CreatedDateTime", assignment.createdDateTime),
        property("AppRoleAssignment.LastModifiedDateTime", assignment.createdDateTime),
        ...names.principalProperties(principalType, principalId).map(([name, text]) => property(name, text)),
    ];
    return [
        {
            activity: after ? activity.add : activity.remove,
            operation: after ? "Assign" : "Unassign",
            category: activity.category,
            targets: [
                target("ServicePrincipal", resourceId, { displayName: names.of(resourceId), modifiedProperties }),
                target(principalType, principalId, names.person(principalId)),
            ],
        },
    ];
}

export interface Consented {
    readonly clientId: string;
    readonly user: TenantUser;
    readonly isForOrganization: boolean;
    readonly grants: readonly OAuth2PermissionGrant[];
}

/**
 * Returns the entry that Entra writes when a user consents on the consent page. Entra writes it in addition to the
 * entries about the grants.
 */
export function consentEntry({ clientId, user, isForOrganization, grants }: Consented, names: Names): Draft {
    const client = names.servicePrincipalById(clientId);
    const flag = (value: boolean) => (value ? "True" : "False");
    const modifiedProperties = [
        derived("ConsentContext.IsAdminConsent", null, flag(user.isAdministrator)),
        derived("ConsentContext.IsAppOnly", null, "False"),
        derived("ConsentContext.OnBehalfOfAll", null, flag(isForOrganization)),
        derived("ConsentContext.Tags", null, "WindowsAzureActiveDirectoryIntegratedApp"),
        derived("ConsentAction.Permissions", null, `[] => [${grants.map(described).join(", ")}]; `),
        ...(client ? [derived("TargetId.ServicePrincipalNames", null, names.servicePrincipalNames(client))] : []),
    ];
    return {
        activity: "Consent to application",
        operation: "Assign",
        targets: [target("ServicePrincipal", clientId, { displayName: names.of(clientId), modifiedProperties })],
    };
}

function described({ id, clientId, principalId, resourceId, consentType, scope }: OAuth2PermissionGrant): string {
    const ids = `Id: ${id}, ClientId: ${clientId}, PrincipalId: ${principalId ?? ""}, ResourceId: ${resourceId}`;
    return `[${ids}, ConsentType: ${consentType}, Scope: ${scope}, CreatedDateTime: , LastModifiedDateTime ]`;
}
