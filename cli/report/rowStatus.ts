// Decides the status of a row from its differences and checks, and describes the row in words. Pure.
import { isUnread, UNCHECKED, type Check } from "../diagnosis/check";
import { plain } from "../../provider/plainText";
import type { Difference, FailedCheck, Row, RowStatus } from "./model";

/** The parts of a row that are known before its status is decided. */
export type RowFacts = Omit<Row, "status" | "signIn" | "signInReason" | "words" | "unreadable" | "checks"> & {
    readonly checks: readonly Check[];
};

/** Makes a row without checks that passed, and without checks whose status another check explains (`follows`). */
export function rowOf(facts: RowFacts): Row {
    const unread = facts.checks.find(isUnread)?.message.replace(UNCHECKED, "");
    const checks = facts.checks.flatMap(({ status, follows, ...check }): FailedCheck[] =>
        status === "ok" || follows !== undefined ? [] : [{ ...check, status }],
    );
    const address = { urn: plain(facts.urn), name: plain(facts.name) };
    const row = { ...undecided(facts), ...address, checks, ...(unread === undefined ? {} : { unreadable: unread }) };
    const status = statusOf(row);
    return { ...row, status, ...signInOf(row, status), words: wordsOf(row) };
}

/** Removes the optional results of an earlier `rowOf`, because the next `rowOf` does not always replace them. */
function undecided(facts: RowFacts): RowFacts {
    const kept = Object.entries(facts).filter(([name]) => name !== "signInReason" && name !== "unreadable");
    return Object.fromEntries(kept) as unknown as RowFacts;
}

type Undecided = Omit<Row, "status" | "signIn" | "signInReason" | "words">;

/** Decides the status again, after differences were accepted. */
export function withStatus(row: Row): Row {
    return { ...row, status: statusOf(row) };
}

function statusOf({ unreadable, differences, checks }: Undecided): RowStatus {
    if (unreadable !== undefined) return "unreadable";
    const open = differences.filter(({ accepted }) => accepted === undefined);
    if (open.length > 0 || checks.some((check) => isOpen(check, differences))) return "drifted";
    return differences.length > 0 ? "accepted" : "asDeclared";
}

/** A failed check is open, except if it is about an accepted difference. */
function isOpen({ name, status }: FailedCheck, differences: readonly Difference[]): boolean {
    if (status !== "failed") return false;
    return !differences.some(({ property, accepted }) => property === name.split(".").at(-1) && accepted !== undefined);
}

function signInOf(
    { differences, checks, operation }: Undecided,
    status: RowStatus,
): Pick<Row, "signIn" | "signInReason"> {
    const code = checks.find(({ aadsts, status: of }) => of === "failed" && aadsts !== undefined)?.aadsts;
    const stopping = differences.find(({ risk }) => risk === "signIn");
    if (stopping) return { signIn: "fails", signInReason: stopping.words };
    if (code !== undefined) return { signIn: "fails", signInReason: `users get AADSTS${code}` };
    return { signIn: status === "unreadable" || operation === "create" ? "unknown" : "works" };
}

function wordsOf({ unreadable, differences, checks }: Undecided): string {
    const named = differences.map(({ property }) => property);
    const others = checks
        .filter(({ name, status }) => status === "failed" && !named.includes(name.split(".").at(-1) ?? ""))
        .map(({ name, message }) => `${name}: ${message}`);
    const warnings = checks.filter(({ status }) => status === "warning").map(({ message }) => message);
    const unread = unreadable === undefined ? [] : [unreadable];
    const all = [...unread, ...differences.map(({ words }) => words), ...others, ...warnings];
    return all.length === 0 ? "as declared" : all.join("; ");
}

/**
 * Inputs and checks of the application, which all tenants share. If one of these inputs prevents sign-in, or one of
 * these checks has an AADSTS code, users of customers cannot sign in either.
 */
const SHARED = [
    "applicationStatus",
    "applicationIdUri",
    "accessAsUserScope",
    "portalUrl",
    "certificate",
    "certificateExpiry",
    "signInAudience",
    "token",
];

/**
 * Returns the reason why users of the portal's customers cannot sign in, if the portal's own application is the cause.
 */
export function sharedReason(portal: Row): string | undefined {
    const stopping = portal.differences.find(({ risk, property }) => risk === "signIn" && SHARED.includes(property));
    if (stopping) return stopping.words;
    const check = portal.checks.find(({ aadsts, name }) => aadsts !== undefined && SHARED.includes(name));
    return check && `${check.name}: ${check.message}`;
}

export function withPortal(customer: Row, portals: readonly Row[]): Row {
    const portal = portals.find(({ applicationId }) => applicationId === customer.applicationId);
    if (portal === undefined) return customer;
    const linked = { ...customer, portal: portal.urn };
    const reason = sharedReason(portal);
    if (customer.signIn === "fails") return linked;
    if (reason !== undefined)
        return { ...linked, signIn: "fails", signInReason: `its portal "${portal.name}": ${reason}` };
    // If the portal cannot be read, it is unknown whether its application still works.
    return portal.status === "unreadable" ? { ...linked, signIn: "unknown" } : linked;
}
