// Evaluates `$filter`. Each property allows only the operators that Graph documents for it. Advanced queries allow
// more operators. https://learn.microsoft.com/graph/aad-advanced-queries
import { invalidFilter, tokensOf, type Token } from "./filterTokens";
import { unsupportedQuery } from "./options";

export type Predicate = (object: object) => boolean;

/** Maps each property to its operators. If `eq` is one of them, advanced queries also allow `ne` and `endswith`. */
export interface Filterable {
    readonly [property: string]: readonly Operator[];
}

/** `advanced` means that every filter by this property needs an advanced query. */
export type Operator = "eq" | "ne" | "ge" | "le" | "startswith" | "endswith" | "any" | "count" | "advanced";

const ADVANCED_OPERATORS: readonly Operator[] = ["ne", "endswith", "count"];

/** Graph's limit: https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/1238 */
const MAX_ALTERNATIVES = 15;

export interface FilterRules {
    readonly filterable: Filterable;
    /** Whether the request is an advanced query: `ConsistencyLevel: eventual` with `$count=true`. */
    readonly isAdvanced: boolean;
    /** The name of the type in messages. */
    readonly type: string;
}

/** Throws Graph's error if Graph does not support the filter. */
export function predicateOf(text: string, rules: FilterRules): Predicate {
    const parser = new Parser(tokensOf(text), rules);
    const predicate = parser.expression();
    parser.assertEnd();
    return predicate;
}

type Value = string | number | boolean | null;

class Parser {
    private position = 0;

    constructor(
        private readonly tokens: readonly Token[],
        private readonly rules: FilterRules,
        /** The variable of a lambda, such as `x` in `tags/any(x:x eq 'a')`. */
        private readonly variable?: string,
        /** The property whose list the lambda tests, such as `tags`. */
        private readonly list = "",
    ) {}

    expression(): Predicate {
        const alternatives = [this.conjunction()];
        while (this.takeWord("or")) alternatives.push(this.conjunction());
        this.assertFew(alternatives.length);
        return (object) => alternatives.some((matches) => matches(object));
    }

    assertEnd(): void {
        if (this.position < this.tokens.length) throw invalidFilter();
    }

    private conjunction(): Predicate {
        let left = this.negation();
        while (this.takeWord("and")) {
            const [before, right] = [left, this.negation()];
            left = (object) => before(object) && right(object);
        }
        return left;
    }

    private negation(): Predicate {
        if (!this.takeWord("not")) return this.term();
        this.assertAdvancedOperator("not");
        const inner = this.term();
        return (object) => !inner(object);
    }

    private term(): Predicate {
        if (this.takeSymbol("(")) {
            const inner = this.expression();
            this.expectSymbol(")");
            return inner;
        }
        const name = this.next("name").text;
        if (/^(starts|ends)with$/i.test(name)) return this.textFunction(name.toLowerCase() as "startswith");
        if (/\/any$/i.test(name)) return this.any(name.slice(0, -"/any".length));
        return this.comparison(name);
    }

    private textFunction(operator: "startswith" | "endswith"): Predicate {
        this.expectSymbol("(");
        const property = this.next("name").text;
        this.expectSymbol(",");
        const value = this.next("literal").value;
        this.expectSymbol(")");
        const read = this.reader(property, operator);
        if (typeof value !== "string") throw invalidFilter();
        const part = value.toLowerCase();
        return (object) => {
            const text = read(object);
            if (typeof text !== "string") return false;
            const actual = text.toLowerCase();
            return operator === "startswith" ? actual.startsWith(part) : actual.endsWith(part);
        };
    }

    private any(property: string): Predicate {
        this.expectSymbol("(");
        const read = this.reader(property, "any");
        const variable = this.next("name").text;
        this.expectSymbol(":");
        const inner = new Parser(this.tokens, this.rules, variable, property);
        inner.position = this.position;
        const matches = inner.expression();
        this.position = inner.position;
        this.expectSymbol(")");
        return (object) => {
            const list = read(object);
            return Array.isArray(list) && list.some((entry) => matches({ entry: entry as unknown }));
        };
    }

    private comparison(property: string): Predicate {
        const operator = this.next("name").text.toLowerCase();
        if (operator === "in") return this.membership(property);
        const isCount = property.toLowerCase().endsWith("/$count");
        if (!["eq", "ne", "ge", "le"].includes(operator)) throw invalidFilter();
        const value = this.next("literal").value as Value;
        const read = this.reader(property, isCount ? "count" : (operator as Operator));
        return (object) => compare(operator, read(object), value);
    }

    private membership(property: string): Predicate {
        const read = this.reader(property, "eq");
        this.expectSymbol("(");
        const values = [this.next("literal").value as Value];
        while (this.takeSymbol(",")) values.push(this.next("literal").value as Value);
        this.expectSymbol(")");
        this.assertFew(values.length);
        return (object) => values.some((value) => compare("eq", read(object), value));
    }

    /** Only an advanced query may have more than `MAX_ALTERNATIVES` alternatives. */
    private assertFew(count: number): void {
        if (count <= MAX_ALTERNATIVES || this.rules.isAdvanced) return;
        throw unsupportedQuery(
            `Too many child clauses specified in search filter expression containing 'OR' operators: ${count}. Max allowed: ${MAX_ALTERNATIVES}.`,
        );
    }

    /** Returns a function that reads the property. Throws if the rules do not allow this operator for the property. */
    private reader(path: string, operator: Operator): (object: object) => unknown {
        const [first = "", ...rest] = path.split("/");
        if (this.variable !== undefined && first === this.variable) {
            this.assertEntry([this.list, ...rest].join("/"), operator);
            return (object) => valueAt((object as { entry: unknown }).entry, rest);
        }
        const name = Object.keys(this.rules.filterable).find((one) => one.toLowerCase() === path.toLowerCase());
        const allowed = this.rules.filterable[name ?? ""] ?? [];
        const base = operator === "ne" || operator === "endswith" ? "eq" : operator;
        if (name === undefined || !(allowed.includes(operator) || allowed.includes(base)))
            throw this.unsupported(first);
        if (operator === "count" || allowed.includes("advanced")) this.assertAdvanced(first);
        if (ADVANCED_OPERATORS.includes(operator) && !allowed.includes(operator)) this.assertAdvancedOperator(operator);
        return (object) => valueAt(object, name.split("/"));
    }

    /** For some list properties, Graph allows a filter only by some properties of the entries. */
    private assertEntry(path: string, operator: Operator): void {
        const { filterable } = this.rules;
        const isOfEntries = (name: string) => name.startsWith(`${this.list}/`) && !name.endsWith("/$count");
        const isRestricted = Object.keys(filterable).some(isOfEntries);
        if (isRestricted && filterable[path]?.includes(operator) !== true) throw this.unsupported(path);
    }

    private unsupported(property: string) {
        const { type } = this.rules;
        const resource = `${type.slice(0, 1).toUpperCase()}${type.slice(1)}`;
        return unsupportedQuery(
            `Unsupported or invalid query filter clause specified for property '${property}' of resource '${resource}'.`,
        );
    }

    private assertAdvanced(property: string): void {
        if (!this.rules.isAdvanced) throw this.unsupported(property);
    }

    private assertAdvancedOperator(operator: string): void {
        if (this.rules.isAdvanced) return;
        const name = operator === "endswith" ? "endsWith" : operator;
        throw unsupportedQuery(
            `Operator '${name}' is not supported because the required parameters might be missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information`,
        );
    }

    private next(kind: Token["kind"]): Token {
        const token = this.tokens[this.position++];
        if (token?.kind !== kind) throw invalidFilter();
        return token;
    }

    private takeWord(word: string): boolean {
        const token = this.tokens[this.position];
        if (token?.kind !== "name" || token.text.toLowerCase() !== word) return false;
        this.position++;
        return true;
    }

    private takeSymbol(symbol: string): boolean {
        const token = this.tokens[this.position];
        if (token?.kind !== "symbol" || token.text !== symbol) return false;
        this.position++;
        return true;
    }

    private expectSymbol(symbol: string): void {
        if (!this.takeSymbol(symbol)) throw invalidFilter();
    }
}

function valueAt(object: unknown, path: readonly string[]): unknown {
    return path.reduce<unknown>((value, name) => {
        if (name === "$count") return Array.isArray(value) ? value.length : 0;
        return (value as Record<string, unknown> | null | undefined)?.[name];
    }, object);
}

/** Compares texts without regard to case. */
function compare(operator: string, actual: unknown, value: Value): boolean {
    const [left, right] = [comparable(actual), comparable(value)];
    if (operator === "eq") return left === right;
    if (operator === "ne") return left !== right;
    if (left === null || right === null) return false;
    return operator === "ge" ? left >= right : left <= right;
}

function comparable(value: unknown): string | number | boolean | null {
    if (typeof value === "string") return sortableText(value);
    return typeof value === "number" || typeof value === "boolean" ? value : null;
}

/** Converts a text to lower case. Pads the fraction of a second in a UTC date, so that the dates sort by time. */
export function sortableText(text: string): string {
    const [, seconds, fraction = ""] = /^(\d{4}-\d\d-\d\dt\d\d:\d\d:\d\d)(?:\.(\d+))?z$/i.exec(text) ?? [];
    return seconds === undefined ? text.toLowerCase() : `${seconds}.${fraction.padEnd(7, "0")}z`.toLowerCase();
}
