// Renders the page in Node.js, as it is before anybody sets a filter.
import { renderToString } from "preact-render-to-string";

import { App } from "./app";
import type { PageData } from "./data";
import { DEFAULT_VIEW } from "./view";

export function renderPage(data: PageData): string {
    return renderToString(<App data={data} view={DEFAULT_VIEW} change={() => undefined} />);
}
