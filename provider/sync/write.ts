// Sends writes to Entra so that nobody else's are undone: each PATCH travels with a read of the same object right before
// it, and what somebody wrote since our look is put back.
import { withoutOwnTags } from "./ownership";
import { hasMoved, rebase } from "./rebase";
import { isConflict, isNotFound, isReplicationLag, isNotExecuted } from "../entra/graphErrors";
import type { GraphAnswer, GraphRequest } from "../entra/graphRequest";
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
    const readBefore = `${path}?$select=${Object.keys(body).join(",")}`;
    return { method: "PATCH", path, body, purpose, readBefore, base };
}

/** `refusal`: the look behind the writes was out of date; look again, and plan again. */
export interface Written {
    readonly answers: readonly GraphAnswer[];
    readonly refusal?: PortalError;
}

/**
 * Sends writes together. What Entra refuses only because an earlier write of ours has not reached its replica yet is
 * sent again for a while; "exists already" is an answer, since the next look decides.
 */
export async function write(session: Session, writes: readonly Write[]): Promise<Written> {
    const answers: GraphAnswer[] = [];
    let pending = writes.map((request, index) => ({ request, index }));
    let refusal: PortalError | undefined;
    const attempt = async (): Promise<true | undefined> => {
        const received = await send(
            session,
            pending.map(({ request }) => request),
        );
        received.forEach((answer, position) => (answers[pending[position]?.index ?? 0] = answer));
        pending = pending.filter(({ request, index }) => !isDone(request, answers[index]));
        refusal = pending.map(({ request, index }) => outOfDate(request, answers[index])).find(Boolean);
        const fatal = pending.map(({ index }) => answers[index]?.error).find(isFatal);
        if (fatal && !refusal) throw fatal;
        return refusal || pending.length === 0 ? true : undefined;
    };
    if (writes.length > 0 && !(await attempt())) await untilAccepted(() => pending, attempt, answers);
    await putBack(session, writes, answers);
    return refusal ? { answers, refusal } : { answers };
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
    if (isNotFound(error)) return path.startsWith("/applications") ? undefined : error;
    if (error.status !== 400) return undefined;
    const hasMovedSince =
        before !== undefined && hasMoved(base as Fields, body as Fields, withoutCopies({ path }, before as Fields));
    return /Update to existing credential/.test(error.message) || hasMovedSince ? error : undefined;
}

/** Our tags on a service principal are Entra's copies of the application's, and nobody's change. */
function withoutCopies({ path }: Pick<Write, "path">, before: Fields): Fields {
    const { tags } = before;
    if (!path.startsWith("/servicePrincipals") || !Array.isArray(tags)) return before;
    return { ...before, tags: withoutOwnTags(tags as string[]) };
}

/** So often somebody may write in the very moment between a read and the write behind it. */
const MAX_REPAIRS = 5;

async function putBack(
    session: Session,
    writes: readonly Write[],
    answers: readonly GraphAnswer[],
    repairs = 0,
): Promise<void> {
    const undone = writes.flatMap((request, index): Write[] => {
        const { before, error } = answers[index] ?? {};
        if (error || before === undefined || request.base === undefined) return [];
        const body = rebase(request.base as Fields, request.body as Fields, withoutCopies(request, before as Fields));
        if (!body) return [];
        return [patch(request.path, { ...request.base, ...(request.body as Fields) }, body, request.purpose)];
    });
    if (undone.length === 0) return;
    if (repairs === MAX_REPAIRS) throw restless(undone);
    for (const { path } of undone)
        warn(`${path}: somebody else wrote to it in the same moment; both changes were kept`);
    const repaired = await send(session, await Promise.all(undone.map((one) => withStoredKeys(session, one))));
    const failed = repaired.find(({ error }) => error)?.error;
    if (failed) throw failed;
    await putBack(session, undone, repaired, repairs + 1);
}

function restless(undone: readonly Write[]): PortalError {
    const lists = undone.flatMap(({ body }) => Object.keys(body as Fields)).join(", ");
    return new PortalError(
        "ERR_APPLICATION_CONFLICT",
        `${undone[0]?.purpose ?? ""}: it changed again each time; another tool writes to it without a pause, and an entry of its own may be missing in ${lists}; stop it and run the deployment again`,
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
