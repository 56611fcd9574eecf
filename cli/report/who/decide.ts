// Decides which entries of the audit log explain a difference. Pure: the entries are already read.
import { plain } from "../../../provider/plainText";
import type { Who, WhoCandidate } from "../model";
import { actorOf, type Deployers } from "./actors";
import { compareTimes, type Entry, type Group } from "./entry";
import type { Effect, Subject } from "./effects";
import type { Question } from "./questions";

/**
 * The reason why the report names nobody. `late`: the newest entry shows a state that Entra no longer has. `silent`:
 * the log has no entry about the change.
 */
export type Silence = "late" | "silent";

/** The answer of the audit log to one question. */
export type Answer = { readonly causes: readonly Cause[] } | { readonly silence: Silence };

export interface Cause {
    readonly entry: Entry;
    readonly did: string;
    /** The reason why the entry is only a candidate, such as `does not name the property`. `undefined`: a cause. */
    readonly lacks?: string;
}

/** `groups`: the newest first. */
export function answerTo(question: Question, of: Subject, groups: readonly Group[]): Answer {
    const mentions = groups.flatMap((group) => mentionIn(group, question) ?? []);
    const [newest] = mentions;
    // The log does not show which of two entries with the same time came first.
    const latest = mentions.filter(({ at }) => compareTimes(at, newest?.at ?? "") === 0);
    const causes = latest.flatMap(({ entry, effect }) => (effect.state === "live" ? [{ entry, did: effect.did }] : []));
    if (causes.length > 0) return { causes };
    const later = groups.filter(({ at }) => newest === undefined || compareTimes(at, newest.at) > 0);
    const candidates = later.flatMap((group) => candidateIn(group, question, of) ?? []);
    if (candidates.length > 0) return { causes: candidates };
    return { silence: newest ? "late" : "silent" };
}

interface Mention {
    readonly at: string;
    readonly entry: Entry;
    readonly effect: Effect;
}

/** All entries of one request describe one change, so the first entry with an effect represents them. */
function mentionIn(group: Group, { effectOf }: Question): Mention | undefined {
    for (const entry of group.entries) {
        const effect = effectOf(entry, group);
        if (effect) return { at: group.at, entry, effect };
    }
    return undefined;
}

const UPDATES = { application: "update application", servicePrincipal: "update service principal" } as const;
const INCLUDED = "Included Updated Properties";

function candidateIn(group: Group, question: Question, of: Subject): Cause | undefined {
    const { possible, mayBeUnnamed } = question;
    const entry = group.entries.find((one) => possible?.(one, group));
    if (entry) return { entry, did: "a certificate removed", lacks: "does not say which one" };
    return mayBeUnnamed === true ? touchIn(group, question, of) : undefined;
}

/**
 * Returns the request as a possible cause only if none of its entries names a property. If an entry names properties,
 * the request changed only those properties.
 */
function touchIn({ entries }: Group, { object }: Question, of: Subject): Cause | undefined {
    const isAbout = ({ activity, targets }: Entry) => activity === UPDATES[object] && targets[0]?.id === of[object];
    const entry = entries.find(isAbout);
    // Entra copies a change of an application to its service principal, and writes an entry without content for the
    // copy. This entry does not count.
    const isCopy = object === "servicePrincipal" && entries.some(({ targets }) => targets[0]?.type === "Application");
    return entry && !isCopy && !entries.some(namesProperty)
        ? { entry, did: "changed", lacks: "does not name the property" }
        : undefined;
}

function namesProperty({ targets }: Entry): boolean {
    return targets.some(({ values }) =>
        [...values.keys()].some((name) => name !== INCLUDED && !name.startsWith("TargetId.")),
    );
}

/** Returns the answers to all questions about one difference, in one line. `undefined`: nobody can be named. */
export function whoOf(
    answers: readonly { readonly question: Question; readonly answer: Answer }[],
    deployers: Deployers,
): Who | undefined {
    const answered = answers.flatMap(({ question, answer }) =>
        "causes" in answer ? [{ question, causes: answer.causes }] : [],
    );
    if (answered.length === 0) return undefined;
    const silent = answers.flatMap(({ question, answer }) => ("silence" in answer ? (question.about ?? []) : []));
    const words = merged(
        answered.map(({ question: { about }, causes }) => {
            const isNamed = about !== undefined && answers.length > 1;
            return {
                about: isNamed ? plain(about) : "",
                text: causes.map((one) => wordsOf(one, deployers)).join("; or "),
            };
        }),
    );
    const candidates = answered.flatMap(({ causes }) => causes.map(({ entry }) => candidateOf(entry, deployers)));
    const unique = new Map(candidates.map((one) => [one.entry, one]));
    const more = silent.length === 0 ? "" : `; the log does not show who removed ${plain(silent.join(" and "))}`;
    return { words: words + more, candidates: [...unique.values()].sort((a, b) => compareTimes(b.at, a.at)) };
}

/** Makes one phrase for all parts of a difference that have the same text. */
function merged(parts: readonly { readonly about: string; readonly text: string }[]): string {
    const texts = [...new Set(parts.map(({ text }) => text))];
    return texts
        .map((text) => {
            const about = parts.flatMap((one) => (one.text === text && one.about !== "" ? [one.about] : []));
            return about.length === 0 ? text : `${about.join(" and ")} ${text}`;
        })
        .join("; ");
}

function wordsOf({ entry, did, lacks }: Cause, deployers: Deployers): string {
    const note = lacks === undefined ? "" : `; the entry ${lacks}`;
    return `${did} ${shownTime(entry.at)} by ${actorOf(entry, deployers).words}${note}`;
}

/** Returns a time such as `2026-11-26 14:03 UTC`. */
function shownTime(at: string): string {
    return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function candidateOf(entry: Entry, deployers: Deployers): WhoCandidate {
    const { kind, actor, client } = actorOf(entry, deployers);
    const { id, correlationId } = entry;
    return {
        kind,
        actor,
        at: new Date(entry.at).toISOString(),
        ...(client === undefined ? {} : { client }),
        entry: plain(id),
        ...(correlationId === "" ? {} : { correlationId: plain(correlationId) }),
    };
}
