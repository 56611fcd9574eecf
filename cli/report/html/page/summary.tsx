// Renders the first screen: one sentence, the reasons why the report is incomplete, and the numbers.
import type { AppProps } from "./app";
import type { PageData } from "./data";
import { capital, Outside, sentence } from "./parts";
import { Changes, Trend } from "./run";
import type { Show } from "./view";
import { grouped, moment } from "./words";

interface Tile {
    readonly show: Show;
    readonly label: string;
    readonly tone: string;
    readonly count: (totals: PageData["totals"]) => number;
}

const TILES: readonly Tile[] = [
    { show: "cannotSignIn", label: "Users cannot sign in", tone: "bad", count: (totals) => totals.cannotSignIn },
    { show: "drifted", label: "Drifted", tone: "drifted", count: (totals) => totals.drifted },
    { show: "unreadable", label: "Not readable", tone: "unreadable", count: (totals) => totals.unreadable },
    { show: "consentMissing", label: "Consent missing", tone: "consent", count: (totals) => totals.consentMissing },
    {
        show: "ending",
        label: "Certificates expire soon",
        tone: "drifted",
        count: (totals) => totals.certificatesEnding,
    },
    { show: "asDeclared", label: "As declared", tone: "good", count: (totals) => totals.asDeclared },
];

export function Summary({ data, view, change }: AppProps) {
    return (
        <header>
            <div class="top">
                <div>
                    <h1>Restore Portal drift report</h1>
                    <p class="sentence">
                        <Outside text={sentence(capital(data.sentence))} />
                    </p>
                    <RunFacts data={data} />
                </div>
                <Trend trend={data.trend} />
            </div>
            <Incomplete partial={data.partial} />
            <ul class="tiles">
                {TILES.map(({ show, label, tone, count }) => {
                    const number = count(data.totals);
                    const isPressed = view.show === show && view.only === "";
                    return (
                        <li key={show}>
                            <button
                                type="button"
                                class={`tile ${number === 0 ? "none" : tone}`}
                                aria-pressed={isPressed}
                                onClick={() => change({ show: isPressed ? "problems" : show, only: "" })}
                            >
                                <strong>{grouped(number)}</strong> <span>{label}</span>
                            </button>
                        </li>
                    );
                })}
            </ul>
            <Changes data={data} view={view} change={change} />
        </header>
    );
}

function RunFacts({ data: { createdAt, stacks, versions } }: Pick<AppProps, "data">) {
    return (
        <p class="facts">
            <time dateTime={createdAt}>{moment(createdAt)}</time>
            <span>
                {stacks.length === 1 ? "stack " : `${stacks.length} stacks: `}
                <Outside text={stackNames(stacks.map(({ name }) => name))} />
            </span>
            <span>
                pulumi-restore-portal <Outside text={versions.tool} />
            </span>
            {versions.engine !== undefined && (
                <span>
                    Pulumi <Outside text={versions.engine} />
                </span>
            )}
        </p>
    );
}

const MOST_NAMES = 6;

function stackNames(names: readonly string[]): string {
    const rest = names.length - MOST_NAMES;
    return rest > 0 ? `${names.slice(0, MOST_NAMES).join(", ")} and ${rest} more` : names.join(", ");
}

function Incomplete({ partial }: { readonly partial: readonly string[] }) {
    if (partial.length === 0) return null;
    return (
        <div class="banner" role="note" aria-labelledby="incomplete">
            <h2 id="incomplete">This report is incomplete</h2>
            <ul>
                {partial.map((line) => (
                    <li key={line}>
                        <Outside text={sentence(capital(line))} />
                    </li>
                ))}
            </ul>
        </div>
    );
}
