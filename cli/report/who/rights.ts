// Finds out who removed a permission from the identity that makes the report. Without this permission, a row cannot be
// read. Pure.
import type { Row } from "../model";
import { answerTo, type Answer } from "./decide";
import type { Entry, Group } from "./entry";
import type { Effect, Subject } from "./effects";
import type { Question } from "./questions";

/** Whether Entra refused the read because a permission is missing. */
export function lacksRight({ unreadable = "" }: Pick<Row, "unreadable">): boolean {
    return /\bAuthorization_RequestDenied\b|credentials do not allow reading/.test(unreadable);
}

/** The identity that makes the report, in the tenant of the row. */
export interface Caller {
    readonly id: string;
    /** `undefined`: a user, whose rights come from roles. */
    readonly permissions: ReadonlySet<string> | undefined;
}

const REMOVED = "remove app role assignment from service principal";
const ADDED = "add app role assignment to service principal";

/** Returns one answer for each permission that the identity lost according to the log, and that it still lacks. */
export function answersAboutRights({ id, permissions }: Caller, groups: readonly Group[]) {
    const entries = groups.flatMap((group) => group.entries);
    const lost = entries.flatMap((entry) => (entry.activity === REMOVED ? roleIn(entry, id) : []));
    const missing = [...new Set(lost)].filter((role) => permissions?.has(role) === false);
    const of: Subject = { appId: "", application: undefined, servicePrincipal: id };
    return missing.map((role): { readonly question: Question; readonly answer: Answer } => {
        const question: Question = { object: "servicePrincipal", effectOf: (entry) => effectOn(role, entry, id) };
        return { question, answer: answerTo(question, of, groups) };
    });
}

function effectOn(role: string, entry: Entry, id: string): Effect | undefined {
    if (!roleIn(entry, id).includes(role)) return undefined;
    if (entry.activity === REMOVED) return { state: "live", did: `permission ${role} removed` };
    return entry.activity === ADDED ? { state: "other", did: "added" } : undefined;
}

/**
 * Returns the permission that the identity gained or lost according to the entry. Empty: the entry is about something
 * else. The first target is the API, whose values name the permission and the client. The second target is the client.
 */
function roleIn({ targets: [api, client] }: Entry, id: string): string[] {
    const text = (name: string) => {
        const values = api?.values.get(name);
        const value = values?.after ?? values?.before;
        return typeof value === "string" ? value : "";
    };
    const isOurs = [client?.id, text("ServicePrincipal.ObjectID").toLowerCase()].includes(id);
    return isOurs && text("AppRole.Value") !== "" ? [text("AppRole.Value")] : [];
}
