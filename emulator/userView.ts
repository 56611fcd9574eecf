// Shows the properties that Graph returns for a user without `$select`.
import type { TenantUser } from "./graphTypes";

export function shownUser(user: TenantUser): object {
    const [givenName = null, ...others] = user.displayName.split(" ");
    return {
        businessPhones: [],
        displayName: user.displayName,
        givenName,
        jobTitle: null,
        mail: user.userPrincipalName,
        mobilePhone: null,
        officeLocation: null,
        preferredLanguage: null,
        surname: others.length > 0 ? others.join(" ") : null,
        userPrincipalName: user.userPrincipalName,
        id: user.id,
    };
}

/** Graph returns these only if `$select` names them. */
export const HIDDEN_OF_USER = ["accountEnabled", "mailNickname", "userType", "deletedDateTime"];

export function completeUser(user: TenantUser): object {
    const { accountEnabled = true, mailNickname, userPrincipalName } = user;
    return {
        ...shownUser(user),
        accountEnabled,
        deletedDateTime: null,
        mailNickname: mailNickname ?? userPrincipalName.split("@")[0],
        userType: "Member",
    };
}
