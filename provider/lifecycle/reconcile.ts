// Makes Entra what the program says: observe, plan, write only what differs, and look again until a read shows it.
import type { Observation, RetiringCertificate } from "../application/drift";
import type { RestorePortalAppInputs } from "../application/inputs";
import type { Live } from "../application/live";
import type { Managed } from "../application/managed";
import { plan, type Plan } from "../application/plan";
import { missingCertificate } from "../application/verifiedCertificate";
import { withRemedy } from "../entra/callerPermissions";
import { clock } from "../entra/clock";
import {
    applicationPath,
    findServicePrincipalId,
    graphServicePrincipalRequest,
    isReplicationLag,
    observe,
    rememberGraphServicePrincipal,
} from "../entra/directory";
import { isConflict, type GraphAnswer, type GraphRequest } from "../entra/graphClient";
import type { Session } from "../entra/session";
import { untilVisible } from "../entra/untilVisible";
import { PortalError } from "../portalError";

/** Where a reconciliation starts and what it ends with. */
export interface Reconciled {
    readonly live: Live;
    readonly managed: Managed;
}

export interface Reconciliation {
    readonly session: Session;
    readonly inputs: RestorePortalAppInputs;
    readonly start: Reconciled;
    readonly retiring: readonly RetiringCertificate[];
    /** Hears of each step, so that a failure in between loses nothing. */
    readonly progress: (state: Reconciled) => void;
}

/** A new certificate first, then the old one away: never more rounds than that, and one for what a race left. */
const MAX_ROUNDS = 4;

export async function reconcile(job: Reconciliation): Promise<Reconciled> {
    let state = job.start;
    let next = plan(job.inputs, observation(job, state));
    for (let round = 1; next.changes.length > 0; round++) {
        if (round > MAX_ROUNDS) throw contested(state.live, next);
        // Ours from here on, also if the answer is lost.
        state = { ...state, managed: next.managed };
        job.progress(state);
        await carryOut(job.session, next, state.live);
        state = { live: await untilShown(job, state, next), managed: next.managed };
        next = plan(job.inputs, observation(job, state));
    }
    // Last, so that the rest is healed all the same.
    const unmet = missingCertificate(job.inputs, state.live.application);
    if (unmet !== undefined) throw new PortalError("ERR_APPLICATION_CONFLICT", `verifying the certificate: ${unmet}`);
    return { ...state, managed: next.managed };
}

function observation({ retiring }: Reconciliation, { live, managed }: Reconciled): Observation {
    return { live, managed, retiring, now: clock.now() };
}

/** A write is done when a read shows it: until then the plan would write it again. */
async function untilShown(job: Reconciliation, state: Reconciled, written: Plan): Promise<Live> {
    const { appId } = state.live.application;
    let missing: readonly string[] = written.changes;
    try {
        return await untilVisible(`changes of application ${appId}`, async () => {
            const live = await observe(job.session, appId, { withOwners: job.inputs.owners !== undefined });
            if (live === undefined) return undefined;
            const still = plan(job.inputs, observation(job, { live, managed: written.managed })).changes;
            missing = written.changes.filter((change) => still.includes(change));
            return missing.length === 0 ? live : undefined;
        });
    } catch (error) {
        if (!(error instanceof PortalError) || error.code !== "ERR_NOT_VISIBLE_IN_TIME") throw error;
        const lost = `Entra accepted the changes but does not show them: ${named(missing)}`;
        const remedy =
            "run the deployment again; if it fails again, look whether another tool writes to the application";
        throw new PortalError(error.code, `${error.message}; ${lost}; ${remedy}`, { cause: error });
    }
}

/** The text of our own tag says nothing to a reader. */
function named(changes: readonly string[]): string {
    return changes.map((change) => change.replace(/^tags\/.*/, "tags")).join(", ");
}

function contested(live: Live, { changes }: Plan): PortalError {
    return new PortalError(
        "ERR_APPLICATION_CONFLICT",
        `changing application ${live.application.appId}: it differs again after ${MAX_ROUNDS} rounds (${named(changes)}); another tool seems to write to it at the same time`,
    );
}

/**
 * Writes one plan. For an application that is not ours the PATCH goes first and alone, because it leaves our tag, without
 * which nothing else of ours would be found again; one of our own is found by its uniqueName, so all may go at once.
 */
async function carryOut(session: Session, next: Plan, live: Live): Promise<void> {
    const { appId } = live.application;
    const requests = [
        ...(next.application ? [patch(applicationPath(appId), next.application, `changing application ${appId}`)] : []),
        ...(next.servicePrincipal ? [servicePrincipalRequest(next.servicePrincipal, appId)] : []),
        ...(live.graphServicePrincipalId === "" ? [graphServicePrincipalRequest()] : []),
    ];
    try {
        const answers = next.managed.created
            ? await writeBatch(session, requests)
            : await writeOneByOne(session, requests);
        const ids = {
            servicePrincipalId:
                live.servicePrincipal?.id ?? (await madeServicePrincipalId(session, requests, answers, appId)),
            graphServicePrincipalId: live.graphServicePrincipalId || idOf(answers.at(-1)),
        };
        rememberGraphServicePrincipal(session.tenantId, ids.graphServicePrincipalId);
        await writeBatch(session, [
            ...next.grants.map((grant) => grantRequest(grant, ids, appId)),
            ...next.owners.map((owner) => ownerRequest(session, appId, owner)),
        ]);
    } catch (error) {
        throw await withRemedy(error, session);
    }
}

interface ServicePrincipalIds {
    readonly servicePrincipalId: string;
    readonly graphServicePrincipalId: string;
}

function idOf(answer: GraphAnswer | undefined): string {
    return (answer?.body as { id?: string } | undefined)?.id ?? "";
}

/** Of the service principal that was just made, or that somebody else made a moment before. */
async function madeServicePrincipalId(
    session: Session,
    requests: readonly GraphRequest[],
    answers: readonly GraphAnswer[],
    appId: string,
): Promise<string> {
    const answer = answers[requests.findIndex(({ path }) => path === SERVICE_PRINCIPALS)];
    if (answer === undefined) return "";
    return answer.error === undefined ? idOf(answer) : await findServicePrincipalId(session, appId);
}

const SERVICE_PRINCIPALS = "/servicePrincipals";

function patch(path: string, body: unknown, purpose: string): GraphRequest {
    return { method: "PATCH", path, body, purpose };
}

function servicePrincipalRequest({ id, body }: NonNullable<Plan["servicePrincipal"]>, appId: string): GraphRequest {
    const object = `the service principal of application ${appId}`;
    if (id !== undefined) return patch(`${SERVICE_PRINCIPALS}/${id}`, body, `changing ${object}`);
    return { method: "POST", path: SERVICE_PRINCIPALS, body, purpose: `creating ${object}` };
}

function grantRequest(grant: Plan["grants"][number], ids: ServicePrincipalIds, appId: string): GraphRequest {
    const purpose = `granting ${grant.permission} to application ${appId}`;
    if (grant.id !== undefined) return patch(`/oauth2PermissionGrants/${grant.id}`, { scope: grant.scope }, purpose);
    const body = {
        clientId: ids.servicePrincipalId,
        consentType: "AllPrincipals",
        resourceId: grant.permission === "User.Read" ? ids.graphServicePrincipalId : ids.servicePrincipalId,
        scope: grant.scope,
    };
    return { method: "POST", path: "/oauth2PermissionGrants", body, purpose };
}

function ownerRequest({ cloud }: Session, appId: string, owner: string): GraphRequest {
    return {
        method: "POST",
        path: `${applicationPath(appId)}/owners/$ref`,
        body: { "@odata.id": `${cloud.graphUrl}/v1.0/directoryObjects/${owner}` },
        purpose: `adding owner ${owner} to application ${appId}`,
    };
}

async function writeOneByOne(session: Session, requests: readonly GraphRequest[]): Promise<GraphAnswer[]> {
    const answers: GraphAnswer[] = [];
    for (const request of requests) answers.push(...(await writeBatch(session, [request])));
    return answers;
}

/**
 * Sends writes together, one alone without an envelope. What Entra refuses only because an earlier write of ours has
 * not reached its replica yet is sent again for a while; "exists already" is an answer, since the next look decides.
 */
async function writeBatch(session: Session, requests: readonly GraphRequest[]): Promise<GraphAnswer[]> {
    const answers: GraphAnswer[] = [];
    let pending = requests.map((request, index) => ({ request, index }));
    const attempt = async (): Promise<true | undefined> => {
        const received = await sendAll(
            session,
            pending.map(({ request }) => request),
        );
        received.forEach((answer, position) => (answers[pending[position]?.index ?? 0] = answer));
        const failed = received.find(({ error }) => error && !isConflict(error) && !isReplicationLag(error))?.error;
        if (failed) throw failed;
        pending = pending.filter(({ index }) => answers[index]?.error && isReplicationLag(answers[index].error));
        return pending.length === 0 ? true : undefined;
    };
    if (requests.length === 0 || (await attempt())) return answers;
    const what = pending.map(({ request }) => request.purpose).join(", ");
    try {
        await untilVisible(`Entra to accept ${what}`, attempt);
    } catch (error) {
        // What Entra last said tells more than that time is up.
        const refusal = answers.find((answer) => answer.error && !isConflict(answer.error))?.error;
        throw error instanceof PortalError && error.code === "ERR_NOT_VISIBLE_IN_TIME" ? (refusal ?? error) : error;
    }
    return answers;
}

async function sendAll(session: Session, requests: readonly GraphRequest[]): Promise<GraphAnswer[]> {
    const [only, ...more] = requests;
    if (only === undefined || more.length > 0) return session.graph.batch(requests);
    try {
        return [{ status: 200, body: await session.graph.send(only) }];
    } catch (error) {
        if (error instanceof PortalError) return [{ status: error.status ?? 0, body: undefined, error }];
        throw error;
    }
}
