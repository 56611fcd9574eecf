// Finds reasons to refuse the adoption of an application that belongs to somebody else, and makes the warnings about
// the adoption. Also finds reasons to refuse a changed address or certificate of an application that is already
// managed. Pure.
import type { Live } from "../../entra/live";
import { redirectUriOf } from "../../inputs/portalUrl";
import { isUnknown, type InputFailure } from "../../inputs/rawInputs";
import { ALL_USERS, ASSIGNMENT_REQUIRED } from "../../inputs/statusTexts";
import { missingCertificate } from "./certificates";
import { isLeftAlone, type RestorePortalAppInputs } from "./inputs";
import { isRegistered } from "./live";

export function adoptionFailures(live: Live, inputs: RestorePortalAppInputs, now: Date): InputFailure[] {
    return [
        ...platformFailures(live.application, inputs),
        ...registrationFailures(live, inputs, now),
        ...assignmentFailures(live, inputs),
    ];
}

/** The appId of an application, and its redirect URIs on the platforms other than Single-page application. */
type Platforms = Pick<Live["application"], "appId" | "web" | "publicClient">;

/**
 * Entra allows a URI on one platform only ("Redirect URIs must have distinct values"). `known`: addresses of the last
 * deployment. They are not refused here: the deployment moves back those that this resource added, and refuses others.
 */
export function platformFailures(
    application: Platforms,
    inputs: RestorePortalAppInputs,
    known: readonly string[] = [],
): InputFailure[] {
    if (isLeftAlone(inputs, "portalUrl")) return [];
    const { portalUrl, additionalPortalUrls } = inputs;
    const urls = [
        { property: "portalUrl", url: portalUrl },
        ...(isUnknown(additionalPortalUrls) ? [] : additionalPortalUrls).map((url, index) => ({
            property: `additionalPortalUrls[${index}]`,
            url,
        })),
    ].filter(({ url }) => !isUnknown(url) && !known.includes(url));
    const platforms = [
        { name: "Web", uris: application.web.redirectUris },
        { name: "Mobile and desktop", uris: application.publicClient.redirectUris },
    ];
    return urls.flatMap(({ property, url }) =>
        platforms
            .filter(({ uris }) => isRegistered(redirectUriOf(url), uris))
            .map(({ name }) => ({ property, reason: onOtherPlatform(url, name, application.appId) })),
    );
}

export function onOtherPlatform(uri: string, platform: string, appId: string): string {
    return `"${uri}" is registered on the platform ${platform} of application ${appId}, and Entra allows a redirect URI on one platform only; remove it there first`;
}

export function registrationFailures({ application }: Live, inputs: RestorePortalAppInputs, now: Date): InputFailure[] {
    if (isUnknown(inputs.certificate?.thumbprint)) return [];
    const reason = missingCertificate(inputs, application, now);
    return reason === undefined ? [] : [{ property: "certificate", reason }];
}

/**
 * With `registerCertificate: false`, refuses a certificate that the deployment generates, because nobody can have
 * registered it yet.
 */
export function generatedUnregistered(): InputFailure {
    const reason =
        "the deployment generates it, so it cannot be registered yet, but registerCertificate: false requires a registered certificate; leave registerCertificate out, or give the registered certificate as source.pfx or source.store of the PortalCertificate";
    return { property: "certificate", reason };
}

/**
 * Refuses `enabled` in a program if only assigned users may sign in, because it would weaken the setting of the owner.
 * The owner has to change the setting first.
 */
function assignmentFailures({ servicePrincipal, application }: Live, inputs: RestorePortalAppInputs): InputFailure[] {
    if (servicePrincipal?.appRoleAssignmentRequired !== true || inputs.servicePrincipal !== ALL_USERS) return [];
    const reason = `application ${application.appId} lets only assigned users sign in ("Assignment required"); to keep that, leave servicePrincipal out or write "${ASSIGNMENT_REQUIRED}"; to let all users sign in, turn "Assignment required" off in Entra first`;
    return [{ property: "servicePrincipal", reason }];
}

/**
 * Warns if only assigned users may sign in and the adoption leaves that alone. Says nothing about `enabled`, because
 * `adoptionFailures` refuses it.
 */
export function adoptionWarnings({ servicePrincipal, application }: Live, inputs: RestorePortalAppInputs): string[] {
    const isLeft =
        servicePrincipal?.appRoleAssignmentRequired === true &&
        inputs.servicePrincipal !== ASSIGNMENT_REQUIRED &&
        inputs.servicePrincipal !== ALL_USERS &&
        !isUnknown(inputs.servicePrincipal);
    return isLeft
        ? [
              `servicePrincipal: application ${application.appId} lets only assigned users sign in ("Assignment required"), and the deployment leaves that alone; all other users get AADSTS50105; assign them in Entra, or ask the owner to turn the setting off`,
          ]
        : [];
}
