// Sends the requests that release consent in one tenant.
import { isUncertain } from "../entra/graphErrors";
import { grantPath, servicePrincipalObjectPath } from "../entra/paths";
import type { Session } from "../entra/session";
import type { PortalError } from "../portalError";
import { tagsOfRest, type ConsentRelease } from "./consentRelease";
import type { ConsentOf } from "./grantRequests";
import type { ConsentTag } from "./grants";
import type { LiveObjects, Ownership } from "./owned";
import { patch, write, type Write } from "./write";

export interface ReleaseJob {
    readonly of: ConsentOf;
    readonly release: ConsentRelease;
    readonly live: LiveObjects;
    readonly ownership: Ownership;
    readonly tag: ConsentTag;
    /** Entra carries out these requests last, and only if it accepted all other requests. */
    readonly more?: readonly Write[];
}

/** Returns Entra's refusal if the plan was based on stale data. */
export async function writeRelease(session: Session, job: ReleaseJob): Promise<PortalError | undefined> {
    const { of, release, live, more = [] } = job;
    const grants = release.grants.map((grant) => grantRequest(grant, of, live));
    const first = servicePrincipalRequest(release, of, live);
    const { answers, refusal, failure } = await write(session, [...first, ...grants, ...more]);
    if (failure === undefined) return refusal;
    const isDone = (index: number) => answers[index]?.error === undefined && (answers[index]?.status ?? 0) > 0;
    const rest = release.grants.filter((_, index) => !isDone(first.length + index));
    if (!isUncertain(failure) && first.every((_, index) => isDone(index))) await noteRest(session, job, rest);
    throw failure;
}

/** The purpose of a release's PATCH in messages, followed by the object. */
export const RELEASING = "removing the entries of this resource from";

/**
 * Makes the first request of a release. If Entra refuses it, no grant is removed either. Otherwise the tag on the
 * service principal could name a grant that no longer exists. If somebody made the same grant by hand, it would count
 * as ours.
 */
function servicePrincipalRequest(
    { servicePrincipal }: ConsentRelease,
    { what }: ConsentOf,
    live: LiveObjects,
): Write[] {
    if (servicePrincipal === undefined) return [];
    const path = servicePrincipalObjectPath(servicePrincipal.id);
    const object = `the service principal of ${what}`;
    const { body } = servicePrincipal;
    return [
        body === undefined
            ? { method: "DELETE", path, purpose: `deleting ${object}` }
            : patch(path, live.servicePrincipal ?? {}, body, `${RELEASING} ${object}`),
    ];
}

function grantRequest({ id, scope }: ConsentRelease["grants"][number], { what }: ConsentOf, live: LiveObjects): Write {
    const path = grantPath(id);
    const purpose = `removing a grant of ${what}`;
    const base = live.grants?.find((grant) => grant.id === id) ?? {};
    return scope === "" ? { method: "DELETE", path, purpose } : patch(path, base, { scope }, purpose);
}

/**
 * Writes a tag that names the grants that are left. Pulumi keeps the state of a failed delete, and without a tag the
 * next run would trust that state. If somebody then made a removed grant again by hand, it would count as ours. If
 * Entra refuses this tag too, only state contains the record.
 */
async function noteRest(
    session: Session,
    { of, release, live, ownership, tag }: ReleaseJob,
    rest: ConsentRelease["grants"],
): Promise<void> {
    const tags = tagsOfRest(live, release, { ownership, tag, rest });
    const { servicePrincipal } = live;
    if (tags === undefined || servicePrincipal === undefined) return;
    const path = servicePrincipalObjectPath(servicePrincipal.id);
    const base = { ...servicePrincipal, ...release.servicePrincipal?.body };
    await write(session, [patch(path, base, { tags }, `keeping the record of ${of.what}`)]);
}
