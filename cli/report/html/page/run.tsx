// Renders the sections about the run: the comparison with earlier runs, the differences that are gone, the notes, and
// the stacks.
import type { AppProps } from "./app";
import type { PageData } from "./data";
import { capital, Outside, sentence } from "./parts";
import { SHOWN } from "./view";
import { counted, date, grouped, lasting, moment } from "./words";

interface DataProps {
    readonly data: PageData;
}

export function Changes({ data, view, change }: AppProps) {
    const { comparedWith, gone } = data;
    if (comparedWith === undefined) return null;
    const button = (show: "new" | "still") => (
        <button
            type="button"
            class="plain"
            aria-pressed={view.show === show}
            onClick={() => change({ show, only: "" })}
        >
            {grouped(data.rows.filter((row) => SHOWN[show].has(row)).length)} {show}
        </button>
    );
    return (
        <p class="changes" role="group" aria-label="Compared with the last run">
            Since the run of {moment(comparedWith)}: {button("new")}, {button("still")},{" "}
            {gone.length > 0 ? <a href="#gone">{grouped(gone.length)} gone</a> : "0 gone"}.
        </p>
    );
}

const [BAR, GAP, HEIGHT, MOST_RUNS] = [8, 3, 36, 30];

/** Draws a bar for each run: the drifted rows, and above them the rows that could not be read. */
export function Trend({ trend }: { readonly trend: PageData["trend"] }) {
    const runs = trend.slice(-MOST_RUNS);
    if (runs.length < 2) return null;
    const highest = Math.max(1, ...runs.map(({ totals }) => totals.drifted + totals.unreadable));
    const scaled = (count: number) => (count === 0 ? 0 : Math.max(2, (count / highest) * HEIGHT));
    const width = runs.length * (BAR + GAP) - GAP;
    const counts = runs.map(({ totals }) => totals.drifted + totals.unreadable).join(", ");
    const [first, last] = [runs[0]?.date ?? "", runs.at(-1)?.date ?? ""];
    return (
        <figure class="trend">
            <svg
                width={width}
                height={HEIGHT}
                viewBox={`0 0 ${width} ${HEIGHT}`}
                role="img"
                aria-label={`Rows that drifted or were not readable in the last ${runs.length} runs: ${counts}`}
            >
                {runs.map(({ date: at, totals }, index) => {
                    const [drifted, unreadable] = [scaled(totals.drifted), scaled(totals.unreadable)];
                    const x = index * (BAR + GAP);
                    return (
                        <g key={at}>
                            <title>{`${moment(at)}: ${totals.drifted} drifted, ${totals.unreadable} not readable`}</title>
                            <rect class="base" x={x} y={HEIGHT - 1} width={BAR} height={1} />
                            <rect class="drifted" x={x} y={HEIGHT - drifted} width={BAR} height={drifted} />
                            <rect
                                class="unreadable"
                                x={x}
                                y={Math.max(0, HEIGHT - drifted - unreadable)}
                                width={BAR}
                                height={unreadable}
                            />
                        </g>
                    );
                })}
            </svg>
            <figcaption>
                {runs.length} runs, {date(first)} to {date(last)}
            </figcaption>
        </figure>
    );
}

export function Gone({ data: { gone, comparedWith, createdAt } }: DataProps) {
    if (gone.length === 0) return null;
    return (
        <section id="gone" aria-labelledby="gone-title" tabIndex={-1}>
            <h2 id="gone-title">Gone{comparedWith !== undefined && ` since ${moment(comparedWith)}`}</h2>
            <ul class="gone">
                {gone.map(({ stack, name, words, since }) => (
                    <li key={`${stack} ${name} ${words}`}>
                        <strong>
                            <Outside text={name} />
                        </strong>{" "}
                        <s>
                            <Outside text={words} />
                        </s>{" "}
                        <span class="sub">
                            stack <Outside text={stack} />
                            {since !== undefined && `, was there since ${date(since)} (${lasting(since, createdAt)})`}
                        </span>
                    </li>
                ))}
            </ul>
        </section>
    );
}

export function Notices({ data: { notes, unusedDecisions } }: DataProps) {
    if (notes.length + unusedDecisions.length === 0) return null;
    return (
        <section aria-labelledby="notes-title">
            <h2 id="notes-title">Notes</h2>
            <ul class="notes">
                {notes.map((note) => (
                    <li key={note}>
                        <Outside text={sentence(capital(note))} />
                    </li>
                ))}
                {unusedDecisions.map(({ resource, property, until, reason, by, why }) => (
                    <li key={`${resource} ${property} ${until}`}>
                        A decision has no effect: <Outside text={why} />. Its resource is <Outside text={resource} />
                        {property !== "" && (
                            <>
                                , its property{" "}
                                <code>
                                    <Outside text={property} />
                                </code>
                            </>
                        )}
                        . The drift was accepted until {date(until)} by <Outside text={by} />:{" "}
                        <Outside text={sentence(reason)} />
                    </li>
                ))}
            </ul>
        </section>
    );
}

/** If a preview failed, it may have ended before it read all resources. So a count of zero is shown as not known. */
function known(status: string, count: number, none = "0"): string {
    if (count > 0) return grouped(count);
    return status === "ok" ? none : "not known";
}

export function Stacks({ data: { stacks } }: DataProps) {
    return (
        <section aria-labelledby="stacks-title">
            <h2 id="stacks-title">Stacks</h2>
            <table class="stacks">
                <thead>
                    <tr>
                        <th scope="col">Stack</th>
                        <th scope="col">Portals</th>
                        <th scope="col">Customers</th>
                        <th scope="col">Preview</th>
                        <th scope="col">Other changes of pulumi up</th>
                    </tr>
                </thead>
                <tbody>
                    {stacks.map(({ name, portals, customers, status, error, seconds, otherChanges }) => (
                        <tr key={name} class={status}>
                            <th scope="row">
                                <Outside text={name} />
                            </th>
                            <td data-label="Portals">{known(status, portals)}</td>
                            <td data-label="Customers">{known(status, customers)}</td>
                            <td data-label="Preview">
                                {status === "ok" ? "complete" : "failed"}
                                {seconds !== undefined && `, ${counted(Math.round(seconds), "second")}`}
                                {error !== undefined && (
                                    <span class="sub">
                                        <Outside text={sentence(capital(error))} />
                                    </span>
                                )}
                            </td>
                            <td data-label="Other changes">{known(status, otherChanges, "none")}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
            <p class="sub">The report changed nothing. Times are UTC.</p>
        </section>
    );
}
