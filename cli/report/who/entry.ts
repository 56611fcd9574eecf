// Reads the entries of Entra's directory audit log, and groups them by request. Pure.
// https://learn.microsoft.com/graph/api/resources/directoryaudit
import { listOf, object, optional, text, type Shape } from "../../../provider/shape";

/** The values of a changed property, parsed from the JSON texts in the log. `undefined`: there is no value. */
export interface Values {
    readonly before: unknown;
    readonly after: unknown;
}

export interface EntryTarget {
    readonly id: string;
    readonly type: string;
    readonly values: ReadonlyMap<string, Values>;
}

export interface Initiator {
    readonly user?: {
        readonly id?: string | null;
        readonly displayName?: string | null;
        readonly userPrincipalName?: string | null;
    } | null;
    readonly app?: { readonly displayName?: string | null; readonly servicePrincipalId?: string | null } | null;
}

export interface Entry {
    readonly id: string;
    readonly correlationId: string;
    /** The time of the entry, in ISO 8601 and UTC. */
    readonly at: string;
    /** The activity in lower case, with plain dashes, and without a period or spaces at its ends. */
    readonly activity: string;
    readonly initiatedBy: Initiator;
    readonly userAgent: string | undefined;
    readonly targets: readonly EntryTarget[];
}

/** The entries of one request. The entry about the change itself comes before entries about copies of the change. */
export interface Group {
    readonly at: string;
    readonly entries: readonly Entry[];
}

/** An entry as Microsoft Graph returns it. */
export interface AuditRecord {
    readonly id: string;
    readonly activityDateTime: string;
    readonly activityDisplayName: string;
    readonly correlationId?: string | null;
    readonly result?: string | null;
    readonly initiatedBy?: Initiator | null;
    readonly additionalDetails?: readonly { readonly key?: string | null; readonly value?: string | null }[] | null;
    readonly targetResources?: readonly RecordTarget[] | null;
}

interface RecordTarget {
    readonly id?: string | null;
    readonly type?: string | null;
    readonly modifiedProperties?: readonly RecordProperty[] | null;
}

interface RecordProperty {
    readonly displayName?: string | null;
    readonly oldValue?: string | null;
    readonly newValue?: string | null;
}

const optionalText = optional(text);
const aProperty = object({ displayName: optionalText, oldValue: optionalText, newValue: optionalText });
const person = { displayName: optionalText, id: optionalText, userPrincipalName: optionalText };

/** The members of an entry that the report uses. */
export const anAuditRecord: Shape = object({
    id: text,
    activityDateTime: text,
    activityDisplayName: text,
    correlationId: optionalText,
    result: optionalText,
    initiatedBy: optional(
        object({
            user: optional(object(person)),
            app: optional(object({ displayName: optionalText, servicePrincipalId: optionalText })),
        }),
    ),
    additionalDetails: optional(listOf(object({ key: optionalText, value: optionalText }))),
    targetResources: optional(
        listOf(object({ id: optionalText, type: optionalText, modifiedProperties: optional(listOf(aProperty)) })),
    ),
});

/** Returns the successful entries without repetitions, grouped by request, the newest group first. */
export function groupsOf(records: readonly AuditRecord[]): Group[] {
    const unique = new Map(records.filter(isSuccess).map((record) => [record.id, entryOf(record)]));
    const byRequest = new Map<string, Entry[]>();
    for (const entry of unique.values()) {
        const key = entry.correlationId || entry.id;
        byRequest.set(key, [...(byRequest.get(key) ?? []), entry]);
    }
    const groups = [...byRequest.values()].map((entries) => {
        const sorted = entries.toSorted((a, b) => rank(a) - rank(b) || compareTimes(b.at, a.at));
        return { at: sorted[0]?.at ?? "", entries: sorted };
    });
    return groups.sort((a, b) => compareTimes(b.at, a.at));
}

/**
 * Returns whether the change succeeded and the entry has a valid time. A refused attempt leaves entries that look like
 * entries of a change.
 */
function isSuccess({ result, activityDateTime }: AuditRecord): boolean {
    return result?.toLowerCase() === "success" && !Number.isNaN(Date.parse(activityDateTime));
}

/**
 * Sorts copies last. A change of an application also makes an entry about its service principal. That entry is only a
 * copy of the change, and can be up to 6 s earlier.
 */
function rank({ activity }: Entry): number {
    return activity === "update service principal" ? 1 : 0;
}

function entryOf(record: AuditRecord): Entry {
    const { id, correlationId, activityDateTime, activityDisplayName, initiatedBy, targetResources } = record;
    const agent = record.additionalDetails?.find(({ key }) => key?.toLowerCase() === "user-agent")?.value;
    return {
        id,
        correlationId: correlationId ?? "",
        at: activityDateTime,
        activity: activityDisplayName
            .replace(/[\u2010-\u2015]/g, "-")
            .trim()
            .replace(/\.$/, "")
            .toLowerCase(),
        initiatedBy: initiatedBy ?? {},
        userAgent: agent ?? undefined,
        targets: (targetResources ?? []).map((target) => ({
            id: target.id?.toLowerCase() ?? "",
            type: target.type ?? "",
            values: new Map((target.modifiedProperties ?? []).map(valuesOf)),
        })),
    };
}

function valuesOf({ displayName, oldValue, newValue }: RecordProperty): [string, Values] {
    return [displayName ?? "", { before: parsed(oldValue), after: parsed(newValue) }];
}

/** The log contains values as JSON text. Any other text is returned unchanged. */
function parsed(value: string | null | undefined): unknown {
    if (value === null || value === undefined) return undefined;
    try {
        return (JSON.parse(value) as unknown) ?? undefined;
    } catch {
        return value;
    }
}

/** Entries differ in the number of decimals in their times, so the times cannot be sorted as texts. */
export function compareTimes(a: string, b: string): number {
    const byMs = Date.parse(a) - Date.parse(b);
    if (byMs !== 0) return byMs;
    const fraction = (time: string) => (/\.(\d+)/.exec(time)?.[1] ?? "").padEnd(7, "0");
    return fraction(a).localeCompare(fraction(b));
}
