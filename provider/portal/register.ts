// Brings an application under management: registers a new one, or adopts an existing one. Run again after any kill, it
// finds its own application instead of making a second.
import type { RestorePortalAppInputs } from "./rules/inputs";
import type { LiveApplication } from "../entra/live";
import { itemsFromTags, withInherited, type Managed } from "../sync/ownership";
import { asLive, initialManaged, planRegistration } from "./rules/registration";
import { findScope } from "./rules/live";
import { uniqueNameOf } from "../sync/identity";
import { withRemedy } from "../entra/callerPermissions";
import { findByUniqueName, graphServicePrincipalId, observe } from "../entra/directory";
import { findDeleted, restoreApplication } from "../entra/deletedItems";
import { isNameTaken, isUncertain } from "../entra/graphErrors";
import { serially } from "../entra/serially";
import type { Session } from "../entra/session";
import { untilVisible } from "../entra/untilVisible";
import { PortalError } from "../portalError";
import { reconcile, type Reconciled } from "./reconcile";

type Progress = (state: Reconciled) => void;

export async function registerOrAdopt(
    session: Session,
    inputs: RestorePortalAppInputs,
    progress: Progress,
): Promise<Reconciled> {
    const { applicationId } = inputs;
    return applicationId === undefined
        ? register(session, inputs, progress)
        : serially(`${session.tenantId}/${applicationId}`, () => adopt(session, inputs, applicationId, progress));
}

async function register(session: Session, inputs: RestorePortalAppInputs, progress: Progress): Promise<Reconciled> {
    // Needed for the grants only: asked beside the registration, and reported there if it fails.
    graphServicePrincipalId(session).catch(() => undefined);
    const start = await postOrFind(session, inputs);
    progress(start);
    return reconcile({ session, inputs, start, retiring: [], progress });
}

/** A name that lies in the bin stays taken for 30 days, so each `destroy` within them costs one more suffix. */
const MAX_ATTEMPTS = 50;

async function postOrFind(session: Session, inputs: RestorePortalAppInputs): Promise<Reconciled> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
        const { body, managed } = planRegistration(inputs, initialManaged(inputs), attempt, session.cloud.graphUrl);
        const answer = await postUnlessTaken(session, body, uniqueNameOf(inputs, attempt));
        if (answer?.made) return { live: asLive(answer.made), managed };
        if (answer?.found) return takeUp(session, answer.found, managed);
    }
    throw new PortalError(
        "ERR_APPLICATION_CONFLICT",
        `registering application "${inputs.displayName ?? ""}": ${MAX_ATTEMPTS} applications of this resource lie in Entra's bin; delete them permanently there`,
    );
}

/** Entra may do the work and lose the answer; so many times the request is sent again before that is an error. */
const MAX_LOST_ANSWERS = 3;

/** `undefined`: the name lies in the bin. `found`: a killed deployment, or a request whose answer was lost, made it. */
async function postUnlessTaken(
    session: Session,
    body: unknown,
    uniqueName: string,
): Promise<{ made?: LiveApplication; found?: LiveApplication } | undefined> {
    const purpose = `registering application ${uniqueName}`;
    for (let lost = 0; ; lost++) {
        try {
            return {
                made: await session.graph.send<LiveApplication>({
                    method: "POST",
                    path: "/applications",
                    body,
                    purpose,
                }),
            };
        } catch (error) {
            const isLost = isUncertain(error) && lost < MAX_LOST_ANSWERS;
            if (!isNameTaken(error) && !isLost) throw await withRemedy(error, session);
            const found = await findByUniqueName(session, uniqueName);
            if (found) return { found };
            // Not there, though perhaps only not yet: the name makes a second request safe.
            if (isLost) continue;
            return holderOf(session, uniqueName);
        }
    }
}

/** Who has the name: an application that was made a moment ago, or one in the bin. Both may be slow to show. */
async function holderOf(session: Session, uniqueName: string): Promise<{ found: LiveApplication } | undefined> {
    const holder = await untilVisible(`application ${uniqueName}`, async () => {
        if (await findDeleted(session, (application) => application.uniqueName === uniqueName)) return "in the bin";
        return findByUniqueName(session, uniqueName);
    });
    return holder === "in the bin" ? undefined : { found: holder };
}

/** All of an application that carries our uniqueName is ours, and its tag says what was added before. */
async function takeUp(session: Session, application: LiveApplication, managed: Managed): Promise<Reconciled> {
    const live = (await observe(session, application.appId)) ?? asLive(application);
    return {
        live,
        managed: { ...withInherited(managed, live), scopeId: findScope(application)?.id ?? managed.scopeId },
    };
}

async function adopt(
    session: Session,
    inputs: RestorePortalAppInputs,
    appId: string,
    progress: Progress,
): Promise<Reconciled> {
    const look = () => observe(session, appId, { withOwners: inputs.owners !== undefined });
    let live = await look();
    if (live === undefined && inputs.restoreDeleted) {
        await restoreApplication(session, appId);
        live = await untilVisible(`restored application ${appId}`, look);
    }
    if (live === undefined) throw notFound(session, appId);
    const initial = initialManaged(inputs, findScope(live.application)?.id);
    // A tag of ours that is there already was left by a deployment that was killed: it says what that one added.
    const managed = { ...initial, added: itemsFromTags(live, initial.hash) };
    const start = { live, managed };
    progress(start);
    return reconcile({ session, inputs, start, retiring: [], progress });
}

export function notFound(session: Session, appId: string): PortalError {
    return new PortalError(
        "ERR_APPLICATION_NOT_FOUND",
        `configuring application ${appId}: tenant ${session.tenantId} has no such application; correct applicationId, restore it from the bin (restoreDeleted: true), or register a new one by displayName`,
    );
}
