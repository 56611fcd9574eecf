// Renders the search and the filters. The URL's fragment contains all their values.
import type { AppProps } from "./app";
import { Outside } from "./parts";
import { DEFAULT_VIEW, SHOWN, type Show, type View } from "./view";
import { counted, grouped } from "./words";

type FilterBarProps = AppProps & { readonly found: number };

export function FilterBar({ data, view, change, found }: FilterBarProps) {
    const choices = Object.keys(SHOWN) as Show[];
    const { show, query, stack, kind, only } = view;
    const isFiltered = [show, query, stack, kind, only].join() !== FIRST;
    return (
        <form class="filters" role="search" aria-label="Filter" onSubmit={(event) => event.preventDefault()}>
            <label class="search">
                <span class="hidden">Search</span>
                <input
                    id="search"
                    type="search"
                    placeholder="Search name, tenant, property, AADSTS code"
                    autocomplete="off"
                    spellcheck={false}
                    value={query}
                    onInput={(event) => change({ query: event.currentTarget.value, only: "" })}
                />
                <kbd aria-hidden="true">/</kbd>
            </label>
            <Choice label="Show" value={show} onChoice={(value) => change({ show: value as Show, only: "" })}>
                {choices.map((choice) => [choice, SHOWN[choice].label])}
            </Choice>
            {data.stacks.length > 1 && (
                <Choice label="Stack" value={stack} onChoice={(value) => change({ stack: value, only: "" })}>
                    {[["", "All"], ...data.stacks.map(({ name }) => [name, name] as const)]}
                </Choice>
            )}
            <Choice label="Kind" value={kind} onChoice={(value) => change({ kind: value as View["kind"], only: "" })}>
                {[
                    ["", "All"],
                    ["portal", "Portals"],
                    ["customer", "Customers"],
                ]}
            </Choice>
            <p class="found" role="status">
                {grouped(found)} of {counted(data.rows.length, "row")}
            </p>
            {isFiltered && (
                <button type="button" class="plain" onClick={() => change(DEFAULT_VIEW)}>
                    Reset
                </button>
            )}
            {only !== "" && (
                <p class="only">
                    Only <Outside text={data.rows.find(({ id }) => id === only)?.name ?? only} />
                </p>
            )}
        </form>
    );
}

const FIRST = [DEFAULT_VIEW.show, "", "", "", ""].join();

interface ChoiceProps {
    readonly label: string;
    readonly value: string;
    readonly children: readonly (readonly [value: string, text: string] | readonly string[])[];
    readonly onChoice: (value: string) => void;
}

function Choice({ label, value, children, onChoice }: ChoiceProps) {
    return (
        <label class="choice">
            {label}
            <select value={value} onChange={(event) => onChoice(event.currentTarget.value)}>
                {children.map(([one, text]) => (
                    <option key={one} value={one} selected={one === value}>
                        {text}
                    </option>
                ))}
            </select>
        </label>
    );
}
