// Sends writes to Entra so that nobody else's are undone: each PATCH travels with a read of the same object right before
// it, and what somebody wrote since our look is put back.
import { forgetRepair, noteRepair, openRepair } from "./repairs";
import { withoutCopiedTags } from "./tags";
import { entriesBeyond, hasMoved, rebase, withEntries } from "./rebase";
import { isReplicationLag } from "../entra/graphErrors";
import { isConflict, isNotFound, isNotExecuted } from "../entra/graphErrors";
import type { GraphAnswer, GraphRequest } from "../entra/graphRequest";
import { APPLICATIONS_PATH, select, SERVICE_PRINCIPALS_PATH } from "../entra/paths";
import type { Session } from "../entra/session";
import { untilVisible } from "../entra/untilVisible";
import { warn } from "../log";
import { PortalError } from "../portalError";

type Fields = Readonly<Record<string, unknown>>;

/** A PATCH, and the look from which its body was made. */
export interface Write extends GraphRequest {
    readonly base?: object;
}

/** A PATCH of an object that was looked at. Of the object as it is right before, only the fields of the body are read. */
export function patch(path: string, base: object, body: Fields, purpose: string): Write {
    // Graph shows the bytes of a key only where it is selected by name, and they are needed to put a lost one back.
    const readBefore = select(path, ...Object.keys(body));
    return { method: "PATCH", path, body, purpose, readBefore, base };
}

export interface Written {
    readonly answers: readonly GraphAnswer[];
    /** The plan was based on stale data: observe and plan again. */
    readonly refusal?: PortalError;
    /** Entra refused a request for good, or did not answer. Which of the others were done, the answers tell. */
    readonly failure?: PortalError;
}

/**
 * Sends writes together. What Entra refuses only because an earlier write of ours has not reached its replica yet is
 * sent again for a while. "Exists already" is an answer, because the next observation decides. Never throws for an answer
 * of Entra: what was dropped is put back first, and the caller notes what was done.
 */
export async function write(session: Session, writes: readonly Write[]): Promise<Written> {
    const answers: GraphAnswer[] = [];
    let pending = writes.map((request, index) => ({ request, index }));
    let refusal: PortalError | undefined;
    let failure: PortalError | undefined;
    const attempt = async (): Promise<true | undefined> => {
        const received = await send(
            session,
            pending.map(({ request }) => request),
        );
        received.forEach((answer, position) => (answers[pending[position]?.index ?? 0] = answer));
        pending = pending.filter(({ request, index }) => !isDone(request, answers[index]));
        refusal = pending.map(({ request, index }) => outOfDate(request, answers[index])).find(Boolean);
        failure = refusal ? undefined : pending.map(({ index }) => answers[index]?.error).find(isFatal);
        return refusal || failure || pending.length === 0 ? true : undefined;
    };
    try {
        if (writes.length > 0 && !(await attempt())) await untilAccepted(() => pending, attempt, answers);
    } catch (error) {
        if (!(error instanceof PortalError)) throw error;
        failure ??= error;
    }
    // Before anything is thrown.
    failure = (await putBack(session, writes, answers)) ?? failure;
    return { answers, ...(refusal ? { refusal } : {}), ...(failure ? { failure } : {}) };
}

/** What was to be made is there, what was to go is gone. */
function isDone({ method }: Write, answer: GraphAnswer | undefined): boolean {
    const error = answer?.error;
    return error === undefined || isConflict(error) || (method === "DELETE" && isNotFound(error));
}

function isFatal(error: PortalError | undefined): boolean {
    return error !== undefined && !isReplicationLag(error) && !isNotExecuted(error);
}

async function untilAccepted(
    pending: () => readonly { readonly request: Write }[],
    attempt: () => Promise<true | undefined>,
    answers: readonly GraphAnswer[],
): Promise<void> {
    const what = pending().map(({ request }) => request.purpose);
    try {
        await untilVisible(`Entra to accept ${what.join(", ")}`, attempt, { sightings: 1 });
    } catch (error) {
        // What Entra last said tells more than that time is up.
        const said = answers.find(({ error: one }) => one && !isConflict(one) && !isNotExecuted(one))?.error;
        throw error instanceof PortalError && error.code === "ERR_NOT_VISIBLE_IN_TIME" ? (said ?? error) : error;
    }
}

/** A PATCH that Entra refuses because the object is not any more what it was made from. */
function outOfDate({ base, body, path }: Write, answer: GraphAnswer | undefined): PortalError | undefined {
    const { error, before } = answer ?? {};
    if (!error || base === undefined || body === undefined) return undefined;
    // An application that was just registered is not visible everywhere at once; everything else was there when looked at.
    if (isNotFound(error)) return path.startsWith(APPLICATIONS_PATH) ? undefined : error;
    if (error.status !== 400) return undefined;
    const hasMovedSince =
        before !== undefined &&
        hasMoved(withoutCopies({ path }, base as Fields), body as Fields, withoutCopies({ path }, before as Fields));
    return /Update to existing credential/.test(error.message) || hasMovedSince ? error : undefined;
}

/** Our tags on a service principal are Entra's copies of the application's, and nobody's change. */
function withoutCopies({ path }: Pick<Write, "path">, before: Fields): Fields {
    const { tags } = before;
    if (!path.startsWith(SERVICE_PRINCIPALS_PATH) || !Array.isArray(tags)) return before;
    return { ...before, tags: withoutCopiedTags(tags as string[]) };
}

/** So often somebody may write in the very moment between a read and the write behind it. */
const MAX_REPAIRS = 5;

/** Puts back what the writes dropped. Returns why it could not. */
async function putBack(
    session: Session,
    writes: readonly Write[],
    answers: readonly GraphAnswer[],
    repairs = 0,
): Promise<PortalError | undefined> {
    const undone = writes.flatMap((request, index): Write[] => {
        const { before, error } = answers[index] ?? {};
        if (error || before === undefined || request.base === undefined) return [];
        const sent = request.body as Fields;
        const body = rebase(request.base as Fields, sent, withoutCopies(request, before as Fields));
        if (!body) return [];
        noteRepair(session, request.path, entriesBeyond(sent, body));
        return [patch(request.path, { ...request.base, ...sent }, body, request.purpose)];
    });
    if (undone.length === 0) return undefined;
    if (repairs === MAX_REPAIRS) return restless(undone);
    for (const { path } of undone)
        warn(`${path}: somebody else wrote to it at the same moment; both changes were kept`);
    const repaired = await send(session, await Promise.all(undone.map((one) => withStoredKeys(session, one))));
    const failed = repaired.find(({ error }) => error)?.error;
    if (failed) return failed;
    for (const { path } of undone) forgetRepair(session, path);
    return putBack(session, undone, repaired, repairs + 1);
}

/** Puts back what an earlier process dropped and was killed before it put it back. Returns whether anything was written. */
export async function resumeRepair(session: Session, path: string, live: object, what: string): Promise<boolean> {
    const lost = openRepair(session, path);
    if (lost === undefined) return false;
    const body = withEntries(live as Fields, lost);
    if (body !== undefined) {
        const { failure, refusal } = await write(session, [
            patch(path, live, body, `putting entries of others back on ${what}`),
        ]);
        const error = failure ?? refusal;
        if (error) throw error;
    }
    forgetRepair(session, path);
    return body !== undefined;
}

function restless(undone: readonly Write[]): PortalError {
    const lists = undone.flatMap(({ body }) => Object.keys(body as Fields)).join(", ");
    return new PortalError(
        "ERR_APPLICATION_CONFLICT",
        `${undone[0]?.purpose ?? ""}: it changed again each time; another tool keeps writing to this object, and one of its entries in ${lists} may have been overwritten; stop that tool, then run "pulumi up" again`,
    );
}

/** A certificate that was just added goes back as Entra keeps it, which is more than what was sent. */
async function withStoredKeys(session: Session, repair: Write): Promise<Write> {
    const { keyCredentials, ...body } = repair.body as Fields & { keyCredentials?: readonly Fields[] };
    const isNew = (key: Fields) => !("customKeyIdentifier" in key);
    const added = keyCredentials?.filter(isNew) ?? [];
    if (keyCredentials === undefined || added.length === 0) return repair;
    const request = { method: "GET", path: repair.path, purpose: repair.purpose } as const;
    const stored = await untilVisible("the new certificate", async () => {
        const found = await session.graph.send<{ keyCredentials: readonly Fields[] }>(request);
        const mine = found.keyCredentials.filter(({ keyId }) => added.some((key) => key["keyId"] === keyId));
        return mine.length === added.length ? mine : undefined;
    });
    return {
        ...repair,
        body: { ...body, keyCredentials: [...keyCredentials.filter((key) => !isNew(key)), ...stored] },
    };
}

/** One request without company goes without an envelope. */
async function send(session: Session, requests: readonly GraphRequest[]): Promise<GraphAnswer[]> {
    const [only, ...more] = requests;
    if (only === undefined || more.length > 0 || only.readBefore !== undefined) return session.graph.batch(requests);
    try {
        return [{ status: 200, body: await session.graph.send(only) }];
    } catch (error) {
        if (error instanceof PortalError) return [{ status: error.status ?? 0, body: undefined, error }];
        throw error;
    }
}
