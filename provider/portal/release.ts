// Releases a portal: deletes an application that the resource registered. If the application was adopted, or another
// resource of the same stack still uses it, only undoes the changes of the resource.
import { clock } from "../entra/clock";
import { findDeletedById } from "../entra/deletedItems";
import { applicationPath } from "../entra/paths";
import { withRemedy } from "../entra/callerPermissions";
import { deleteObject, observe, rememberGraphServicePrincipal } from "../entra/directory";
import type { Live } from "../entra/live";
import { serially } from "../entra/serially";
import type { Session } from "../entra/session";
import { untilVisible } from "../entra/untilVisible";
import { logOnce, warn } from "../log";
import { PortalError } from "../portalError";
import { DELETE_OTHERS, mayDeleteOthers } from "../settings";
import { giveBack } from "../sync/giveBack";
import { isSibling, isTakenOver, nameOfHolder } from "../sync/holders";
import { forgetHolder, untilHoldersVisible } from "../sync/notedHolders";
import { currentOwnership } from "../sync/ownership";
import { othersOf, PORTAL_TAG } from "../sync/tags";
import { resumeRepairs } from "../sync/resumeRepairs";
import { tellWhatStays } from "../sync/toldHolders";
import { RELEASING, writeRelease } from "../sync/writeRelease";
import { applicationRequest } from "./applicationRequest";
import { foreignEntries } from "./rules/foreignEntries";
import type { Managed } from "./rules/live";
import { HOME_CONSENT } from "./rules/plan";
import { isRegisteredHere } from "./rules/registeredHere";
import { releaseWords } from "./rules/releaseWords";
import { planRelease, type ReleasePlan } from "./rules/releasePlan";
import type { PortalState } from "./rules/state";

export async function releasePortal(session: Session, state: PortalState): Promise<void> {
    const appId = state.applicationId;
    const key = `${session.tenantId}/${appId}`;
    await serially(key, async () => {
        rememberGraphServicePrincipal(session.tenantId, state.graphServicePrincipalId);
        forgetHolder(key, state.managed.holder);
        const live = await observeUnlessGone(session, state, key);
        if (live === undefined) return;
        try {
            await end(session, state, live);
        } catch (error) {
            throw await withRemedy(error, session);
        }
    });
}

/**
 * A lagging replica may not show an existing application, or may not yet show the tags of other holders. So the
 * application is read again.
 */
async function observeUnlessGone(session: Session, state: PortalState, key: string): Promise<Live | undefined> {
    const { applicationId, objectId } = state;
    const again = () => observe(session, applicationId);
    const live = (await again()) ?? ((await findDeletedById(session, objectId)) ? undefined : await again());
    return live && untilHoldersVisible(key, live, again, ({ application }) => application.tags);
}

function end(session: Session, state: PortalState, live: Live): Promise<void> {
    const { managed, desired } = state;
    const { tags, appId } = live.application;
    if (isTakenOver(tags, desired, managed.holder, PORTAL_TAG)) {
        logOnce(
            `application ${appId} is kept, because another resource with the same project, stack and name now manages it`,
        );
        return Promise.resolve();
    }
    if (!managed.created) return release(session, state, live);
    if (!isRegisteredHere(state, live.application)) throw notRegisteredHere("deleting", live);
    const others = othersOf(tags, managed.holder);
    const stranger = others.find((holder) => !isSibling(tags, holder, desired));
    if (stranger !== undefined) throw stillHeld(live, stranger);
    const [sibling] = others;
    if (sibling === undefined) return deleteApplication(session, state, live);
    logOnce(`application ${appId} is kept, because ${nameOfHolder(tags, sibling)} still uses it`);
    return release(session, state, live);
}

/**
 * This text does not say "nothing was written", because an update may already have restored the application or its
 * service principal before it refuses to continue.
 */
export const NOT_APPLIED = "the settings of the program were not written";

/** Returns the error for an application that the resource did not register, although its state says so. */
export function notRegisteredHere(doing: "configuring" | "deleting", { application }: Live): PortalError {
    const { appId, displayName } = application;
    const written = doing === "deleting" ? "nothing was written" : NOT_APPLIED;
    return new PortalError(
        "ERR_APPLICATION_CONFLICT",
        `${doing} application ${appId} ("${displayName}"): this resource did not register it, although its state says so; ${written}; restore an earlier version of the stack's state (pulumi stack export --version, then pulumi stack import), or remove the resource from the state (pulumi state delete) and give applicationId "${appId}" instead of displayName`,
    );
}

function stillHeld({ application }: Live, holder: string): PortalError {
    const name = nameOfHolder(application.tags, holder);
    return new PortalError(
        "ERR_APPLICATION_CONFLICT",
        `deleting application ${application.appId}: ${name} still uses it; destroy that resource first, keep the application with retainOnDelete, or, if that resource no longer exists, remove its tag: npx pulumi-restore-portal recover --clear-holder ${holder}`,
    );
}

async function deleteApplication(session: Session, { managed }: PortalState, live: Live): Promise<void> {
    const { application } = live;
    const foreign = foreignEntries(application, { ...managed, ...currentOwnership(managed, live) });
    if (foreign.length > 0) {
        if (!mayDeleteOthers(application.appId)) throw othersWouldGo(live, foreign);
        warn(`application ${application.appId} ${MOVES}: ${foreign.join(", ")}`);
    }
    await deleteObject(session, applicationPath(application.appId), `deleting application ${application.appId}`);
    // Entra may show a deleted application for a while. The next deployment must not continue with it, so the release
    // waits.
    await untilVisible(`Entra to show that application ${application.appId} is deleted`, async () =>
        (await observe(session, application.appId)) === undefined ? true : undefined,
    );
}

const MOVES = "moves to Entra's deleted items for 30 days, together with entries of others";

/** The engine calls no hook in the preview of a destroy. So the entries of others can be named only now. */
function othersWouldGo({ application: { appId, displayName } }: Live, foreign: readonly string[]): PortalError {
    const ways = [
        "move these entries to another application",
        "keep the application with the option retainOnDelete",
        `or, to delete it with these entries, set ${DELETE_OTHERS}=${appId} in the environment and run the command again`,
    ];
    return new PortalError(
        "ERR_APPLICATION_CONFLICT",
        `deleting application ${appId} ("${displayName}"): it has entries of others: ${foreign.join(", ")}; nothing was written; ${ways.join(", ")}`,
    );
}

async function release(session: Session, { managed, desired, applicationId }: PortalState, start: Live): Promise<void> {
    const what = `application ${applicationId}`;
    const isRepaired = await resumeRepairs(session, start, what);
    const live = (isRepaired && (await observe(session, applicationId))) || start;
    const ownership: Managed = { ...managed, ...currentOwnership(managed, live) };
    tellWhatStays(what, ownership, live, desired);
    const words = releaseWords(live, ownership, clock.now());
    if (words !== undefined) logOnce(words);
    await giveBack({
        what: `${what} for its release`,
        start: live,
        plan: (at) => planRelease(at, ownership),
        observe: () => observe(session, applicationId),
        carryOut: (plan, at) => carryOut(session, plan, at, ownership),
    });
}

/** The application is written last. Until then its tag shows other stacks that this stack still uses it. */
function carryOut(
    session: Session,
    plan: ReleasePlan,
    live: Live,
    ownership: Managed,
): Promise<PortalError | undefined> {
    const { application } = live;
    const of = { appId: application.appId, what: `application ${application.appId}` };
    const more = plan.application ? [applicationRequest(application, plan.application, RELEASING)] : [];
    return writeRelease(session, { of, release: plan, live, ownership, tag: HOME_CONSENT, more });
}
