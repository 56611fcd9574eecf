// Finds names and other properties of objects for the entries of the audit log.
import { findObject } from "../directoryObjects";
import { backingApplication, type Viewpoint } from "../foreignApplications";
import type { Application, AppRole, ServicePrincipal } from "../graphTypes";
import { GRAPH_APP_ID, MICROSOFT_GRAPH } from "../microsoftGraph";
import type { StoredFederation } from "../tenant";

export class Names {
    constructor(private readonly viewpoint: Viewpoint) {}

    get withAssumed(): boolean {
        return this.viewpoint.tenant.auditLog.settings.namesAssumed;
    }

    applicationById(id: string): Application | undefined {
        return this.viewpoint.tenant.applications.current(id);
    }

    applicationOf(appId: string): Application | undefined {
        return backingApplication(this.viewpoint, appId)?.application;
    }

    servicePrincipalOf(appId: string): ServicePrincipal | undefined {
        return this.viewpoint.tenant.servicePrincipalOf(appId);
    }

    servicePrincipalById(id: string): ServicePrincipal | undefined {
        const { servicePrincipals, deleted } = this.viewpoint.tenant;
        return servicePrincipals.current(id) ?? (deleted.current(id) as ServicePrincipal | undefined);
    }

    federationsOf(id: string): readonly StoredFederation[] {
        return this.viewpoint.tenant.federatedCredentials.inGroup(id);
    }

    servicePrincipalNames({ appId }: Pick<ServicePrincipal, "appId">): string {
        if (appId === GRAPH_APP_ID) return MICROSOFT_GRAPH.servicePrincipalNames.join(";");
        return [appId, ...(this.applicationOf(appId)?.identifierUris ?? [])].join(";");
    }

    /** Returns the display name of a service principal. */
    of(id: string): string | null {
        const servicePrincipal = this.servicePrincipalById(id);
        if (servicePrincipal?.appId === GRAPH_APP_ID) return MICROSOFT_GRAPH.displayName;
        const own = servicePrincipal?.displayName ?? null;
        return own ?? this.applicationOf(servicePrincipal?.appId ?? "")?.displayName ?? null;
    }

    typeOf(id: string): string {
        const type = findObject(this.viewpoint.tenant, id)?.type ?? "other";
        return `${type.slice(0, 1).toUpperCase()}${type.slice(1)}`;
    }

    person(id: string): { readonly displayName: string | null; readonly userPrincipalName: string | null } {
        const user = this.viewpoint.tenant.users.get(id);
        if (user) return { displayName: null, userPrincipalName: user.userPrincipalName };
        return { displayName: this.of(id), userPrincipalName: null };
    }

    /** Returns the application or service principal with this id, for an entry about its owners. */
    ownedBy(id: string) {
        const application = this.applicationById(id);
        if (application) return { ...application, type: "Application" };
        const servicePrincipal = this.servicePrincipalById(id);
        return servicePrincipal && { ...servicePrincipal, displayName: this.of(id), type: "ServicePrincipal" };
    }

    roleOf(resourceId: string, appRoleId: string): AppRole | undefined {
        const appId = this.servicePrincipalById(resourceId)?.appId ?? "";
        const roles = appId === GRAPH_APP_ID ? MICROSOFT_GRAPH.appRoles : this.applicationOf(appId)?.appRoles;
        return roles?.find(({ id }) => id === appRoleId);
    }

    /** Returns the properties by which an entry names the principal of an assignment. */
    principalProperties(type: string, id: string): (readonly [name: string, value: string | null])[] {
        const { displayName, userPrincipalName } = this.person(id);
        const byId = [`${type}.ObjectID`, id] as const;
        if (type === "User") return [byId, ["User.UPN", userPrincipalName]];
        if (type === "Group") return [byId];
        const appId = this.servicePrincipalById(id)?.appId ?? null;
        return [
            byId,
            ["ServicePrincipal.DisplayName", displayName],
            ["ServicePrincipal.AppId", appId],
            ["ServicePrincipal.Name", appId],
        ];
    }
}
