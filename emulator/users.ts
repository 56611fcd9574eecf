// Adds users to a tenant.
import { randomUUID } from "node:crypto";

import type { TenantUser } from "./graphTypes";
import type { Tenant } from "./tenant";

export interface NewUser {
    readonly displayName: string;
    /** The user principal name. Default: made from the display name and the tenant's domain. */
    readonly userPrincipalName?: string;
    readonly isAdministrator?: boolean;
}

export function addUser(tenant: Tenant, { displayName, userPrincipalName, isAdministrator = false }: NewUser) {
    const mailbox = displayName.toLowerCase().replace(/[^a-z0-9]+/g, ".");
    const user: TenantUser = {
        id: randomUUID(),
        displayName,
        userPrincipalName: userPrincipalName ?? `${mailbox}@${tenant.verifiedDomains[0] ?? ""}`,
        isAdministrator,
    };
    tenant.users.set(user.id, user);
    return user;
}

/** Adds the accounts that the sign-in page offers from the start. */
export function seedUsers(tenant: Tenant): void {
    addUser(tenant, { displayName: "Adele Vance" });
    addUser(tenant, { displayName: "Alex Wilber" });
    addUser(tenant, { displayName: "Megan Bowen", isAdministrator: true });
}
