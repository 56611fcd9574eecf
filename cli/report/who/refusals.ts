// Says why a tenant's audit log cannot be read, and what to do. Pure.
import { PortalError } from "../../../provider/portalError";

const REMEDIES: Readonly<Record<string, string>> = {
    Authentication_MSGraphPermissionMissing:
        "the credentials lack the application permission AuditLog.Read.All; grant it there, and Directory.Read.All too if Entra still refuses; in your own tenant, the project restore-portal-deployer grants AuditLog.Read.All if you set auditLog: true",
    Authentication_RequestFromUnsupportedUserRole:
        "the signed-in user needs the role Reports Reader, Security Reader or Security Administrator",
    Authentication_RequestFromNonPremiumTenantOrB2CTenant:
        "Entra says that the tenant has no Entra ID P1 licence; if it has one, grant Directory.Read.All besides AuditLog.Read.All, because Entra may need it to read the licence; if it has none, read the audit log in the Entra admin center",
};

/** Microsoft lists the national clouds with an audit log: https://learn.microsoft.com/graph/api/directoryaudit-list */
export const NO_LOG_IN_CHINA =
    "Microsoft Graph in China (21Vianet) does not offer the audit log; read it in the Entra admin center";

export function refusalOf(error: unknown): string {
    if (!(error instanceof PortalError)) throw error;
    return REMEDIES[error.graphCode ?? ""] ?? error.message;
}
