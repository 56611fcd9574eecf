// Describes who made a change, in the form of `initiatedBy` in an entry of the audit log.
import type { Caller } from "../context";
import { backingApplication, type Viewpoint } from "../foreignApplications";
import type { TenantUser } from "../graphTypes";

export interface Actor {
    readonly initiatedBy: object;
    readonly userAgent?: string | undefined;
}

/** An entry shows the client's name as the display name of the person. For most clients it shows null. */
const CLIENT_NAMES: Readonly<Record<string, string>> = {
    "14d82eec-204b-4c2f-b7e8-296a70dab67e": "Microsoft Graph Command Line Tools",
};

export function actorOf(viewpoint: Viewpoint, caller: Caller, userAgent: string | undefined): Actor {
    const user = caller.scopes ? viewpoint.tenant.users.get(caller.objectId) : undefined;
    if (user) return userActor(user, CLIENT_NAMES[caller.appId] ?? null, userAgent);
    const { servicePrincipals } = viewpoint.tenant;
    const displayName =
        servicePrincipals.current(caller.objectId)?.displayName ??
        backingApplication(viewpoint, caller.appId)?.application.displayName ??
        null;
    const app = { appId: null, displayName, servicePrincipalId: caller.objectId, servicePrincipalName: null };
    return { initiatedBy: { user: null, app }, userAgent };
}

/** After consent on the consent page, the entries name the sign-in service as the client of the user. */
export function consentActor(user: TenantUser): Actor {
    return userActor(user, "Azure ESTS Service", "EvoSTS");
}

export function userActor(user: TenantUser, client: string | null, userAgent: string | undefined): Actor {
    const { id, userPrincipalName } = user;
    const unset = { userType: null, homeTenantId: null, homeTenantName: null };
    const person = { id, displayName: client, userPrincipalName, ipAddress: "", ...unset, agentType: "notAgentic" };
    return { initiatedBy: { user: person, app: null }, userAgent };
}
