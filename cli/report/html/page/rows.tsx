// Renders one row for each portal and customer. A reader can open a row to see its differences.
import type { AppProps } from "./app";
import type { PageRow } from "./data";
import { Details } from "./details";
import { capital, sentence, Since, Whole } from "./parts";
import { PAGE_OF_ROWS, SHOWN, type Sort } from "./view";
import { counted } from "./words";

type RowsProps = AppProps & { readonly rows: readonly PageRow[] };

export function Rows({ data, view, change, rows }: RowsProps) {
    const shown = rows.slice(0, view.most);
    const hasSince = data.rows.some(({ since }) => since !== undefined);
    if (rows.length === 0) return <NoRows data={data} view={view} change={change} />;
    return (
        <>
            <table class="rows">
                <thead>
                    <tr>
                        <Heading sort="name" view={view} change={change} text="Name" />
                        <Heading sort="urgency" view={view} change={change} text="Status" />
                        <th scope="col">What differs</th>
                        {hasSince && <Heading sort="since" view={view} change={change} text="Since" />}
                        <th scope="col">In Entra</th>
                    </tr>
                </thead>
                {shown.map((row) => (
                    <RowBody
                        key={row.id}
                        row={row}
                        now={data.createdAt}
                        hasSince={hasSince}
                        hasStacks={data.stacks.length > 1}
                        isOpen={view.open.has(row.id)}
                        onToggle={() => change({ open: toggled(view.open, row.id) })}
                    />
                ))}
            </table>
            {rows.length > shown.length && (
                <p class="rest">
                    <button type="button" class="plain" onClick={() => change({ most: view.most + PAGE_OF_ROWS })}>
                        Show {Math.min(PAGE_OF_ROWS, rows.length - shown.length)} more
                    </button>{" "}
                    {counted(rows.length - shown.length, "row is", "rows are")} below.
                </p>
            )}
        </>
    );
}

function NoRows({ data, view, change }: AppProps) {
    const isWhole = data.partial.length === 0 && data.totals.unreadable === 0;
    const isDefault = view.show === "problems" && view.query === "" && view.stack === "" && view.kind === "";
    return (
        <p class="none-found">
            {isDefault && isWhole && "Nothing needs your attention. "}
            {isDefault && !isWhole && "The parts that could be read have no problem. "}
            {!isDefault && `No row matches (${SHOWN[view.show].label.toLowerCase()}). `}
            <button type="button" class="plain" onClick={() => change({ show: "all", query: "", stack: "", kind: "" })}>
                Show all rows
            </button>
        </p>
    );
}

function toggled(open: ReadonlySet<string>, id: string): ReadonlySet<string> {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    return next;
}

interface HeadingProps extends Pick<AppProps, "view" | "change"> {
    readonly sort: Sort;
    readonly text: string;
}

function Heading({ sort, view, change, text }: HeadingProps) {
    const isSorted = view.sort === sort;
    const direction = view.reversed ? "descending" : "ascending";
    return (
        <th scope="col" aria-sort={isSorted ? direction : "none"} class={sort}>
            <button type="button" onClick={() => change({ sort, reversed: isSorted && !view.reversed })}>
                {text}
                <span class="arrow" aria-hidden="true">
                    {isSorted ? (view.reversed ? "↓" : "↑") : ""}
                </span>
            </button>
        </th>
    );
}

interface RowBodyProps {
    readonly row: PageRow;
    readonly now: string;
    readonly hasSince: boolean;
    readonly hasStacks: boolean;
    readonly isOpen: boolean;
    readonly onToggle: () => void;
}

function RowBody({ row, now, hasSince, hasStacks, isOpen, onToggle }: RowBodyProps) {
    const { label, tone } = statusOf(row);
    const details = `details-${row.id}`;
    return (
        <tbody class={tone} data-row={row.id}>
            <tr>
                <th scope="row" class="name">
                    <button type="button" aria-expanded={isOpen} aria-controls={details} onClick={onToggle}>
                        <svg class="chevron" viewBox="0 0 10 10" aria-hidden="true">
                            <path d="M3 1l4 4-4 4" />
                        </svg>
                        <span class="title">
                            <Whole text={row.name} />
                        </span>
                    </button>
                    <span class="sub">
                        <KindOf row={row} hasStacks={hasStacks} />
                    </span>
                </th>
                <td class="status">
                    <span class="pill">{label}</span> <Marks row={row} label={label} />
                </td>
                <td class="words">
                    <span class="clamp">
                        <Whole text={capital(row.words)} />
                    </span>
                    {row.signInReason !== undefined && !row.words.includes(row.signInReason) && (
                        <span class="sub reason">
                            <Whole text={sentence(capital(row.signInReason))} />
                        </span>
                    )}
                </td>
                {hasSince && (
                    <td class="since">{row.since === undefined ? "" : <Since since={row.since} now={now} />}</td>
                )}
                <td class="links">
                    <EntraLinks row={row} />
                </td>
            </tr>
            <tr id={details} class="details" hidden={!isOpen}>
                {isOpen && (
                    <td colSpan={hasSince ? 5 : 4}>
                        <Details row={row} now={now} />
                    </td>
                )}
            </tr>
        </tbody>
    );
}

function KindOf({ row, hasStacks }: { readonly row: PageRow; readonly hasStacks: boolean }) {
    return (
        <>
            {row.kind}
            {row.portal !== undefined && (
                <>
                    {" of "}
                    <Whole text={row.portal} />
                </>
            )}
            {hasStacks && (
                <>
                    {" · "}
                    <Whole text={row.stack} />
                </>
            )}
        </>
    );
}

/**
 * Returns the status of a row in words. "Cannot sign in" comes before the kind of difference, because it is more
 * urgent.
 */
function statusOf(row: PageRow): { readonly label: string; readonly tone: string } {
    if (row.status === "unreadable") return { label: "Not readable", tone: "unreadable" };
    if (row.status === "drifted" && row.signIn === "fails") return { label: "Cannot sign in", tone: "bad" };
    if (row.consentMissing && row.status === "drifted") return { label: "Consent missing", tone: "consent" };
    if (row.status === "drifted") return { label: "Drifted", tone: "drifted" };
    if (row.signIn === "fails") return { label: "Its portal fails", tone: "bad" };
    if (row.ending) return { label: "Expires soon", tone: "drifted" };
    return row.status === "accepted" ? { label: "Accepted", tone: "accepted" } : { label: "As declared", tone: "good" };
}

/**
 * If consent was deleted together with the service principal, no difference names the consent. The number at the top
 * counts the row, so the row gets a mark.
 */
function Marks({ row, label }: { readonly row: PageRow; readonly label: string }) {
    const isNew = row.differences.some(({ change }) => change === "new");
    const lacksConsent = row.consentMissing === true && label !== "Consent missing";
    return (
        <>
            {isNew && <span class="mark">New</span>} {lacksConsent && <span class="mark consent">Consent missing</span>}
        </>
    );
}

const LINKS = [
    ["application", "Application"],
    ["enterpriseApplication", "Enterprise application"],
    ["permissions", "Permissions"],
] as const;

function EntraLinks({ row }: { readonly row: PageRow }) {
    return (
        <ul>
            {LINKS.map(([name, text]) => {
                const href = row.links[name];
                // A link must never run a script or open another program, so only https is allowed.
                if (href === undefined || !href.startsWith("https://")) return null;
                return (
                    <li key={name}>
                        <a href={href} target="_blank" rel="noopener noreferrer">
                            {text}
                            <span class="hidden">
                                {" of "}
                                <Whole text={row.name} />
                            </span>
                        </a>
                    </li>
                );
            })}
        </ul>
    );
}
