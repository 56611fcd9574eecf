// Sends writes to Entra without undoing the writes of others. In a batch, a read of the same object comes directly
// before each PATCH. If a PATCH drops entries that somebody added since our observation, this file puts them back.
import { forgetRepair, noteRepair } from "./repairs";
import { withoutCopiedTags } from "./tags";
import { entriesBeyond, hasMoved, rebase } from "./rebase";
import { isConflict, isNotExecuted, isNotFound, isReplicationLag, isUncertainRefusal } from "../entra/graphErrors";
import type { GraphAnswer, GraphRequest } from "../entra/graphRequest";
import { partOf } from "../entra/graphShapes";
import { APPLICATIONS_PATH, select, SERVICE_PRINCIPALS_PATH } from "../entra/paths";
import type { Session } from "../entra/session";
import { untilVisible } from "../entra/untilVisible";
import { warn } from "../log";
import { PortalError } from "../portalError";

type Fields = Readonly<Record<string, unknown>>;

/** A request that writes: a POST, PATCH or DELETE. */
export interface Write extends GraphRequest {
    /** The observation from which the body of a PATCH was made. Only a PATCH has a base. */
    readonly base?: object;
}

/** Makes a PATCH of an observed object. The read immediately before the PATCH requests only the fields of the body. */
export function patch(path: string, base: object, body: Fields, purpose: string): Write {
    // Graph shows the bytes of a key only if `keyCredentials` is selected by name. A lost key cannot be put back
    // without its bytes.
    const names = Object.keys(body);
    const [readBefore, answersBefore] = [select(path, ...names), partOf(path, names)];
    return { method: "PATCH", path, body, purpose, readBefore, answersBefore, base };
}

export interface Written {
    readonly answers: readonly GraphAnswer[];
    /** Entra refused a request because the plan was based on stale data. The caller must observe and plan again. */
    readonly refusal?: PortalError;
    /**
     * Entra refused a request for another reason or did not answer, or entries of others could not be put back.
     * `answers` shows which requests succeeded.
     */
    readonly failure?: PortalError;
}

/**
 * Sends writes together. If Entra refuses a write only because of replication lag, the write is sent again for a while.
 * The error "already exists" counts as success, because the next observation shows the object. Errors from Entra are
 * returned and not thrown, so that dropped entries are put back first and the caller can record which writes succeeded.
 */
export async function write(session: Session, writes: readonly Write[]): Promise<Written> {
    const answers: GraphAnswer[] = [];
    const uncertain = new Set<number>();
    let pending = writes.map((request, index) => ({ request, index }));
    let refusal: PortalError | undefined;
    let failure: PortalError | undefined;
    const attempt = async (): Promise<true | undefined> => {
        const received = await send(
            session,
            pending.map(({ request }) => request),
        );
        received.forEach((answer, position) => {
            const index = pending[position]?.index ?? 0;
            answers[index] = uncertain.has(index) ? { ...answer, isUncertain: true } : answer;
            if (answer.isUncertain === true || isUncertainRefusal(answer.error)) uncertain.add(index);
        });
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
    // Entries of others that a write dropped are put back before the caller throws the failure.
    failure = (await putBack(session, writes, answers)) ?? failure;
    return { answers, ...(refusal ? { refusal } : {}), ...(failure ? { failure } : {}) };
}

/** An object that already exists counts as created. An object that is already deleted counts as deleted. */
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
        // Entra's last answer gives a better reason than the timeout.
        const said = answers.find(({ error: one }) => one && !isConflict(one) && !isNotExecuted(one))?.error;
        throw error instanceof PortalError && error.code === "ERR_NOT_VISIBLE_IN_TIME" ? (said ?? error) : error;
    }
}

/** Returns the refusal of a PATCH whose object changed since the observation. */
function outOfDate({ base, body, path }: Write, answer: GraphAnswer | undefined): PortalError | undefined {
    const { error, before } = answer ?? {};
    if (!error || base === undefined || body === undefined) return undefined;
    // A 404 for an application may mean that a replica does not show the new application yet. Every other object was
    // visible when it was observed, so it has been deleted since.
    if (isNotFound(error)) return path.startsWith(APPLICATIONS_PATH) ? undefined : error;
    if (error.status !== 400) return undefined;
    const hasMovedSince =
        before !== undefined &&
        hasMoved(withoutCopies({ path }, base as Fields), body as Fields, withoutCopies({ path }, before as Fields));
    return /Update to existing credential/.test(error.message) || hasMovedSince ? error : undefined;
}

/**
 * Entra itself copies our application tags to the service principal, so these copies do not count as changes by others.
 */
function withoutCopies({ path }: Pick<Write, "path">, before: Fields): Fields {
    const { tags } = before;
    if (!path.startsWith(SERVICE_PRINCIPALS_PATH) || !Array.isArray(tags)) return before;
    return { ...before, tags: withoutCopiedTags(tags as string[]) };
}

/**
 * After this many attempts to put entries back, the write fails. Each attempt undid changes that others had made since
 * the previous PATCH.
 */
const MAX_REPAIRS = 5;

/** Puts back the entries of others that the writes dropped. Returns the error if that fails. */
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
    const repaired = await send(session, await Promise.all(undone.map((one) => withStoredKeys(session, one))));
    const failed = repaired.find(({ error }) => error)?.error;
    if (failed) return failed;
    for (const { path, purpose } of undone) {
        forgetRepair(session, path);
        warn(`${purpose}: another tool wrote to the same object at the same moment; both changes are kept`);
    }
    return putBack(session, undone, repaired, repairs + 1);
}

function restless(undone: readonly Write[]): PortalError {
    // The body also contains fields that need no repair.
    const changed = undone.flatMap(({ base = {}, body }) =>
        Object.entries(body as Fields)
            .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify((base as Fields)[name]))
            .map(([name]) => name),
    );
    const lists = [...new Set(changed)].join(", ");
    return new PortalError(
        "ERR_APPLICATION_CONFLICT",
        `${undone[0]?.purpose ?? ""}: the object changed during each of ${MAX_REPAIRS} attempts; another tool keeps writing to it, and one of its entries in ${lists} may have been overwritten; stop that tool, then run the command again`,
    );
}

/** A certificate that was just added must be sent back as Entra stores it, with more fields than were sent before. */
async function withStoredKeys(session: Session, repair: Write): Promise<Write> {
    const { keyCredentials, ...body } = repair.body as Fields & { keyCredentials?: readonly Fields[] };
    const isNew = (key: Fields) => !("customKeyIdentifier" in key);
    const added = keyCredentials?.filter(isNew) ?? [];
    if (keyCredentials === undefined || added.length === 0) return repair;
    const { path, purpose } = repair;
    const request = { method: "GET", path, purpose, answers: partOf(path, ["keyCredentials"]) } as const;
    const stored = await untilVisible(`Entra to show the new certificate while ${purpose}`, async () => {
        const live = await session.graph.send<{ keyCredentials: readonly Fields[] }>(request);
        const own = live.keyCredentials.filter(({ keyId }) => added.some((key) => key["keyId"] === keyId));
        return own.length === added.length ? own : undefined;
    });
    return {
        ...repair,
        body: { ...body, keyCredentials: [...keyCredentials.filter((key) => !isNew(key)), ...stored] },
    };
}

/** A single request is not wrapped in a batch, unless a read must come directly before it. */
async function send(session: Session, requests: readonly GraphRequest[]): Promise<GraphAnswer[]> {
    const [only, ...more] = requests;
    if (only === undefined || more.length > 0 || only.readBefore !== undefined) return session.graph.batch(requests);
    const earlier: { isUncertain?: boolean } = {};
    const request = { ...only, onUncertain: () => (earlier.isUncertain = true) };
    try {
        return [{ status: 200, body: await session.graph.send(request), ...earlier }];
    } catch (error) {
        if (error instanceof PortalError) return [{ status: error.status ?? 0, body: undefined, error, ...earlier }];
        throw error;
    }
}
