// Evaluates `$search`: quoted terms such as `"displayName:portal"`, joined by AND or OR.
// https://learn.microsoft.com/graph/search-query-parameter
import type { GraphCall } from "../context";
import type { Predicate } from "./filter";
import { isEventual, unsupportedQuery } from "./options";

export function searchOf(call: GraphCall, searchable: readonly string[]): Predicate {
    const text = call.query.get("$search");
    if (text === null) return () => true;
    if (!isEventual(call)) {
        throw unsupportedQuery(
            "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
        );
    }
    const alternatives = text.trim().split(/\s+OR\s+/);
    const tests = alternatives.map((one) => one.split(/\s+AND\s+/).map((term) => termOf(term.trim(), searchable)));
    return (object) => tests.some((terms) => terms.every((matches) => matches(object)));
}

function termOf(term: string, searchable: readonly string[]): Predicate {
    const [, wanted = "", value = ""] = /^\(?"(\w+):(.*)"\)?$/.exec(term) ?? [];
    const property = searchable.find((one) => one.toLowerCase() === wanted.toLowerCase());
    if (property === undefined) throw unsupportedQuery(`Unsupported or invalid search clause: ${term}`);
    const words = tokens(value);
    return (object) => {
        const text = object[property as keyof typeof object] as unknown;
        const own = typeof text === "string" ? tokens(text) : [];
        return words.every((word) => own.some((one) => one.startsWith(word)));
    };
}

/**
 * Graph splits the text and the search term into words: at spaces, at symbols, and between a lower-case and an
 * upper-case letter. Each word of the term must be the beginning of a word of the text.
 */
function tokens(text: string): string[] {
    const divided = text.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
    return divided.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}
