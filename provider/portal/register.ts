// Brings an application under management: registers a new one, or adopts an existing one. After a kill, the next run
// continues with the same application and does not register a second one.
import { findDeleted, restoreApplication } from "../entra/deletedItems";
import { APPLICATIONS_PATH } from "../entra/paths";
import { withRemedy } from "../entra/callerPermissions";
import { clock } from "../entra/clock";
import { findByUniqueName, graphServicePrincipalId, observe } from "../entra/directory";
import { isUncertain, isNameTaken } from "../entra/graphErrors";
import { anApplication } from "../entra/graphShapes";
import type { LiveApplication } from "../entra/live";
import { serially } from "../entra/serially";
import type { Session } from "../entra/session";
import { untilVisible } from "../entra/untilVisible";
import { logOnce } from "../log";
import { PortalError } from "../portalError";
import { uniqueNameOf } from "../sync/identity";
import { PORTAL_TAG } from "../sync/tags";
import { resumeRepairs } from "../sync/resumeRepairs";
import { tellWhoHolds } from "../sync/toldHolders";
import { announceAdoption, notedOwners } from "./announce";
import { reconcile, type Reconciled, type Reconciliation } from "./reconcile";
import { observeOptions, type RestorePortalAppInputs } from "./rules/inputs";
import { findScope, type Managed } from "./rules/live";
import { continuationWords, startOfAdoption } from "./rules/adoptionWords";
import { asLive, initialManaged, planRegistration } from "./rules/registration";
import { takeUpRegistered } from "./rules/takeUp";

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
    // The steps after the registration need the id of Microsoft Graph's service principal. To save time, the id is read
    // during the registration. A failure of this read is ignored here, because a later step reads the id again.
    graphServicePrincipalId(session).catch(() => undefined);
    const { former, ...start } = await postOrTakeUp(session, inputs);
    return reconcileFirst({ session, inputs, start, former, progress });
}

/**
 * If this resource replaces an earlier holder, state is saved only after the first write. If state were saved before,
 * and Entra refused that write, state would name a holder that has no tags in Entra.
 */
function reconcileFirst(
    job: Pick<Reconciliation, "session" | "inputs" | "start" | "former" | "progress">,
): Promise<Reconciled> {
    if (job.former === undefined) job.progress(job.start);
    return reconcile({ ...job, before: undefined, retiring: [] });
}

/**
 * From the second attempt on, the uniqueName has a suffix. A deleted application keeps its uniqueName for 30 days, so
 * each `destroy` in that time makes one more attempt necessary.
 */
const MAX_ATTEMPTS = 50;

async function postOrTakeUp(session: Session, inputs: RestorePortalAppInputs): Promise<Start> {
    const initial = initialManaged(inputs);
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
        const { body, managed } = planRegistration(inputs, initial, attempt, session.cloud.graphUrl);
        const answer = await postUnlessTaken(session, body, uniqueNameOf(inputs, attempt));
        if (answer?.registered) return { live: asLive(answer.registered), managed };
        if (answer?.existing) return takeUp(session, inputs, answer.existing, initial);
    }
    throw new PortalError(
        "ERR_APPLICATION_CONFLICT",
        `registering application "${inputs.displayName ?? ""}": ${MAX_ATTEMPTS} earlier applications of this resource are in Entra's deleted items and keep every uniqueName that the resource can use; delete them permanently there, then run "pulumi up" again`,
    );
}

/**
 * The answer may be lost although Entra registered the application. The request is sent again at most this many times.
 */
const MAX_LOST_ANSWERS = 3;

/**
 * `undefined`: a deleted application has the uniqueName. `existing`: the application that has the uniqueName and is not
 * deleted.
 */
async function postUnlessTaken(
    session: Session,
    body: unknown,
    uniqueName: string,
): Promise<{ registered?: LiveApplication; existing?: LiveApplication } | undefined> {
    const purpose = `registering application ${uniqueName}`;
    for (let lost = 0; ; lost++) {
        try {
            return {
                registered: await session.graph.send<LiveApplication>({
                    method: "POST",
                    path: APPLICATIONS_PATH,
                    body,
                    purpose,
                    answers: anApplication,
                }),
            };
        } catch (error) {
            const isLost = isUncertain(error) && lost < MAX_LOST_ANSWERS;
            if (!isNameTaken(error) && !isLost) throw await withRemedy(error, session);
            const existing = await findByUniqueName(session, uniqueName);
            if (existing) return { existing };
            // The application may exist without being visible yet. The request can be sent again, because Entra does
            // not register a second application with the same uniqueName.
            if (isLost) continue;
            return holderOf(session, uniqueName);
        }
    }
}

/**
 * Finds the application that has the uniqueName. That application was just registered, or it is in deleted items
 * (`undefined`). In both cases it may take time to become visible.
 */
async function holderOf(session: Session, uniqueName: string): Promise<{ existing: LiveApplication } | undefined> {
    const holder = await untilVisible(`Entra to show application ${uniqueName}`, async () => {
        if (await findDeleted(session, (application) => application.uniqueName === uniqueName)) return "deleted";
        return findByUniqueName(session, uniqueName);
    });
    return holder === "deleted" ? undefined : { existing: holder };
}

/**
 * Continues with an application that has the uniqueName of this resource, if it is unfinished or its name, web
 * addresses and certificate are as the program says.
 */
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
        const words = continuationWords(inputs, live, taken, clock.now());
        logOnce(
            `application ${application.appId} ("${application.displayName}") was registered by an earlier deployment of this resource, and its name, web addresses and certificate are as the program says; the deployment continues with it: ${words}`,
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
    const options = observeOptions(inputs);
    // Messages only count the owners. So if `check` noted them, they are not read again for the messages.
    const noted = notedOwners(session, appId);
    const again = () => observe(session, appId, { ...options, withOwners: options.withOwners || noted === undefined });
    let live = await again();
    if (live === undefined && inputs.restoreDeleted) {
        await restoreApplication(session, appId);
        live = await untilVisible(`Entra to show the restored application ${appId}`, again);
    }
    live ??= await again();
    if (live === undefined) throw notFound(session, appId);
    if (await resumeRepairs(session, live, `application ${appId}`)) {
        live = (await again()) ?? live;
    }
    const { managed, former } = startOfAdoption(inputs, live);
    announceAdoption({ inputs }, { ...live, owners: live.owners ?? noted });
    const { holder } = managed;
    tellWhoHolds(`application ${appId}`, live, { holder, resource: inputs, prefix: PORTAL_TAG, former });
    return reconcileFirst({ session, inputs, start: { live, managed }, former, progress });
}

export function notFound(session: Session, appId: string): PortalError {
    return new PortalError(
        "ERR_APPLICATION_NOT_FOUND",
        `configuring application ${appId}: tenant ${session.tenantId} has no such application; correct applicationId, restore the application from deleted items (restoreDeleted: true), or give displayName instead to register a new one`,
    );
}
