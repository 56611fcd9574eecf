// Applies the decisions of accepted.json to a report. A decision accepts one difference until the end of a day. Pure.
import { isDeepStrictEqual } from "node:util";

import { plain } from "../../provider/plainText";
import { isSecret } from "./masked";
import type { Difference, Json, Report, Row, UnusedDecision } from "./model";
import { withStatus } from "./rowStatus";
import { summed } from "./totals";

/** An entry of accepted.json. */
export interface Decision {
    /** The resource: its URN, its name (`portal`), or its stack and name (`production/portal`). */
    readonly resource: string;
    readonly property: string;
    /** The accepted live value, or its text in the report. The decision does not accept another live value. */
    readonly value: Json;
    /** The last day on which the decision applies, in UTC, such as `2027-01-31`. */
    readonly until: string;
    readonly reason: string;
    /** The person or group that accepts the drift. */
    readonly by: string;
}

/** The content of accepted.json: a list of decisions. */
export type Decisions = readonly Decision[];

export function withDecisions(report: Report, decisions: readonly Decision[]): Report {
    const today = report.createdAt.slice(0, 10);
    const addresses = addressesIn(report.rows);
    const known = decisions.map((decision) => ({ decision, places: addresses.get(decision.resource) ?? [] }));
    const current = known.filter(({ decision }) => decision.until >= today);
    const rows = report.rows.map((row) =>
        withStatus({ ...row, differences: row.differences.map((one) => accepting(one, current)) }),
    );
    const unused = known.flatMap((one) => unusedDecision(one, { ...report, rows }, today));
    return summed({ ...report, rows, unusedDecisions: unused });
}

interface Place {
    readonly urn: string;
    readonly stack: string;
}

/** `places`: the resources that `decision.resource` can mean. The decision applies only if there is exactly one. */
interface Addressed {
    readonly decision: Decision;
    readonly places: readonly Place[];
}

/**
 * Maps each address to the resources that it can mean. An address is a URN, a stack and a name, or only a name, as in
 * `decision.resource`.
 */
function addressesIn(rows: readonly Row[]): Map<string, Place[]> {
    const addresses = new Map<string, Place[]>();
    const resources = rows.flatMap(({ urn, stack, differences }) =>
        [urn, ...differences.map(({ resource }) => resource)].map((resource) => ({ urn: resource, stack })),
    );
    for (const { urn, stack } of resources) {
        const name = urn.split("::").at(-1) ?? urn;
        for (const address of [urn, `${stack}/${name}`, name]) {
            const others = addresses.get(address) ?? [];
            if (!others.some((other) => other.urn === urn)) addresses.set(address, [...others, { urn, stack }]);
        }
    }
    return addresses;
}

function accepting(difference: Difference, decisions: readonly Addressed[]): Difference {
    const found = decisions.find((one) => isAbout(one, difference) && isSameValue(one.decision, difference));
    if (found === undefined) return difference;
    const { until, reason, by } = found.decision;
    return { ...difference, accepted: { until, reason: plain(reason), by: plain(by) } };
}

function isAbout({ decision, places }: Addressed, { resource, property }: Difference): boolean {
    return places.length === 1 && places[0]?.urn === resource && decision.property === property;
}

/**
 * The order of a list does not matter. A decision never matches a secret value, because a preview hides it. So nobody
 * can know whether it is still the accepted value.
 */
function isSameValue({ value }: Decision, { live, liveText }: Difference): boolean {
    if (isSecret(live)) return false;
    const sorted = (one: Json): Json => (isList(one) ? one.map(String).sort() : one);
    return value === liveText || isDeepStrictEqual(sorted(value), sorted(live));
}

function isList(value: Json): value is readonly Json[] {
    return Array.isArray(value);
}

function unusedDecision(addressed: Addressed, report: Report, today: string): UnusedDecision[] {
    const about = report.rows.flatMap(({ differences }) => differences.filter((one) => isAbout(addressed, one)));
    const why = whyUnused(addressed, about, today) ?? whyNothing(addressed, about, report);
    if (why === undefined) return [];
    const { resource, property, until, reason, by } = addressed.decision;
    return [
        {
            resource: plain(resource),
            property: plain(property),
            until,
            reason: plain(reason),
            by: plain(by),
            why: plain(why),
        },
    ];
}

function whyUnused({ decision, places }: Addressed, about: readonly Difference[], today: string): string | undefined {
    const { resource, until } = decision;
    const [first] = places;
    if (first !== undefined && places.length > 1) {
        const isUnique = new Set(places.map(({ stack }) => stack)).size === places.length;
        return isUnique
            ? `several resources have this name; write the stack before it, such as "${first.stack}/${resource}"`
            : `several resources of a stack have this name; write the URN instead, such as "${first.urn}"`;
    }
    if (until < today) return `the entry ended on ${until}`;
    if (about.some((one) => isSameValue(decision, one))) return undefined;
    const [other] = about;
    if (other && isSecret(other.live)) return "the value is secret, so no decision can accept it; use ignoreChanges";
    if (other) return `the live value is different: ${other.liveText}`;
    return undefined;
}

/** Says why the report has no difference for a decision. `undefined`: it has one. */
function whyNothing(
    { decision, places: [place] }: Addressed,
    about: readonly Difference[],
    { rows, stacks }: Report,
): string | undefined {
    if (about.length > 0) return undefined;
    if (place === undefined) {
        const isOf = (stack: string) =>
            [`${stack}/`, `urn:pulumi:${stack}::`].some((one) => decision.resource.startsWith(one));
        const named = stacks.filter(({ name }) => isOf(name));
        const isIncomplete = (named.length > 0 ? named : stacks).some(({ status }) => status === "failed");
        const none = "the report has no row or difference for this resource";
        return isIncomplete ? `${none}, but the report is incomplete, so the resource may exist` : none;
    }
    const isNamed = (urn: string) => urn === place.urn;
    const row = rows.find(
        ({ urn, differences }) => isNamed(urn) || differences.some(({ resource }) => isNamed(resource)),
    );
    return row?.status === "unreadable"
        ? "the resource could not be read, so it is unknown whether the value differs"
        : "the report has no such difference";
}
