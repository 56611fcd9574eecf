// Which Graph permissions the deploying identity needs, and what to do if one is missing.
import { PortalError } from "../portalError";
import { withPolicyAdvice } from "./appManagementPolicy";
import { isMissingRight } from "./graphErrors";
import type { Session } from "./session";

const WRITE_ALL = "Application.ReadWrite.All";
const WRITE_OWNED = "Application.ReadWrite.OwnedBy";
const WRITE_GRANTS = "DelegatedPermissionGrant.ReadWrite.All";

/** Completes a message about a missing application permission. */
export const WHO_GRANTS =
    "a Global Administrator or Privileged Role Administrator grants it in the Entra admin center: App registrations > API permissions > Grant admin consent";

/**
 * Permissions that an app-only token lacks for consent in a customer's tenant. OwnedBy works in the own tenant only.
 */
export function missingConsentPermissions({ permissions }: Session): string[] {
    return [WRITE_ALL, WRITE_GRANTS].filter((permission) => permissions?.has(permission) === false);
}

export interface MissingPermission {
    /** The input that requires the permission. Empty: every portal requires it. */
    readonly property: "" | "adminConsent";
    readonly reason: string;
}

/**
 * Permissions that an app-only token lacks for a portal. A user's token does not name the user's roles, so Entra
 * decides.
 */
export function missingPermissions(session: Session, needs: { readonly adminConsent: boolean }): MissingPermission[] {
    const { permissions } = session;
    if (permissions === undefined) return [];
    const caller = `the deploying identity ${session.callerAppId ?? session.callerObjectId}`;
    return [
        ...(permissions.has(WRITE_ALL) || permissions.has(WRITE_OWNED)
            ? []
            : [
                  {
                      property: "" as const,
                      reason: `${caller} (of the credentials in the environment) lacks the Microsoft Graph application permission ${WRITE_OWNED}; ${WHO_GRANTS}`,
                  },
              ]),
        ...(permissions.has(WRITE_GRANTS) || !needs.adminConsent
            ? []
            : [
                  {
                      property: "adminConsent" as const,
                      reason: `needs the Microsoft Graph application permission ${WRITE_GRANTS}, which ${caller} lacks; ${WHO_GRANTS}; or set adminConsent to false, and consent by hand`,
                  },
              ]),
    ];
}

/** Whether the caller may change only applications that it owns. */
export function mayWriteOnlyOwned({ permissions }: Session): boolean {
    return permissions !== undefined && permissions.has(WRITE_OWNED) && !permissions.has(WRITE_ALL);
}

/** Adds to a refusal of Graph what to do about it. */
export async function withRemedy(error: unknown, session: Session): Promise<unknown> {
    return withPolicyAdvice(withPermissionAdvice(error, session), session);
}

function withPermissionAdvice(error: unknown, session: Session): unknown {
    if (!(error instanceof PortalError) || !isMissingRight(error)) return error;
    const aboutGrants = /oauth2PermissionGrants/.test(error.message);
    const who = `the deploying identity ${session.callerAppId ?? session.callerObjectId}`;
    const remedy = aboutGrants
        ? `grant ${WRITE_GRANTS} to ${who}, or set adminConsent to false`
        : `make ${who} an owner of the application and grant ${WRITE_OWNED} to this identity, or grant it ${WRITE_ALL} instead`;
    return error.withAdvice(remedy);
}
