// Makes the page interactive in the browser, and keeps the filters in the page's address.
import { hydrate, render } from "preact";

import { App } from "./app";
import type { PageData } from "./data";
import { unpacked } from "./packing";
import { DEFAULT_VIEW, fragmentOf, viewOf, type View } from "./view";

const data = unpacked(document.getElementById("data")?.textContent ?? "") as PageData;
const root = document.getElementById("page") as HTMLElement;
let view = DEFAULT_VIEW;

/** Renders immediately, so that a printer or a slow machine also gets a page that matches the filter. */
function draw(start: typeof render = render): void {
    start(<App data={data} view={view} change={change} />, root);
}

function change(part: Partial<View>): void {
    const isFilter = !("open" in part) && !("most" in part);
    view = { ...view, ...(isFilter ? { most: DEFAULT_VIEW.most } : {}), ...part };
    draw();
    keep(fragmentOf(view));
}

/**
 * Keeps the view in the page's address. A page in a frame, such as the preview of a mail, cannot change its address.
 * Then only the link to the view is missing.
 */
function keep(fragment: string): void {
    try {
        history.replaceState(undefined, "", fragment === "" ? "#" : `#${fragment}`);
    } catch {
        return;
    }
}

/** A link to a place in the page, such as `#gone`, is not a filter. */
function readFragment(): void {
    const fragment = location.hash.slice(1);
    if (fragment !== "" && document.getElementById(fragment)) return;
    if (fragment === fragmentOf(view)) return;
    view = viewOf(fragment, data);
    draw();
}

/** The buttons that open rows. */
const BUTTONS = ".rows tbody .name button";

/**
 * The arrow keys move between rows without opening or closing them. "/" moves the focus to the search, as on many
 * pages.
 */
function onKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) {
        event.preventDefault();
        document.getElementById("search")?.focus();
    }
    if (event.key === "Escape" && target.id === "search") change({ query: "" });
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && target.matches(BUTTONS)) {
        const buttons = [...root.querySelectorAll<HTMLElement>(BUTTONS)];
        buttons[buttons.indexOf(target) + step]?.focus();
        event.preventDefault();
    }
}

draw(hydrate);
readFragment();
addEventListener("hashchange", readFragment);
addEventListener("keydown", onKey);
// Paper has no buttons, so a printed page shows all rows of the filter.
addEventListener("beforeprint", () => change({ most: Infinity }));
addEventListener("afterprint", () => change({ most: DEFAULT_VIEW.most }));
document.documentElement.dataset["ready"] = "yes";
performance.mark("ready");
