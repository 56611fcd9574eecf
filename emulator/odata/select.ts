// Applies `$select` and `$expand`. The `@odata.context` of the answer names the chosen properties.
import type { GraphCall } from "../context";
import { badRequest } from "../graphError";
import { unsupportedQuery } from "./options";

/** Maps each relationship that `$expand` may name to a function that returns the related objects. */
export type Expandable = Readonly<Record<string, (object: never) => readonly object[]>>;

export interface Shape {
    /** The name of the type in messages, such as `application`. */
    readonly type: string;
    readonly expand?: Expandable;
    /** The objects have different types, so an object may lack a selected property. */
    readonly isMixed?: boolean;
    /** Properties that Graph returns only if `$select` names them. */
    readonly hidden?: readonly string[];
}

/** The most objects that Graph returns for one expanded relationship. */
const MAX_EXPANDED = 20;

export interface Selection {
    /** The suffix of the list's name in `@odata.context`, such as `(id,displayName)`. */
    readonly context: string;
    readonly apply: (object: object) => object;
}

export function selectionOf(call: GraphCall, shape: Shape): Selection {
    const names = namesIn(call.query.get("$select"));
    const expanded = expansionOf(call, shape);
    const inContext = [...(names ?? []), ...(expanded ? [`${expanded.name}()`] : [])];
    return {
        context: inContext.length === 0 ? "" : `(${inContext.join(",")})`,
        apply: (object) => ({
            ...(names ? picked(object, names, shape) : without(object, hiddenOf(shape))),
            ...expanded?.apply(object),
        }),
    };
}

/** `$select` may also name a relationship, which appears only if `$expand` names it too. */
function picked(object: object, names: readonly string[], { type, isMixed = false, expand = {} }: Shape): object {
    const relationships = Object.keys(expand).map((name) => name.toLowerCase());
    const properties = names.filter((name) => !relationships.includes(name.toLowerCase()));
    return isMixed && !names.includes("*") ? pickKnown(object, properties) : pick(object, properties, type);
}

function unknownProperty(name: string, type: string) {
    return badRequest(
        `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type 'microsoft.graph.${type}'.`,
    );
}

/**
 * The emulator may add relationships to the objects of a list so that `$filter` can test them. Graph returns a
 * relationship only if `$expand` names it, so the added relationships are hidden.
 */
function hiddenOf({ hidden = [], expand = {} }: Shape): readonly string[] {
    return [...hidden, ...Object.keys(expand)];
}

function namesIn(text: string | null | undefined): string[] | undefined {
    return text?.split(",").map((name) => name.trim());
}

/** Compares names without regard to case. The answer has Graph's spelling. */
function pick(object: object, names: readonly string[], type: string): object {
    const known = new Map(Object.keys(object).map((name) => [name.toLowerCase(), name]));
    const chosen = names.map((name) => {
        const property = known.get(name.toLowerCase());
        if (name !== "*" && property === undefined) throw unknownProperty(name, type);
        return property ?? name;
    });
    if (chosen.includes("*")) return object;
    const kept = "@odata.type" in object ? ["@odata.type", ...chosen] : chosen;
    return Object.fromEntries(kept.map((name) => [name, object[name as keyof typeof object]]));
}

function without(object: object, hidden: readonly string[]): object {
    if (hidden.length === 0) return object;
    return Object.fromEntries(Object.entries(object).filter(([name]) => !hidden.includes(name)));
}

interface Expansion {
    readonly name: string;
    readonly apply: (object: object) => object;
}

/** Reads `$expand=owners` or `$expand=owners($select=id)`. Graph expands only one relationship per request. */
function expansionOf({ query }: GraphCall, { type, expand = {} }: Shape): Expansion | undefined {
    const text = query.get("$expand");
    if (text === null) return undefined;
    const [, wanted = "", options = ""] = /^(\w+)(?:\((.*)\))?$/.exec(text.trim()) ?? [];
    const name = Object.keys(expand).find((one) => one.toLowerCase() === wanted.toLowerCase());
    if (text.includes(",") && !/^\w+\([^)]*\)$/.test(text.trim()))
        throw unsupportedQuery("Only one property can be expanded in a single query.");
    if (name === undefined) throw unknownProperty(wanted || text, type);
    const nested = /^\$select=([\w,\s]+)$/i.exec(options)?.[1];
    if (options !== "" && nested === undefined)
        throw unsupportedQuery(`The nested option '${options}' is not supported.`);
    const names = namesIn(nested);
    const objectsOf = expand[name] as unknown as (object: object) => readonly object[];
    return {
        name,
        apply: (object) => {
            const related = objectsOf(object).slice(0, MAX_EXPANDED);
            return { [name]: names ? related.map((one) => pickKnown(one, names)) : related };
        },
    };
}

function pickKnown(object: object, names: readonly string[]): object {
    const wanted = new Set(["@odata.type", ...names].map((name) => name.toLowerCase()));
    return Object.fromEntries(Object.entries(object).filter(([name]) => wanted.has(name.toLowerCase())));
}
