// Finds the handler of a path. The case of a fixed segment does not matter. An action or a cast may have its full name,
// such as `microsoft.graph.addPassword`, or the short form `graph.addPassword`.
import { unquoted } from "./alternateKey";
import type { Handler } from "./context";
import { badRequest, GraphFault } from "./graphError";
import { ROUTES } from "./routes";

const ACTIONS = [
    "addKey",
    "addPassword",
    "delta",
    "removeKey",
    "removePassword",
    "restore",
    "getByIds",
    "getMemberGroups",
    "getMemberObjects",
    "checkMemberGroups",
    "checkMemberObjects",
];

const COMPILED = ROUTES.map(([method, pattern, handler]) => ({
    method,
    pattern,
    handler,
    segments: pattern.split("/").slice(1),
}));

export interface Match {
    /** The pattern of the route, as routes.ts writes it. */
    readonly pattern: string;
    readonly handler: Handler;
    readonly params: Readonly<Record<string, string>>;
}

/** `path` is the part of the URL after the version, without the query. */
export function findRoute(method: string, path: string): Match {
    const segments = segmentsOf(path);
    const matches = COMPILED.flatMap((route) => {
        const params = paramsOf(route.segments, segments);
        return params ? [{ ...route, params }] : [];
    });
    const found = matches.find((route) => route.method === method);
    if (found) return found;
    if (matches.length > 0) {
        throw new GraphFault(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.");
    }
    const [first = ""] = segments;
    throw new GraphFault(404, "Request_ResourceNotFound", `Resource not found for the segment '${first}'.`);
}

function segmentsOf(path: string): string[] {
    try {
        return path.replace(/\/$/, "").split("/").slice(1).map(decodeURIComponent).flatMap(divided);
    } catch {
        throw badRequest("The request URI is not valid.", "BadRequest");
    }
}

/**
 * A key may follow the collection in brackets: an id, or an alternate key such as `(appId='...')`. The emulator treats
 * the key as a segment. Empty brackets belong to a function such as `delta()`.
 */
function divided(segment: string): string[] {
    const [, name, key = ""] = /^([\w.]+)\((.*)\)$/.exec(segment) ?? [];
    if (name === undefined) return [segment];
    if (key === "") return [name];
    const id = /^'((?:[^']|'')*)'$/.exec(key)?.[1];
    return [name, id === undefined ? `(${key})` : unquoted(id)];
}

function paramsOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
    if (pattern.length !== segments.length) return undefined;
    const params: Record<string, string> = {};
    for (const [index, part] of pattern.entries()) {
        const segment = segments[index] ?? "";
        if (part.startsWith(":")) params[part.slice(1)] = segment;
        else if (!isSame(part, segment)) return undefined;
    }
    return params;
}

function isSame(part: string, segment: string): boolean {
    const name = segment.toLowerCase().replace(/^(microsoft\.)?graph\./, "graph.");
    const isAction = ACTIONS.includes(part);
    return name === part.toLowerCase() || (isAction && name === `graph.${part.toLowerCase()}`);
}
