// Answers requests for the directory audit log. https://learn.microsoft.com/graph/api/directoryaudit-list
import type { Answer, GraphCall } from "../context";
import { GraphFault, notFound } from "../graphError";
import { entityAnswer, listAnswer, type Kind } from "../odata/collection";

const DIRECTORY_AUDIT: Kind = {
    set: "auditLogs/directoryAudits",
    type: "directoryAudit",
    options: ["$filter", "$orderby", "$top", "$skiptoken"],
    maxPage: 1000,
    filterable: {
        id: ["eq"],
        activityDateTime: ["eq", "ge", "le"],
        activityDisplayName: ["eq", "startswith"],
        category: ["eq"],
        correlationId: ["eq"],
        loggedByService: ["eq"],
        "initiatedBy/user/id": ["eq"],
        "initiatedBy/user/displayName": ["eq"],
        "initiatedBy/user/userPrincipalName": ["eq", "startswith"],
        "initiatedBy/app/appId": ["eq"],
        "initiatedBy/app/displayName": ["eq"],
        targetResources: ["any"],
        "targetResources/id": ["eq"],
        "targetResources/displayName": ["eq", "startswith"],
    },
    orderable: ["activityDateTime"],
    isReport: true,
};

export function listDirectoryAudits(call: GraphCall): Answer {
    assertMayRead(call);
    return listAnswer(call, DIRECTORY_AUDIT, {
        path: "/auditLogs/directoryAudits",
        objects: call.tenant.auditLog.readable(),
    });
}

export function getDirectoryAudit(call: GraphCall): Answer {
    assertMayRead(call);
    const id = call.params["audit"] ?? "";
    const found = call.tenant.auditLog.readable().find((one) => one.id === id);
    if (!found) throw notFound(id);
    return entityAnswer(call, DIRECTORY_AUDIT, found);
}

/** The audit log has error codes of its own, which differ from those of Graph's directory. */
function assertMayRead({ tenant, caller }: GraphCall): void {
    const refused = (code: string, message: string) => new GraphFault(403, `Authentication_${code}`, message);
    const allowed = caller.scopes ?? caller.roles;
    if (!allowed.has("AuditLog.Read.All")) {
        const missing = "The principal does not have required Microsoft Graph permission(s): AuditLog.Read.All.";
        throw refused("MSGraphPermissionMissing", missing);
    }
    if (caller.scopes && tenant.users.get(caller.objectId)?.isAdministrator !== true)
        throw refused("RequestFromUnsupportedUserRole", "User is not in the allowed roles");
    if (tenant.auditLog.settings.licence === "refused") {
        const text = "Neither tenant is B2C or tenant doesn't have premium license";
        throw refused("RequestFromNonPremiumTenantOrB2CTenant", text);
    }
}
