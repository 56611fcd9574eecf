// Keeps the directory audit log of one tenant. An entry can be read after a delay, and until its retention time ends.
import { randomBytes, randomUUID } from "node:crypto";

import { sortableText } from "../odata/filter";
import type { Actor } from "./actor";
import type { AuditRecord, Draft } from "./record";

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * With `P1`, entries can be read for 30 days, and with `Free` for 7 days. With `refused`, Graph answers that the tenant
 * has no premium licence (Graph's known issues, 2021).
 */
export type Licence = "Free" | "P1" | "refused";

export interface AuditSettings {
    readonly licence: Licence;
    /** The time until an entry can be read. The real service promises no maximum. */
    readonly delayMs: number;
    /** Whether entries name the attributes that no published entry shows. */
    readonly namesAssumed: boolean;
}

export const AUDIT_DEFAULTS: AuditSettings = { licence: "P1", delayMs: 0, namesAssumed: true };

const RETENTION_DAYS: Readonly<Record<Licence, number>> = { P1: 30, Free: 7, refused: 30 };

/** The number of ticks (100 ns) in a millisecond. */
const TICKS = 10_000;

export class AuditLog {
    settings = AUDIT_DEFAULTS;
    private records: AuditRecord[] = [];
    private count = 0;

    constructor(private readonly now: () => number) {}

    load(records: readonly AuditRecord[]): void {
        this.records = [...records];
    }

    /** Returns all stored entries, in the order in which they were added. */
    all(): readonly AuditRecord[] {
        return [...this.records];
    }

    /** All entries of one request have the same correlation id. */
    add(drafts: readonly Draft[], actor: Actor, result: AuditRecord["result"] = "success"): void {
        if (drafts.length === 0) return;
        const correlationId = randomUUID();
        const oldest = this.now() - RETENTION_DAYS.P1 * DAY_MS;
        const isKept = (one: AuditRecord) => Date.parse(one.activityDateTime) > oldest;
        if (!this.records.slice(0, 1).every(isKept)) this.records = this.records.filter(isKept);
        for (const draft of drafts) this.records.push(this.record(draft, { actor, result, correlationId }));
    }

    /** Returns the entries that can be read now, the newest first. */
    readable(): AuditRecord[] {
        const { licence, delayMs } = this.settings;
        const latest = this.now() - delayMs;
        const oldest = this.now() - RETENTION_DAYS[licence] * DAY_MS;
        const isReadable = ({ activityDateTime }: AuditRecord) => {
            const at = Date.parse(activityDateTime);
            return at > oldest && at <= latest;
        };
        return this.records
            .filter(isReadable)
            .sort((a, b) => (sortableText(a.activityDateTime) < sortableText(b.activityDateTime) ? 1 : -1));
    }

    private record(draft: Draft, of: Pick<AuditRecord, "correlationId" | "result"> & { readonly actor: Actor }) {
        const { correlationId, result, actor } = of;
        const number = ++this.count;
        const { userAgent } = actor;
        const agent = userAgent === undefined ? [] : [{ key: "User-Agent", value: userAgent }];
        return {
            id: `Directory_${correlationId}_${randomBytes(5).toString("hex").slice(0, 5).toUpperCase()}_${number}`,
            category: draft.category ?? "ApplicationManagement",
            correlationId,
            result,
            resultReason: "",
            activityDisplayName: draft.activity,
            activityDateTime: ticks(this.now() - (draft.earlierMs ?? 0), number % TICKS),
            loggedByService: draft.service ?? "Core Directory",
            operationType: draft.operation,
            initiatedBy: actor.initiatedBy,
            targetResources: draft.targets,
            additionalDetails: [...agent, ...(draft.details ?? [])],
        };
    }
}

/** Formats a time with at most seven decimal places, without zeros at the end. `more` is the number of ticks to add. */
function ticks(ms: number, more: number): string {
    const text = `${new Date(ms).toISOString().slice(0, -1)}${String(more).padStart(4, "0")}`;
    return `${text.replace(/\.?0+$/, "")}Z`;
}
