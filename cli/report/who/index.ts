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
import { NO_LOG_IN_CHINA, refusalOf } from "./refusals";
import { notesOf, silenceOf } from "./silence";

export interface WhoOptions {
    /** Application IDs of the identities that deploy, besides the one that makes the report. */
    readonly deployers?: readonly string[];
    /** The longest time for one tenant. Default: two minutes. */
    readonly limitMs?: number;
}

const LIMIT_MS = 120_000;
/** Each tenant has limits of its own. */
const TENANTS_AT_ONCE = 8;

type Found = ReadonlyMap<Difference, Who | string>;

/** Returns the report with `who` in its differences, and a note for each reason why somebody is not named. */
export async function attribute(report: Report, options: WhoOptions = {}): Promise<Report> {
    const places = placesOf(report);
    const found = new Map<Difference, Who | string>();
    const waiting = [...places];
    const work = async () => {
        for (let place = waiting.shift(); place; place = waiting.shift())
            for (const [difference, who] of await findIn(place, report, options)) found.set(difference, who);
    };
    await Promise.all(Array.from({ length: TENANTS_AT_ONCE }, work));
    const unnamed = places.flatMap(({ row, asked }) =>
        asked.flatMap(({ difference }) => {
            const reason = found.get(difference);
            return typeof reason === "string" ? [{ tenantId: row.tenantId, reason }] : [];
        }),
    );
    const rows = report.rows.map((row) => ({ ...row, differences: row.differences.map((one) => withWho(one, found)) }));
    return { ...report, rows, notes: [...report.notes, ...notesOf(unnamed)] };
}

function withWho(difference: Difference, found: Found): Difference {
    const who = found.get(difference);
    return who === undefined || typeof who === "string" ? difference : { ...difference, who };
}

/** For each difference who made it, or why that is not known. */
async function findIn(place: Place, report: Report, options: WhoOptions): Promise<Found> {
    const { asked, row } = place;
    const all = (reason: string): Found => new Map(asked.map(({ difference }) => [difference, reason]));
    if (row.region === "China") return all(NO_LOG_IN_CHINA);
    try {
        return await withinTime(read(place, report, options), options.limitMs ?? LIMIT_MS);
    } catch (error) {
        return all(refusalOf(error));
    }
}

async function read({ row, asked }: Place, report: Report, { deployers = [] }: WhoOptions): Promise<Found> {
    const session = await open(row);
    const groups = groupsOf(await readLog(session, wantedFor(asked)));
    const answered = asked.map((one) => ({ ...one, answers: answersFor(one, groups) }));
    const isByApplication = answered.some(({ answers }) => answers.some(({ answer }) => namesApplication(answer)));
    const own = isByApplication ? await deployersIn(session, deployers) : new Set<string>();
    return new Map(
        answered.map(({ difference, answers }) => [
            difference,
            whoOf(answers, own) ?? silenceOf(silenceIn(answers), difference, report),
        ]),
    );
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
        const message = `reading the audit log took longer than ${Math.round(limitMs / 1000)} s`;
        const timer = setTimeout(() => fail(new PortalError("ERR_GRAPH_UNAVAILABLE", message)), limitMs);
        work.then(done, fail).finally(() => clearTimeout(timer));
    });
}
