// Splits a `$filter` into tokens: names, literals and symbols. An operator such as `eq` is a name.
import { unsupportedQuery } from "./options";

export interface Token {
    readonly kind: "name" | "literal" | "symbol";
    readonly text: string;
    readonly value?: string | number | boolean | null;
}

const PATTERN =
    /\s*(?:(?<string>'(?:[^']|'')*')|(?<guid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|(?<date>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?)|(?<number>-?\d+)|(?<name>\$?[A-Za-z_@][\w.$]*(?:\/\$?[A-Za-z_][\w.$]*)*)|(?<symbol>[(),:]))/iy;

const CONSTANTS = new Map<string, boolean | null>([
    ["true", true],
    ["false", false],
    ["null", null],
]);

export function tokensOf(text: string): Token[] {
    const tokens: Token[] = [];
    const pattern = new RegExp(PATTERN);
    const end = text.trimEnd().length;
    while (pattern.lastIndex < end) {
        const groups = pattern.exec(text)?.groups;
        if (!groups) throw invalidFilter();
        tokens.push(tokenOf(groups));
    }
    return tokens;
}

function tokenOf({ string, guid, date, number, name, symbol }: Readonly<Record<string, string | undefined>>): Token {
    if (string !== undefined) return literal(string, string.slice(1, -1).replace(/''/g, "'"));
    const bare = guid ?? date;
    if (bare !== undefined) return literal(bare, bare);
    if (number !== undefined) return literal(number, Number(number));
    const constant = CONSTANTS.get(name?.toLowerCase() ?? "");
    if (constant !== undefined) return literal(name ?? "", constant);
    return name === undefined ? { kind: "symbol", text: symbol ?? "" } : { kind: "name", text: name };
}

function literal(text: string, value: string | number | boolean | null): Token {
    return { kind: "literal", text, value };
}

export function invalidFilter() {
    return unsupportedQuery("Unsupported or invalid query filter clause specified.");
}
