// The two delegated permissions of the Restore Portal and the ids behind them. Pure.
// Veeam: "Restore Portal application permissions" (both delegated); ids: Microsoft Graph permissions reference.
import type { PermissionScope } from "../entra/live";

/** Id of Microsoft Graph's delegated scope `User.Read`, the same in every tenant and cloud. */
export const USER_READ_SCOPE_ID = "e1fe6dd8-ba31-4d61-89e7-88639da4683d";
/** Tag by which Entra's admin center lists a service principal under "Enterprise applications". */
export const ENTERPRISE_APPLICATION_TAG = "WindowsAzureActiveDirectoryIntegratedApp";

/** `User.Read` (Microsoft Graph) signs the user in; `access_as_user` (the application itself) is what On-Behalf-Of redeems. */
export const PERMISSIONS = ["User.Read", "access_as_user"] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** The scope `access_as_user` as VB365's own scripts publish it: type `Admin`, so that no user consents alone. */
export function accessAsUserScope(id: string): PermissionScope {
    return {
        id,
        value: "access_as_user",
        type: "Admin",
        isEnabled: true,
        adminConsentDisplayName: "Access Restore Portal as the signed-in user",
        adminConsentDescription: "Lets Restore Portal of Veeam Backup for Microsoft 365 act for the signed-in user.",
        userConsentDisplayName: "Access Restore Portal as you",
        userConsentDescription: "Lets Restore Portal of Veeam Backup for Microsoft 365 act for you.",
    };
}
