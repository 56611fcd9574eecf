// Collects the questions that each tenant's audit log has to answer. Pure.
import type { Difference, Report, Row } from "../model";
import { answerTo, type Answer } from "./decide";
import type { Subject } from "./effects";
import { groupsOf, type AuditRecord, type Group } from "./entry";
import { audienceQuestion, questionsOf, type Question } from "./questions";
import type { Wanted } from "./readLog";
import { lacksRight } from "./rights";

/** A difference, and the questions that the audit log answers about its cause. */
export interface Asked {
    readonly difference: Difference;
    readonly subject: Subject;
    readonly questions: readonly Question[];
}

/** One audit log to read: `row` gives the tenant and the credentials. */
export interface Place {
    readonly row: Row;
    readonly asked: readonly Asked[];
    /** Rows that cannot be read, because the identity that makes the report lacks a permission. */
    readonly unread: readonly Row[];
}

export function placesOf({ rows }: Pick<Report, "rows">): readonly Place[] {
    const places = new Map<string, { readonly row: Row; readonly asked: Asked[]; readonly unread: Row[] }>();
    const placeOf = (at: Row) => {
        const { region, tenantId, credentials, kind } = at;
        const key = JSON.stringify([region, tenantId, credentials, kind === "customer"]);
        const place = places.get(key) ?? { row: at, asked: [], unread: [] };
        places.set(key, place);
        return place;
    };
    for (const row of rows) {
        if (lacksRight(row)) placeOf(row).unread.push(row);
        for (const difference of row.differences) {
            const { at, questions } = askedOf(row, difference, rows);
            if (questions.length > 0) placeOf(at).asked.push({ difference, subject: subjectOf(at), questions });
        }
    }
    return [...places.values()];
}

function askedOf(row: Row, difference: Difference, rows: readonly Row[]) {
    const { property, live, resource } = difference;
    // The status of a customer can show the audience of the application. The audience is a setting in the portal's
    // tenant, so the question goes to the audit log of that tenant.
    const portal = rows.find(({ urn }) => urn === row.portal);
    if (row.kind === "customer" && property === "status" && portal && JSON.stringify(live).includes(SINGLE_TENANT))
        return { at: portal, questions: [audienceQuestion(subjectOf(portal), SINGLE_TENANT)] };
    // The audit log has no entries about a PortalServer or a PortalCertificate, because Entra stores neither.
    return { at: row, questions: resource === row.urn ? questionsOf(difference, subjectOf(row)) : [] };
}

const SINGLE_TENANT = "AzureADMyOrg";

function subjectOf({ applicationId, objectId, servicePrincipalId }: Row): Subject {
    return {
        appId: applicationId.toLowerCase(),
        application: guidIn(objectId),
        servicePrincipal: guidIn(servicePrincipalId),
    };
}

/** Returns only a GUID, because no other text may be part of a filter. */
function guidIn(id: string | undefined): string | undefined {
    return id !== undefined && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id) ? id.toLowerCase() : undefined;
}

/**
 * `caller`: the object id of the identity that makes the report. It is set only if rows cannot be read because
 * a permission is missing.
 */
export function wantedFor(asked: readonly Asked[], caller?: string): Wanted {
    const objects = new Set<string>(caller === undefined ? [] : [caller]);
    const activities = new Set<string>();
    for (const { subject, questions } of asked) {
        for (const { object, mayBeUnnamed } of questions) {
            const id = subject[object];
            if (id !== undefined) objects.add(id);
            // If a service principal no longer exists, its id may be unknown. Then a filter for the activity finds its
            // entries.
            else if (object === "servicePrincipal") activities.add("Remove service principal");
            // Entra copies a change of an application to its service principal. If the application's entries were not
            // read, the copy would seem to be a change of the service principal itself.
            if (mayBeUnnamed === true && subject.application !== undefined) objects.add(subject.application);
        }
    }
    const isEnough = (records: readonly AuditRecord[]) => {
        const groups = groupsOf(records);
        // If rows cannot be read, every entry is needed, because any older entry may be about another missing
        // permission.
        return (
            caller === undefined && asked.every((one) => answersFor(one, groups).every(({ answer }) => isFinal(answer)))
        );
    };
    return { objects: [...objects], activities: [...activities], isEnough };
}

/** Returns whether older entries cannot change the answer. */
function isFinal(answer: Answer): boolean {
    return "causes" in answer ? answer.causes.every(({ lacks }) => lacks === undefined) : answer.silence === "late";
}

export function answersFor({ questions, subject }: Asked, groups: readonly Group[]) {
    return questions.map((question) => ({ question, answer: answerTo(question, subject, groups) }));
}
