// Handles Graph's routes for users. https://learn.microsoft.com/graph/api/resources/user
import { randomUUID } from "node:crypto";

import { created, NO_CONTENT, type Answer, type GraphCall } from "./context";
import { badRequest, invalidValue, notFound, objectConflict } from "./graphError";
import type { TenantUser } from "./graphTypes";
import { GRANT } from "./grants";
import { countAnswer, entityAnswer, listAnswer, type Kind } from "./odata/collection";
import { assertMayReadGrants, assertMayReadUsers, assertMayWriteUsers } from "./permissions";
import { completeUser, HIDDEN_OF_USER, profileOf, shownUser } from "./userView";

export const USER: Kind = {
    set: "users",
    type: "user",
    hidden: HIDDEN_OF_USER,
    filterable: {
        id: ["eq"],
        accountEnabled: ["eq"],
        city: ["eq", "startswith"],
        companyName: ["advanced", "eq", "startswith"],
        country: ["eq", "startswith"],
        department: ["eq", "startswith"],
        displayName: ["eq", "startswith"],
        employeeId: ["eq", "startswith"],
        givenName: ["eq", "startswith"],
        jobTitle: ["eq", "startswith"],
        mail: ["eq", "startswith"],
        mailNickname: ["eq", "startswith"],
        onPremisesSyncEnabled: ["eq"],
        otherMails: ["any"],
        proxyAddresses: ["any"],
        surname: ["eq", "startswith"],
        usageLocation: ["eq", "startswith"],
        userPrincipalName: ["eq", "startswith"],
        userType: ["eq"],
    },
    searchable: ["displayName", "mail", "userPrincipalName"],
    orderable: ["displayName", "userPrincipalName"],
};

/** Finds a user by id or user principal name. */
export function existingUser({ tenant, params }: GraphCall): TenantUser {
    const key = params["user"] ?? "";
    const found =
        tenant.users.get(key) ??
        [...tenant.users.values()].find((one) => one.userPrincipalName.toLowerCase() === key.toLowerCase());
    if (found) return found;
    throw notFound(key);
}

export function listUsers(call: GraphCall): Answer {
    assertMayReadUsers(call);
    const objects = [...call.tenant.users.values()].map(completeUser);
    return listAnswer(call, USER, { path: "/users", objects });
}

export function countUsers(call: GraphCall): Answer {
    assertMayReadUsers(call);
    return countAnswer(call, USER, { objects: [...call.tenant.users.values()].map(completeUser) });
}

export function getUser(call: GraphCall): Answer {
    assertMayReadUsers(call);
    return entityAnswer(call, USER, completeUser(existingUser(call)));
}

const REQUIRED = ["accountEnabled", "displayName", "mailNickname", "userPrincipalName", "passwordProfile"];

export function postUser(call: GraphCall): Answer {
    assertMayWriteUsers(call);
    const missing = REQUIRED.find((name) => call.body[name] === undefined || call.body[name] === null);
    if (missing !== undefined) throw badRequest(`A value is required for property '${missing}' of resource 'User'.`);
    const user = changed(call, { id: randomUUID(), displayName: "", userPrincipalName: "", isAdministrator: false });
    call.tenant.users.set(user.id, user);
    return created(call, "users", shownUser(user));
}

export function patchUser(call: GraphCall): Answer {
    assertMayWriteUsers(call);
    const user = existingUser(call);
    call.tenant.users.set(user.id, changed(call, user));
    return NO_CONTENT;
}

/** The emulator keeps no password: a user signs in by picking the account. */
function changed({ tenant, body }: GraphCall, base: TenantUser): TenantUser {
    const sent = Object.entries(body).filter(
        ([name, value]) =>
            !name.includes("@odata") && name !== "passwordProfile" && !(name === "id" && value === base.id),
    );
    const own = Object.fromEntries(sent.filter(([name]) => REQUIRED.includes(name)));
    const wrong = Object.entries(own).find(([name, value]) => !isRight(name, value));
    if (wrong) throw invalidValue(wrong[0], "User");
    const profile = profileOf(Object.fromEntries(sent.filter(([name]) => !REQUIRED.includes(name))));
    const next = { ...base, ...(own as Partial<TenantUser>), profile: { ...base.profile, ...profile } };
    const [, domain = ""] = next.userPrincipalName.split("@");
    if (!tenant.verifiedDomains.includes(domain.toLowerCase())) {
        throw badRequest(
            "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.",
        );
    }
    const same = (one: TenantUser) => one.userPrincipalName.toLowerCase() === next.userPrincipalName.toLowerCase();
    const holder = [...tenant.users.values()].find((one) => one.id !== base.id && same(one));
    if (holder) throw objectConflict("userPrincipalName", `User_${holder.id}`);
    return next;
}

function isRight(name: string, value: unknown): boolean {
    return name === "accountEnabled" ? typeof value === "boolean" : typeof value === "string" && value !== "";
}

export function deleteUser(call: GraphCall): Answer {
    assertMayWriteUsers(call);
    const { id } = existingUser(call);
    for (const one of call.tenant.appRoleAssignments.inGroup(id)) call.tenant.appRoleAssignments.remove(one.id);
    call.tenant.users.delete(id);
    return NO_CONTENT;
}

export function listGrantsOf(call: GraphCall): Answer {
    assertMayReadGrants(call);
    const { id } = existingUser(call);
    const objects = call.tenant.grants
        .all(call.replica.behind("grant"))
        .filter(({ principalId }) => principalId === id);
    return listAnswer(call, GRANT, { path: `/users/${id}/oauth2PermissionGrants`, objects });
}
