// Makes Entra what the program says: observe, plan, write only what differs, and look again until a read shows it.
import type { Observation, RetiringCertificate } from "../application/drift";
import type { RestorePortalAppInputs } from "../application/inputs";
import type { Live } from "../application/live";
import type { Managed } from "../application/managed";
import { plan, type Plan } from "../application/plan";
import { missingCertificate } from "../application/verifiedCertificate";
import { withRemedy } from "../entra/callerPermissions";
import { clock } from "../entra/clock";
import { applicationPath, findServicePrincipalId, graphServicePrincipalId, observe } from "../entra/directory";
import type { GraphAnswer, GraphRequest } from "../entra/graphClient";
import type { Session } from "../entra/session";
import { untilVisible } from "../entra/untilVisible";
import { PortalError } from "../portalError";
import { patch, write, type Write } from "./write";

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
        const written = await untilWritten(job, state);
        state = { live: await untilShown(job, written), managed: written.managed };
        next = plan(job.inputs, observation(job, state));
    }
    // Last, so that the rest is healed all the same.
    const unmet = missingCertificate(job.inputs, state.live.application);
    if (unmet !== undefined) throw new PortalError("ERR_APPLICATION_CONFLICT", `verifying the certificate: ${unmet}`);
    return { ...state, managed: next.managed };
}

/** Plans and writes, from a new look each time that Entra refuses because the last one was out of date. */
async function untilWritten(
    job: Reconciliation,
    start: Reconciled,
): Promise<Reconciled & { changes: readonly string[] }> {
    let { live } = start;
    let { managed } = start;
    const { appId } = live.application;
    let refusal: PortalError | undefined;
    const attempt = async () => {
        if (refusal) live = (await look(job, appId)) ?? live;
        const next = plan(job.inputs, observation(job, { live, managed }));
        // Ours from here on, also if the answer is lost.
        managed = next.managed;
        job.progress({ live, managed });
        refusal = await carryOut(job.session, next, live);
        return refusal ? undefined : { live, managed, changes: next.changes };
    };
    try {
        return await untilVisible(`Entra to accept changes of application ${appId}`, attempt, { sightings: 1 });
    } catch (error) {
        throw error instanceof PortalError && error.code === "ERR_NOT_VISIBLE_IN_TIME" ? (refusal ?? error) : error;
    }
}

function look({ session, inputs }: Reconciliation, appId: string): Promise<Live | undefined> {
    return observe(session, appId, { withOwners: inputs.owners !== undefined });
}

function observation({ retiring }: Reconciliation, { live, managed }: Reconciled): Observation {
    return { live, managed, retiring, now: clock.now() };
}

/** A write is done when a read shows it: until then the plan would write it again. */
async function untilShown(
    job: Reconciliation,
    written: Reconciled & { readonly changes: readonly string[] },
): Promise<Live> {
    const { appId } = written.live.application;
    let missing: readonly string[] = written.changes;
    try {
        return await untilVisible(`changes of application ${appId}`, async () => {
            const live = await look(job, appId);
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
 * Writes one plan; answers what Entra said where the look behind it was out of date. The PATCH of the application goes
 * first, because it leaves our tag, without which nothing else of ours would be found again.
 */
async function carryOut(session: Session, next: Plan, live: Live): Promise<PortalError | undefined> {
    const { application } = live;
    const { appId } = application;
    const requests = [
        ...(next.application
            ? [patch(applicationPath(appId), application, next.application, `changing application ${appId}`)]
            : []),
        ...(next.servicePrincipal ? [servicePrincipalRequest(next.servicePrincipal, live)] : []),
    ];
    try {
        const { answers, refusal } = await write(session, requests);
        if (refusal) return refusal;
        const ids = {
            servicePrincipalId:
                live.servicePrincipal?.id ?? (await madeServicePrincipalId(session, requests, answers, appId)),
            graphServicePrincipalId: await graphServicePrincipalId(session),
        };
        const others = await write(session, [
            ...next.grants.map((grant) => grantRequest(grant, ids, live)),
            ...next.owners.map((owner) => ownerRequest(session, appId, owner)),
        ]);
        return others.refusal;
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

/** A POST of these is safe to repeat: Graph says that the object is there, and the next look finds it. */
const SERVICE_PRINCIPALS = "/servicePrincipals";

function servicePrincipalRequest({ id, body }: NonNullable<Plan["servicePrincipal"]>, live: Live): Write {
    const object = `the service principal of application ${live.application.appId}`;
    if (id !== undefined) {
        return patch(`${SERVICE_PRINCIPALS}/${id}`, live.servicePrincipal ?? {}, body, `changing ${object}`);
    }
    return { method: "POST", path: SERVICE_PRINCIPALS, body, purpose: `creating ${object}`, retry: "always" };
}

function grantRequest(grant: Plan["grants"][number], ids: ServicePrincipalIds, live: Live): Write {
    const purpose = `granting ${grant.permission} to application ${live.application.appId}`;
    if (grant.id !== undefined) {
        const base = live.grants?.find(({ id }) => id === grant.id) ?? {};
        return patch(`/oauth2PermissionGrants/${grant.id}`, base, { scope: grant.scope }, purpose);
    }
    const body = {
        clientId: ids.servicePrincipalId,
        consentType: "AllPrincipals",
        resourceId: grant.permission === "User.Read" ? ids.graphServicePrincipalId : ids.servicePrincipalId,
        scope: grant.scope,
    };
    return { method: "POST", path: "/oauth2PermissionGrants", body, purpose, retry: "always" };
}

function ownerRequest({ cloud }: Session, appId: string, owner: string): Write {
    return {
        method: "POST",
        path: `${applicationPath(appId)}/owners/$ref`,
        body: { "@odata.id": `${cloud.graphUrl}/v1.0/directoryObjects/${owner}` },
        purpose: `adding owner ${owner} to application ${appId}`,
        retry: "always",
    };
}
