// Defines small components that several sections use.
import { useState } from "preact/hooks";

import { lasting, moment } from "./words";

/** Shows a whole text that this package did not write. `bdi` keeps a right-to-left name from reordering other words. */
export function Whole({ text }: { readonly text: string }) {
    return <bdi>{text}</bdi>;
}

const LONG = 400;
const CUT = 300;

/** Shows a text that this package did not write. The reader can open the rest of a long text. */
export function Outside({ text }: { readonly text: string }) {
    const [isWhole, setWhole] = useState(false);
    if (text.length <= LONG || isWhole) return <Whole text={text} />;
    const characters = Array.from(text);
    return (
        <>
            <Whole text={`${characters.slice(0, CUT).join("")}…`} />{" "}
            <button type="button" class="more-text" onClick={() => setWhole(true)}>
                Show all {characters.length} characters
            </button>
        </>
    );
}

export function Since({ since, now }: { readonly since: string; readonly now: string }) {
    return (
        <time dateTime={since} title={moment(since)}>
            {lasting(since, now)}
        </time>
    );
}

/** Adds a period, because most sentences of the report have none. */
export function sentence(text: string): string {
    return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Makes the first letter a capital. Callers pass only words, because a name such as `portalUrl` would change. */
export function capital(text: string): string {
    return text.charAt(0).toUpperCase() + text.slice(1);
}
