// Renders the whole page. Node.js renders the page once, so that people can read it if scripts do not run, such as in
// the preview of a mail. In the browser, the script then makes that page interactive.
import { Component, type ComponentChildren } from "preact";

import type { PageData } from "./data";
import { FilterBar } from "./filterBar";
import { Gone, Notices, Stacks } from "./run";
import { Rows } from "./rows";
import { Summary } from "./summary";
import { Timeline } from "./timeline";
import { rowsOf, type View } from "./view";

export interface AppProps {
    readonly data: PageData;
    readonly view: View;
    readonly change: (part: Partial<View>) => void;
}

export function App({ data, view, change }: AppProps) {
    const rows = rowsOf(data, view);
    return (
        <>
            <a class="skip" href="#rows">
                Skip to the list
            </a>
            <Summary data={data} view={view} change={change} />
            <main>
                <section aria-labelledby="rows-title" id="rows" tabIndex={-1}>
                    <h2 id="rows-title">Portals and customers</h2>
                    <FilterBar data={data} view={view} change={change} found={rows.length} />
                    <Rows data={data} view={view} change={change} rows={rows} />
                </section>
                <Constant>
                    <Gone data={data} />
                    <Timeline data={data} />
                    <Notices data={data} />
                    <Stacks data={data} />
                </Constant>
            </main>
        </>
    );
}

/** Renders its children only once, because no filter changes them. So filtering stays fast. */
class Constant extends Component<{ readonly children: ComponentChildren }> {
    override shouldComponentUpdate() {
        return false;
    }

    override render() {
        return this.props.children;
    }
}
