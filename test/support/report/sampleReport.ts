// Makes a report as a service provider gets it in the morning. Three stacks were read and one was not. There are
// earlier runs, accepted drift, certificates that expire soon, and names of people who made changes. The rows come from
// previews. This file adds decisions, earlier runs and names, as the command does.
import { withDecisions, type Decision } from "../../../cli/report/accepted";
import { runOf, withHistory, type Run } from "../../../cli/report/history";
import type { Difference, Report, Row, Who } from "../../../cli/report/model";
import { notesOf, silenceOf } from "../../../cli/report/who/silence";
import { withStatus } from "../../../cli/report/rowStatus";
import { summed } from "../../../cli/report/totals";
import type { CertificateInput } from "../../../provider/portal/rules/inputs";
import { CUSTOMER_CHANGES, NOW, PORTAL_CHANGES, reportOf } from "./examples";
import { exampleCertificate, guidOf, type Change } from "./previews";

const DAY_MS = 86_400_000;
/** The stacks that were read, and the days until the certificate of their portals expires. */
const STACKS = { americas: 37, asia: 204, europe: 412 };
const FAILED_STACK = {
    stack: "partners",
    portals: [],
    error: "the passphrase is missing: set PULUMI_CONFIG_PASSPHRASE",
};

const kinds = (changes: Readonly<Record<string, Change>>, names: string) =>
    names.split(" ").map((name) => changes[name]!);
const PORTAL_KINDS = kinds(
    PORTAL_CHANGES,
    "renamed implicit withoutAddress withoutUri principalDisabled unreadable moved",
);
const CUSTOMER_KINDS: readonly Change[] = [
    { live: { grantedPermissions: [] } },
    ...kinds(CUSTOMER_CHANGES, "principalDisabled refused assigned withoutUserRead unreadGrants principalMissing"),
];

export interface SampleSize {
    readonly portals: number;
    readonly customers: number;
}

/** Makes a report in which two of ten portals and one of eleven customers differ. Kinds of difference take turns. */
export async function sampleReport(size: SampleSize): Promise<Report> {
    const report = await rowsAsRead(size, (kind, index) => {
        if (kind === "portal")
            return index % 10 < 2
                ? PORTAL_KINDS[(Math.floor(index / 10) * 2 + (index % 10)) % PORTAL_KINDS.length]
                : undefined;
        return index % 11 === 3 ? CUSTOMER_KINDS[Math.floor(index / 11) % CUSTOMER_KINDS.length] : undefined;
    });
    return afterwards(report);
}

/** Makes a report in which each portal differs in two properties, and so does each customer. */
export async function brokenReport(size: SampleSize): Promise<Report> {
    const [portal, customer] = [
        { live: { portalUrl: "not registered", displayName: "Renamed by hand" } },
        { live: { servicePrincipal: "disabled", grantedPermissions: [] } },
    ];
    return afterwards(await rowsAsRead(size, (kind) => (kind === "portal" ? portal : customer)));
}

/** Makes a report without differences, without unread stacks, and without history. */
export async function cleanReport(size: SampleSize): Promise<Report> {
    return rowsAsRead(size, () => undefined, []);
}

let certificates: Promise<readonly CertificateInput[]> | undefined;

function eachCertificate(): Promise<readonly CertificateInput[]> {
    const start = (daysLeft: number) => new Date(NOW.getTime() + (daysLeft - 730) * DAY_MS);
    certificates ??= Promise.all(Object.values(STACKS).map((daysLeft) => exampleCertificate(730, start(daysLeft))));
    return certificates;
}

type ChangeOf = (kind: "portal" | "customer", index: number) => Change | undefined;

async function rowsAsRead(
    size: SampleSize,
    changeOf: ChangeOf,
    others: readonly (typeof FAILED_STACK)[] = [FAILED_STACK],
): Promise<Report> {
    const issued = await eachCertificate();
    const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
    const named = (prefix: string, index: number) => `${prefix}-${String(index + 1).padStart(3, "0")}`;
    const specs = Object.keys(STACKS).map((stack, share) => {
        const own = (count: number) => numbers(count).filter((index) => index % 3 === share);
        const certificate = issued[share]!;
        const changes = Object.fromEntries([
            ...own(size.portals).map(
                (index) => [named("gateway", index), withEnds(index, certificate, changeOf("portal", index))] as const,
            ),
            ...own(size.customers).map(
                (index) => [named("customer", index), changeOf("customer", index) ?? {}] as const,
            ),
        ]);
        return {
            ...{ stack, certificate, changes },
            portals: own(size.portals).map((index) => named("gateway", index)),
            customers: own(size.customers).map((index) => named("customer", index)),
        };
    });
    return reportOf([...specs, ...others.map((other) => ({ ...other, certificate: issued[0]! }))]);
}

/** Adds a certificate of others to every fifth portal. */
function withEnds(index: number, { thumbprint, notAfter }: CertificateInput, change: Change = {}): Change {
    if (index % 5 !== 1) return change;
    const other = {
        thumbprint: guidOf(`certificate ${index}`).replaceAll("-", "").toUpperCase().padEnd(40, "0"),
        notAfter: new Date(NOW.getTime() + ((index * 37) % 700) * DAY_MS).toISOString(),
        ours: false,
    };
    return { ...change, outputs: { ...change.outputs, certificates: [{ thumbprint, notAfter, ours: true }, other] } };
}

/** The first decision accepts a difference. The second decision has ended. */
const DECISIONS: readonly Decision[] = [
    {
        ...{ resource: "gateway-001", property: "displayName", value: "Renamed by hand" },
        ...{ until: "2027-01-31", reason: "the owner renamed it", by: "anna@contoso.com" },
    },
    {
        ...{ resource: "customer-012", property: "servicePrincipal", value: "disabled" },
        ...{ until: "2026-11-20", reason: "the customer migrates", by: "anna@contoso.com" },
    },
];
const DAYS = 14;
const earlier = (days: number) => new Date(NOW.getTime() - days * DAY_MS).toISOString();

/** Adds decisions, earlier runs and the actors of changes, as the command does. */
function afterwards(report: Report): Report {
    const now = withDecisions(report, DECISIONS);
    const runs = Array.from({ length: DAYS - 1 }, (_, index) => DAYS - 1 - index).reduce<readonly Run[]>(
        (before, days) => {
            const then = withHistory(asBefore(now, days), before);
            return [...before, runOf(then, before)];
        },
        [],
    );
    const compared = withHistory(now, runs);
    const unnamed = compared.rows.flatMap(({ tenantId, differences }) =>
        differences
            .filter(({ property }) => property === UNNAMED)
            .map((one) => ({ tenantId, reason: silenceOf("silent", one, compared) })),
    );
    return { ...compared, rows: compared.rows.map(withWho), notes: notesOf(unnamed) };
}

/**
 * Returns the report of an earlier day. At least a third of the rows that differ today do not differ in it. The first
 * customer that is as declared today differs in the reports of the last seven days.
 */
function asBefore(report: Report, days: number): Report {
    const differing = report.rows.filter(({ differences }) => differences.length > 0);
    const another = differing.find(({ kind }) => kind === "customer");
    const gone = report.rows.find(({ kind, status }) => kind === "customer" && status === "asDeclared");
    const rows = report.rows.map((row) => {
        const index = differing.indexOf(row);
        if (row === gone && days < 8)
            return withStatus({
                ...row,
                differences: another?.differences.map((one) => ({ ...one, resource: row.urn })) ?? [],
            });
        return index % 3 === 0 || (index * 5) % DAYS < days ? withStatus({ ...row, differences: [], checks: [] }) : row;
    });
    return summed({ ...report, rows, createdAt: earlier(days) });
}

function withWho(row: Row): Row {
    const differences = row.differences.map((difference): Difference => {
        const changes = WHO[difference.property];
        return changes === undefined ? difference : { ...difference, who: whoOf(changes, difference) };
    });
    return { ...row, differences };
}

interface MadeBy {
    readonly did: (live: Difference["live"]) => string;
    readonly actor: string;
    readonly client: string;
    /** The hours from the change to the first run that reported it. The run one day earlier did not report it. */
    readonly hours: number;
}

/** Returns the actors of a difference, in the words of `--who`. */
function whoOf(changes: readonly MadeBy[], { live, since = NOW.toISOString() }: Difference): Who {
    const made = changes.map(({ hours, ...change }) => {
        const at = new Date(Date.parse(since) - hours * 3_600_000).toISOString();
        const time = `${at.slice(0, 16).replace("T", " ")} UTC`;
        return { ...change, at, words: `${change.did(live)} ${time} by ${change.actor} (${change.client})` };
    });
    return {
        words: made.map(({ words }) => words).join("; or "),
        candidates: made.map(({ actor, client, at, words }) => ({
            ...{ kind: "user" as const, actor, client, at },
            entry: `Directory_${guidOf(words)}_0000A_1`,
        })),
    };
}

function principalWas(live: Difference["live"]): string {
    if (live === "missing") return "deleted";
    return live === "disabled" ? "disabled" : "set to require assignment";
}

const ANNA = { actor: "anna@contoso.com", client: "Azure portal" };
const BEN = { actor: "ben@contoso.com", client: "Azure portal" };
const WHO: Readonly<Record<string, readonly MadeBy[]>> = {
    portalUrl: [{ did: () => "removed", ...ANNA, hours: 17.95 }],
    grantedPermissions: [{ did: () => "revoked", ...ANNA, hours: 16 + 13 / 60 }],
    servicePrincipal: [{ did: principalWas, ...BEN, hours: 23.75 }],
    implicitGrant: [
        { did: () => "turned on", ...BEN, hours: 14.7 },
        { did: () => "turned on", ...ANNA, client: "Azure CLI", hours: 14.7 },
    ],
};
/** The audit log names nobody for this property. */
const UNNAMED = "displayName";
