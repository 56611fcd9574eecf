// Brings an application under management: registers a new one, or adopts an existing one. Run again after any kill, it
// continues with its own application instead of making a second one.
import { findDeleted, restoreApplication } from "../entra/deletedItems";
import { APPLICATIONS_PATH } from "../entra/paths";
import { withRemedy } from "../entra/callerPermissions";
import { clock } from "../entra/clock";
import { findByUniqueName, graphServicePrincipalId, observe } from "../entra/directory";
import { isUncertain, isNameTaken } from "../entra/graphErrors";
import type { LiveApplication } from "../entra/live";
import { serially } from "../entra/serially";
import type { Session } from "../entra/session";
import { untilVisible } from "../entra/untilVisible";
import { logOnce, warn } from "../log";
import { PortalError } from "../portalError";
import { holdersOfIdentity, nameOfHolder } from "../sync/holders";
import { uniqueNameOf } from "../sync/identity";
import { PORTAL_TAG } from "../sync/tags";
import { resumeRepairs } from "../sync/resumeRepairs";
import { reconcile, type Reconciled } from "./reconcile";
import type { RestorePortalAppInputs } from "./rules/inputs";
import { findScope, type Managed } from "./rules/live";
import { asLive, initialManaged, planRegistration } from "./rules/registration";
import { takeUpAdopted, takeUpRegistered } from "./rules/takeUp";

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

interface Start extends Reconciled {
    readonly former?: string | undefined;
}

async function register(session: Session, inputs: RestorePortalAppInputs, progress: Progress): Promise<Reconciled> {
    // Only the grants need it, so it is read beside the registration; a failure is reported there.
    graphServicePrincipalId(session).catch(() => undefined);
    const { former, ...start } = await postOrFind(session, inputs);
    progress(start);
    return reconcile({ session, inputs, before: undefined, start, former, retiring: [], progress });
}

/** A deleted application holds its name for 30 days, so each `destroy` within them costs one more suffix. */
const MAX_ATTEMPTS = 50;

async function postOrFind(session: Session, inputs: RestorePortalAppInputs): Promise<Start> {
    const initial = initialManaged(inputs);
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
        const { body, managed } = planRegistration(inputs, initial, attempt, session.cloud.graphUrl);
        const answer = await postUnlessTaken(session, body, uniqueNameOf(inputs, attempt));
        if (answer?.made) return { live: asLive(answer.made), managed };
        if (answer?.found) return takeUp(session, inputs, answer.found, initial);
    }
    throw new PortalError(
        "ERR_APPLICATION_CONFLICT",
        `registering application "${inputs.displayName ?? ""}": ${MAX_ATTEMPTS} applications of this resource are in Entra's deleted items; delete them permanently there`,
    );
}

/** Entra may do the work and lose the answer; so many times the request is sent again before that is an error. */
const MAX_LOST_ANSWERS = 3;

/** `undefined`: a deleted application holds the name. `found`: a living one does. */
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
                    path: APPLICATIONS_PATH,
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

/** Who has the name: an application that was made a moment ago, or a deleted one. Both may be slow to show. */
async function holderOf(session: Session, uniqueName: string): Promise<{ found: LiveApplication } | undefined> {
    const holder = await untilVisible(`application ${uniqueName}`, async () => {
        if (await findDeleted(session, (application) => application.uniqueName === uniqueName)) return "deleted";
        return findByUniqueName(session, uniqueName);
    });
    return holder === "deleted" ? undefined : { found: holder };
}

/** An application under our own name: unfinished work of ours, or exactly what the program says. */
async function takeUp(
    session: Session,
    inputs: RestorePortalAppInputs,
    application: LiveApplication,
    initial: Managed,
): Promise<Start> {
    const live = (await observe(session, application.appId)) ?? asLive(application);
    const taken = takeUpRegistered(inputs, live, initial, clock.now());
    if (taken === undefined) throw belongsToAnother(application);
    if (taken.former !== undefined) {
        logOnce(
            `application ${application.appId} ("${application.displayName}") was registered by an earlier deployment of this resource and is exactly as the program says; it is taken up again`,
        );
    }
    const { managed, former } = taken;
    return { live, managed: { ...managed, scopeId: findScope(application)?.id ?? managed.scopeId }, former };
}

function belongsToAnother({ appId, displayName }: LiveApplication): PortalError {
    const ways = [
        `to configure that application, give applicationId "${appId}" instead of displayName`,
        "if the resource was moved or renamed, give it the option aliases",
        "to register another application, give the resource another name",
    ];
    return new PortalError(
        "ERR_APPLICATION_CONFLICT",
        `registering the application: application ${appId} ("${displayName}") was registered under the same project, stack and resource name, but its name, web addresses or certificate differ from the program, so it may belong to another deployment; nothing was written; ${ways.join("; ")}`,
    );
}

async function adopt(
    session: Session,
    inputs: RestorePortalAppInputs,
    appId: string,
    progress: Progress,
): Promise<Reconciled> {
    const again = () => observe(session, appId, { withOwners: inputs.owners !== undefined });
    let live = await again();
    if (live === undefined && inputs.restoreDeleted) {
        await restoreApplication(session, appId);
        live = await untilVisible(`restored application ${appId}`, again);
    }
    live ??= await again();
    if (live === undefined) throw notFound(session, appId);
    if (await resumeRepairs(session, live, `application ${appId}`)) {
        live = (await again()) ?? live;
    }
    const initial = initialManaged(inputs, findScope(live.application)?.id);
    const { managed, former } = takeUpAdopted(inputs, live, initial);
    const twins = holdersOfIdentity(live.application.tags, inputs, managed.holder, PORTAL_TAG);
    for (const twin of twins.filter((one) => one !== former)) {
        warn(
            `application ${appId} is also held by ${nameOfHolder(live.application.tags, twin)}; if that was an earlier deployment whose state is lost, clear it: npx pulumi-restore-portal recover --clear-holder ${twin}`,
        );
    }
    const start = { live, managed };
    progress(start);
    return reconcile({ session, inputs, before: undefined, start, former, retiring: [], progress });
}

export function notFound(session: Session, appId: string): PortalError {
    return new PortalError(
        "ERR_APPLICATION_NOT_FOUND",
        `configuring application ${appId}: tenant ${session.tenantId} has no such application; correct applicationId, restore it from deleted items (restoreDeleted: true), or register a new one by displayName`,
    );
}
