// Builds and sends the requests that create or repair consent in one tenant.
import type { LiveConsent } from "../entra/live";
import { findServicePrincipalId, graphServicePrincipalId } from "../entra/directory";
import { isConflict, isUncertain } from "../entra/graphErrors";
import type { GraphAnswer } from "../entra/graphRequest";
import { anObject } from "../entra/graphShapes";
import { GRANTS_PATH, grantPath, SERVICE_PRINCIPALS_PATH, servicePrincipalObjectPath } from "../entra/paths";
import type { Session } from "../entra/session";
import { warn } from "../log";
import type { PortalError } from "../portalError";
import { ownedGrants, type GrantChange, type ServicePrincipalChange } from "./grants";
import { grantsNotReadable } from "./liveConsent";
import { withOwned } from "./ownership";
import type { Owned, Ownership } from "./owned";
import { PORTAL_TAG, tagsOf, withoutCopiedTags } from "./tags";
import { patch, write, type Write } from "./write";

/** The application, and its name in messages: `application 58a0f8e1-...`. */
export interface ConsentOf {
    readonly appId: string;
    readonly what: string;
}

interface ServicePrincipalIds {
    readonly servicePrincipalId: string;
    readonly graphServicePrincipalId: string;
}

/**
 * The POST may be repeated, because Graph then answers that the service principal exists, and the next observation
 * shows it.
 */
export function servicePrincipalRequest(
    { id, body }: ServicePrincipalChange,
    { what }: ConsentOf,
    live: LiveConsent,
): Write {
    const object = `the service principal of ${what}`;
    if (id !== undefined) {
        return patch(servicePrincipalObjectPath(id), live.servicePrincipal ?? {}, body, `changing ${object}`);
    }
    return {
        method: "POST",
        path: SERVICE_PRINCIPALS_PATH,
        body,
        purpose: `creating ${object}`,
        answers: anObject,
        retry: "always",
    };
}

/**
 * Returns the record of ownership after Entra has carried out the write of a service principal. Do not call it after a
 * conflict: then another client created the service principal a moment before, so it belongs to others. If this
 * resource did create it, a later read shows the tag of this resource.
 */
export function afterServicePrincipal<O extends Ownership>(
    ownership: O,
    { id, body, gained, lost }: ServicePrincipalChange,
    answer: GraphAnswer,
): O {
    const made = (answer.body as { id?: string } | undefined)?.id;
    const answered = gained.map((entry): Owned => ({ ...entry, ...idOf(entry.id ?? id ?? made) }));
    const sent = withoutCopiedTags((body["tags"] as string[] | undefined) ?? []);
    const own = tagsOf(sent, ownership.holder);
    const others = (ownership.tags ?? []).filter((tag) => tag.startsWith(`${PORTAL_TAG}:`));
    return {
        ...ownership,
        owned: withOwned(ownership.owned, answered, lost),
        ...(body["tags"] === undefined ? {} : { tags: [...others, ...own] }),
    };
}

function idOf(id: string | undefined): { id?: string } {
    return id === undefined ? {} : { id };
}

/**
 * Writes the grants, which need the ids of two service principals: of the application, and of Microsoft Graph. Also
 * sends the requests in `more`. If the record of ownership changes, calls `confirm` with the new record.
 */
export async function writeGrants<O extends Ownership>(
    session: Session,
    of: ConsentOf,
    live: LiveConsent,
    {
        grants,
        more = [],
        ownership,
    }: { readonly grants: readonly GrantChange[]; readonly more?: readonly Write[]; readonly ownership: O },
    confirm: (ownership: O) => void,
): Promise<PortalError | undefined> {
    if (grants.length + more.length === 0) return undefined;
    const ids = grants.length === 0 ? undefined : await idsFor(session, of.appId, live, ownership);
    const requests = ids ? grants.map((grant) => grantRequest(grant, of, ids, live)) : [];
    const { answers, refusal, failure } = await write(session, [...requests, ...more]);
    const made = grants.filter((_, index) => isOurs(answers[index]));
    const gained = made.flatMap((grant) => {
        const answer = answers[grants.indexOf(grant)]?.body as { id?: string } | undefined;
        return ownedGrants({ ...grant, id: grant.id ?? answer?.id });
    });
    const noted = failure && isUncertain(failure) ? withoutConsentTags(ownership) : ownership;
    if (gained.length > 0 || noted !== ownership) confirm({ ...noted, owned: withOwned(ownership.owned, gained) });
    if (failure) throw failure;
    return refusal;
}

/**
 * If Entra did not answer, a grant may exist that the record does not list. So the consent tags are removed from the
 * record. Then the record differs from the live tags, and the next observation takes the entries from the live tags.
 */
function withoutConsentTags<O extends Ownership>(ownership: O): O {
    return { ...ownership, tags: (ownership.tags ?? []).filter((tag) => tag.startsWith(`${PORTAL_TAG}:`)) };
}

/**
 * "Already exists" means that another client created the grant, unless an earlier attempt of the same request had no
 * certain answer.
 */
function isOurs(answer: GraphAnswer | undefined): boolean {
    if (answer === undefined) return false;
    if (answer.error === undefined) return answer.status > 0;
    return isConflict(answer.error) && answer.isUncertain === true;
}

async function idsFor(
    session: Session,
    appId: string,
    live: LiveConsent,
    { owned }: Ownership,
): Promise<ServicePrincipalIds> {
    const made = owned.find(({ item }) => item === "servicePrincipal")?.id;
    const servicePrincipalId = live.servicePrincipal?.id ?? made ?? (await findServicePrincipalId(session, appId));
    return { servicePrincipalId, graphServicePrincipalId: await graphServicePrincipalId(session) };
}

function grantRequest(grant: GrantChange, { what }: ConsentOf, ids: ServicePrincipalIds, live: LiveConsent): Write {
    const purpose = `granting ${grant.permissions.join(" and ")} to ${what}`;
    if (grant.id !== undefined) {
        const base = live.grants?.find(({ id }) => id === grant.id) ?? {};
        return patch(grantPath(grant.id), base, { scope: grant.scope }, purpose);
    }
    const isOfGraph = grant.resource === "graph";
    const body = {
        clientId: ids.servicePrincipalId,
        consentType: "AllPrincipals",
        resourceId: isOfGraph ? ids.graphServicePrincipalId : ids.servicePrincipalId,
        scope: grant.scope,
    };
    return { method: "POST", path: GRANTS_PATH, body, purpose, retry: "always" };
}

export function warnThatGrantsAreNotReadable(what: string): void {
    warn(
        `${grantsNotReadable(what)}, so they count as unchanged; grant the deploying identity DelegatedPermissionGrant.ReadWrite.All or Directory.Read.All in this tenant`,
    );
}
