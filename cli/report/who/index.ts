// Names who made each difference of a report, and when. The report is already complete, so an unreadable audit log only
// adds a note.
import { select, servicePrincipalPath } from "../../../provider/entra/paths";
import { openSession, type Session } from "../../../provider/entra/session";
import { PortalError } from "../../../provider/portalError";
import type { Difference, Report, Row, Who } from "../model";
import { answersFor, placesOf, wantedFor, type Place } from "./asked";
import { whoOf, type Answer } from "./decide";
import { groupsOf } from "./entry";
import { readLog } from "./readLog";
import { answersAboutRights } from "./rights";
import { NO_LOG_IN_CHINA, refusalOf } from "./refusals";
import { notesOf, RIGHTS_SILENCE, ROLES_SILENCE, silenceOf } from "./silence";

export interface WhoOptions {
    /** Application IDs of the identities that deploy, besides the identity that makes the report. */
    readonly deployers?: readonly string[];
    /** The longest time for reading one tenant's audit log, in milliseconds. Default: two minutes. */
    readonly limitMs?: number;
}

const LIMIT_MS = 120_000;
/** Microsoft Graph throttles each tenant separately, so several tenants are read at the same time. */
const TENANTS_AT_ONCE = 8;

/** The clocks of Entra and this machine may differ by up to 15 minutes, so only a longer interval proves an order. */
const LATE_MS = 15 * 60_000;

type Found = ReadonlyMap<Difference | Row, Who | string>;

/** Adds `who` to the report's differences and unreadable rows, and a note for each reason why nobody is named. */
export async function attribute(report: Report, options: WhoOptions = {}): Promise<Report> {
    const places = placesOf(report);
    const found = new Map<Difference | Row, Who | string>();
    const waiting = [...places];
    const work = async () => {
        for (let place = waiting.shift(); place; place = waiting.shift())
            for (const [about, who] of await findIn(place, report, options)) found.set(about, who);
    };
    await Promise.all(Array.from({ length: TENANTS_AT_ONCE }, work));
    const unnamed = places.flatMap(({ row: { tenantId }, asked, unread }) => [
        ...asked.flatMap(({ difference }) => reasonFor(difference, found).map((reason) => ({ tenantId, reason }))),
        ...unread.flatMap((row) => reasonFor(row, found).map((reason) => ({ tenantId, reason, isUnread: true }))),
    ]);
    const rows = report.rows.map((row) => ({
        ...withWho(row, found),
        differences: row.differences.map((one) => withWho(one, found)),
    }));
    return { ...report, rows, notes: [...report.notes, ...notesOf(unnamed)] };
}

function reasonFor(about: Difference | Row, found: Found): string[] {
    const reason = found.get(about);
    return typeof reason === "string" ? [reason] : [];
}

function withWho<T extends Difference | Row>(about: T, found: Found): T {
    const who = found.get(about);
    return who === undefined || typeof who === "string" ? about : { ...about, who };
}

/** Finds who caused each difference and each unreadable row of one tenant, or the reason why nobody is named. */
async function findIn(place: Place, report: Report, options: WhoOptions): Promise<Found> {
    const { asked, unread, row } = place;
    const all = (reason: string): Found =>
        new Map([...asked.map(({ difference }) => difference), ...unread].map((about) => [about, reason]));
    if (row.region === "China") return all(NO_LOG_IN_CHINA);
    try {
        return await withinTime(read(place, report, options), options.limitMs ?? LIMIT_MS);
    } catch (error) {
        return all(refusalOf(error));
    }
}

async function read({ row, asked, unread }: Place, report: Report, { deployers = [] }: WhoOptions): Promise<Found> {
    const session = await open(row);
    const caller = { id: session.callerObjectId.toLowerCase(), permissions: session.permissions };
    const groups = groupsOf(await readLog(session, wantedFor(asked, unread.length > 0 ? caller.id : undefined)));
    const answered = asked.map((one) => ({ ...one, answers: answersFor(one, groups) }));
    const rights = answersAboutRights(caller, groups);
    const all = [...answered.flatMap(({ answers }) => answers), ...rights];
    const own = all.some(({ answer }) => namesApplication(answer))
        ? await deployersIn(session, deployers)
        : new Set<string>();
    const rightsGone = whoOf(rights, own) ?? (caller.permissions ? RIGHTS_SILENCE : ROLES_SILENCE);
    return new Map<Difference | Row, Who | string>([
        ...unread.map((one) => [one, rightsGone] as const),
        ...answered.map(({ difference, answers }) => {
            const who = againIn(whoOf(answers, own), difference, answers.some(isPossible));
            return [difference, who ?? silenceOf(silenceIn(answers), difference, report)] as const;
        }),
    ]);
}

/**
 * Adds a note if an earlier report already showed this drift before the entry of the audit log. Without the note, the
 * entry would seem to be later than the drift that it caused.
 */
function againIn(who: Who | undefined, { since }: Difference, isOnlyPossible: boolean): Who | undefined {
    if (who === undefined || since === undefined) return who;
    const isAgain = who.candidates.every(({ at }) => Date.parse(at) > Date.parse(since) + LATE_MS);
    const other = isOnlyPossible ? ", or an older change is the cause" : "";
    const day = since.slice(0, 10);
    const note = `; the report of ${day} already showed the same value, so somebody corrected it in between${other}`;
    return isAgain ? { ...who, words: who.words + note } : who;
}

function isPossible({ answer }: { readonly answer: Answer }): boolean {
    return "causes" in answer && answer.causes.some(({ lacks }) => lacks !== undefined);
}

function open({ region, tenantId, credentials, kind }: Row): Promise<Session> {
    return openSession({ region, tenantId, credentials, acrossTenants: kind === "customer" });
}

function namesApplication(answer: Answer): boolean {
    return "causes" in answer && answer.causes.some(({ entry }) => Boolean(entry.initiatedBy.app?.servicePrincipalId));
}

/** The log names a service principal by its object id, which differs from tenant to tenant. */
async function deployersIn(session: Session, appIds: readonly string[]): Promise<ReadonlySet<string>> {
    const own = session.permissions === undefined ? [] : [session.callerObjectId];
    const requests = appIds.map((appId) => ({
        method: "GET" as const,
        path: select(servicePrincipalPath(appId), "id"),
        purpose: `reading the service principal of the deploying identity ${appId}`,
    }));
    const answers = requests.length === 0 ? [] : await session.graph.batch(requests);
    const ids = answers.flatMap(({ body }) => (body as { readonly id?: string } | undefined)?.id ?? []);
    return new Set([...own, ...ids].map((id) => id.toLowerCase()));
}

function silenceIn(answers: ReturnType<typeof answersFor>) {
    const isLate = answers.some(({ answer }) => "silence" in answer && answer.silence === "late");
    return isLate ? "late" : "silent";
}

function withinTime<T>(work: Promise<T>, limitMs: number): Promise<T> {
    return new Promise((done, fail) => {
        const message = `reading the audit log took longer than ${Math.round(limitMs / 1000)} s; run the report again later`;
        const timer = setTimeout(() => fail(new PortalError("ERR_GRAPH_UNAVAILABLE", message)), limitMs);
        work.then(done, fail).finally(() => clearTimeout(timer));
    });
}
