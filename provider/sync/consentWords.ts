// Says in words what the release of consent in one tenant writes. The words are made from the plan that the release
// carries out. Pure.
import { listed } from "../sentences";
import type { ConsentRelease } from "./consentRelease";
import { scopesOf } from "./liveConsent";
import type { LiveObjects } from "./owned";
import { ENTERPRISE_APPLICATION_TAG } from "./permissions";
import { tagsOf, withoutCopiedTags } from "./tags";

export const SERVICE_PRINCIPAL = "the service principal (enterprise application)";

/**
 * Returns the phrases for all changes except those of our tags. If the service principal is deleted, Entra deletes its
 * grants too, so they have no phrase.
 */
export function consentReleasePhrases(live: LiveObjects, { servicePrincipal, grants }: ConsentRelease): string[] {
    if (servicePrincipal !== undefined && servicePrincipal.body === undefined) return [`deletes ${SERVICE_PRINCIPAL}`];
    const { accountEnabled, appRoleAssignmentRequired: assignment, tags } = servicePrincipal?.body ?? {};
    const isListed = (list: readonly string[] = []) => list.includes(ENTERPRISE_APPLICATION_TAG);
    const isUnlisted = tags !== undefined && isListed(live.servicePrincipal?.tags) && !isListed(tags as string[]);
    const revoked = grants.flatMap(({ id, scope }) => {
        const grant = live.grants?.find((one) => one.id === id);
        return grant ? scopesOf(grant).filter((one) => !scopesOf({ scope }).includes(one)) : [];
    });
    return [
        ...(accountEnabled === false ? [`disables ${SERVICE_PRINCIPAL}`] : []),
        ...(assignment === true ? ["lets only assigned users sign in"] : []),
        ...(assignment === false ? ["lets all users sign in"] : []),
        ...(isUnlisted ? [`removes ${SERVICE_PRINCIPAL} from the list of enterprise applications`] : []),
        ...(revoked.length === 0 ? [] : [`revokes ${listed(revoked)} for all users of the tenant`]),
    ];
}

/** Returns whether the release removes the tags of the holder from a service principal that stays. */
export function removesConsentTag(
    { servicePrincipal: live }: LiveObjects,
    { servicePrincipal }: ConsentRelease,
    holder: string,
): boolean {
    const own = (tags: readonly string[]) => tagsOf(withoutCopiedTags(tags), holder);
    const sent = servicePrincipal?.body?.["tags"] as readonly string[] | undefined;
    return sent !== undefined && own(live?.tags ?? []).length > 0 && own(sent).length === 0;
}

/** Counts the grants that stay. */
export function grantsLeft({ grants: live = [] }: LiveObjects, { servicePrincipal, grants }: ConsentRelease): number {
    if (servicePrincipal !== undefined && servicePrincipal.body === undefined) return 0;
    const deleted = grants.filter(({ scope }) => scope === "").map(({ id }) => id);
    return live.filter(({ id }) => !deleted.includes(id)).length;
}
