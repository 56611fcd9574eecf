// Finds the Graph permissions that the deploying identity lacks, and advises how to grant them.
import { PortalError } from "../portalError";
import { withPolicyAdvice } from "./appManagementPolicy";
import { isMissingRight } from "./graphErrors";
import { GRAPH_APP_ID } from "./live";
import type { Session } from "./session";

const WRITE_ALL = "Application.ReadWrite.All";
const WRITE_OWNED = "Application.ReadWrite.OwnedBy";
const WRITE_GRANTS = "DelegatedPermissionGrant.ReadWrite.All";

/** Ids of application permissions of Microsoft Graph. Every tenant has the same ids. */
const ROLE_IDS: Readonly<Record<string, string>> = {
    [WRITE_OWNED]: "18a4783c-866b-4cc7-a460-3d5e5662c884",
    [WRITE_GRANTS]: "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
};

/** Names the caller in messages. A user's token names the Azure CLI as its application, so the user's id is shown. */
export function callerOf({ permissions, callerAppId, callerObjectId }: Session): string {
    return permissions === undefined
        ? `the signed-in user ${callerObjectId}`
        : `the deploying identity ${callerAppId ?? callerObjectId}`;
}

/** A directory role that lets a user change applications and grant delegated permissions. */
const USER_ROLE = "the directory role Cloud Application Administrator";

const WHO = "a Global Administrator or Privileged Role Administrator";

/** Says who can grant a missing application permission, and where. */
const WHO_GRANTS = `${WHO} grants it in the Entra admin center: App registrations > the deploying identity > API permissions > Add a permission, and then Grant admin consent`;

/** The same for a customer's tenant, which always has the caller's service principal, but rarely its application. */
export const WHO_GRANTS_THERE = `${WHO} grants admin consent in the Entra admin center: Enterprise applications > the deploying identity > Permissions > Grant admin consent (the app registration of this identity must list every missing permission)`;

/**
 * Returns the Azure CLI commands that grant the permission. Returns an empty text if the token does not name the
 * caller's application.
 */
function azGrants(permission: string, { callerAppId }: Session): string {
    if (callerAppId === undefined) return "";
    const add = `az ad app permission add --id ${callerAppId} --api ${GRAPH_APP_ID} --api-permissions ${ROLE_IDS[permission] ?? ""}=Role`;
    return `, or by two commands: ${add}; az ad app permission admin-consent --id ${callerAppId}`;
}

/**
 * Returns the permissions that an app-only token lacks for consent in a customer's tenant.
 * Application.ReadWrite.OwnedBy does not count, because it has an effect only in the application's own tenant.
 */
export function missingConsentPermissions({ permissions }: Session): string[] {
    return [WRITE_ALL, WRITE_GRANTS].filter((permission) => permissions?.has(permission) === false);
}

/** Says what the caller needs for consent in a customer's tenant. */
export function neededForConsent(session: Session): string {
    const right = session.permissions === undefined ? USER_ROLE : `${WRITE_ALL} and ${WRITE_GRANTS}`;
    return `${callerOf(session)} needs ${right}`;
}

export interface MissingPermission {
    /** The input that requires the permission. Empty: every portal requires it. */
    readonly property: "" | "adminConsent";
    readonly reason: string;
}

/**
 * Returns the permissions that an app-only token lacks for a portal. Returns none for a user, because a user's rights
 * depend on directory roles and on ownership. Only Entra can decide for a user.
 */
export function missingPermissions(session: Session, needs: { readonly adminConsent: boolean }): MissingPermission[] {
    const { permissions } = session;
    if (permissions === undefined) return [];
    const caller = callerOf(session);
    return [
        ...(permissions.has(WRITE_ALL) || permissions.has(WRITE_OWNED)
            ? []
            : [
                  {
                      property: "" as const,
                      reason: `with these credentials, ${caller} lacks the Microsoft Graph application permission ${WRITE_OWNED}; ${WHO_GRANTS}${azGrants(WRITE_OWNED, session)}`,
                  },
              ]),
        ...(permissions.has(WRITE_GRANTS) || !needs.adminConsent
            ? []
            : [
                  {
                      property: "adminConsent" as const,
                      reason: `needs the Microsoft Graph application permission ${WRITE_GRANTS}, which ${caller} lacks; ${WHO_GRANTS}${azGrants(WRITE_GRANTS, session)}; or set adminConsent to false, and consent by hand`,
                  },
              ]),
    ];
}

/** Returns whether the caller may change only applications that it owns. */
export function mayWriteOnlyOwned({ permissions }: Session): boolean {
    return permissions !== undefined && permissions.has(WRITE_OWNED) && !permissions.has(WRITE_ALL);
}

/** Adds advice to a refusal if a missing permission or a policy caused the refusal. */
export async function withRemedy(error: unknown, session: Session): Promise<unknown> {
    return withPolicyAdvice(withPermissionAdvice(error, session), session);
}

function withPermissionAdvice(error: unknown, session: Session): unknown {
    if (!(error instanceof PortalError) || !isMissingRight(error)) return error;
    const aboutGrants = /oauth2PermissionGrants/.test(error.message);
    const who = callerOf(session);
    const isUser = session.permissions === undefined;
    if (aboutGrants) {
        const right = isUser ? `assign ${USER_ROLE} to ${who}` : `grant ${WRITE_GRANTS} to ${who}`;
        // A release removes the grant even with `adminConsent: false`.
        const isRelease = error.message.startsWith("removing a grant");
        return error.withAdvice(isRelease ? right : `${right}, or set adminConsent to false`);
    }
    // Nobody can own an application that is not registered yet, so this advice does not mention owners.
    if (/\(POST \/v1\.0\/applications\)/.test(error.message))
        return error.withAdvice(`${isUser ? `assign ${USER_ROLE}` : `grant ${WRITE_OWNED}`} to ${who}`);
    // With only Application.ReadWrite.OwnedBy, an identity cannot add owners even to an application that it owns.
    if (!isUser && /\/owners\/\$ref\)/.test(error.message))
        return error.withAdvice(`grant ${WRITE_ALL} and Directory.Read.All to ${who}`);
    const more = isUser
        ? `or assign ${USER_ROLE} to this user`
        : `and grant ${WRITE_OWNED} to this identity, or grant it ${WRITE_ALL} instead`;
    return error.withAdvice(`make ${who} an owner of the application${isUser ? "," : ""} ${more}`);
}
