// Reads Graph's lists page by page. Each page except the last contains the complete URL of the next page.
// https://learn.microsoft.com/graph/paging
import { PortalError } from "../portalError";
import { clock } from "./clock";
import type { GraphRequest } from "./graphRequest";
import type { Session } from "./session";

export interface Page<T> {
    readonly value: readonly T[];
    readonly "@odata.nextLink"?: string | null;
}

/**
 * The highest number of pages after the first page. A longer list counts as endless. By default, Graph returns 100
 * entries per page.
 */
const MOST_PAGES = 1_000;

/** Returns all entries of a list. `request.answers` describes one page. */
export async function readList<T>(session: Session, request: GraphRequest): Promise<readonly T[]> {
    const paged = { ...request, startedAt: request.startedAt ?? clock.now().getTime() };
    return restOf(session, paged, await session.graph.send<Page<T>>(paged));
}

/** Returns all entries of a list whose first page is already read. */
export async function restOf<T>(session: Session, request: GraphRequest, first: Page<T>): Promise<readonly T[]> {
    const entries = [...first.value];
    const followed = new Set<string>();
    let path = nextPath(session, request, first);
    while (path !== undefined) {
        if (followed.has(path) || followed.size === MOST_PAGES)
            throw unusableLink(request, "the pages of the list do not end");
        followed.add(path);
        const page: Page<T> = await session.graph.send({ ...request, path });
        entries.push(...page.value);
        path = nextPath(session, request, page);
    }
    return entries;
}

/** Returns the path of the next page. `undefined`: this page is the last one. */
export function nextPath<T>({ cloud }: Session, request: GraphRequest, page: Page<T>): string | undefined {
    const link = page["@odata.nextLink"] ?? undefined;
    return link === undefined ? undefined : pathOf(link, cloud.graphUrl, request);
}

/**
 * Returns the path of a link to Graph's `/v1.0`. Throws for any other link, because the access token must not be sent
 * to another host.
 */
function pathOf(link: string, graphUrl: string, request: GraphRequest): string {
    const base = `${graphUrl}/v1.0`;
    const url = URL.canParse(link) ? new URL(link) : undefined;
    const isSameHost = url?.origin === new URL(graphUrl).origin && url.username === "" && url.password === "";
    if (!isSameHost || !url.href.startsWith(`${base}/`))
        throw unusableLink(request, `the link to the next page of the list leads away from ${base}`);
    return url.href.slice(base.length);
}

function unusableLink({ purpose }: GraphRequest, what: string): PortalError {
    return new PortalError(
        "ERR_GRAPH_UNAVAILABLE",
        `${purpose}: ${what}; check whether a proxy changes Graph's answers`,
        { status: 0 },
    );
}
