// Packs the data of the page so that it contains each long text only once. Many rows contain the same texts. Pure.

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

interface Packed {
    readonly texts: readonly string[];
    readonly data: Json;
}

/**
 * The shortest text, in characters, that a reference replaces. For shorter texts, a reference would save almost
 * nothing.
 */
const WORTH = 8;
/**
 * The first character of a reference, such as `~12`. A text that itself begins with `~` gets a second `~`.
 */
const MARK = "~";

/** Returns the packed data as JSON. */
export function packed(data: object): string {
    const json = JSON.parse(JSON.stringify(data)) as Json;
    const counts = new Map<string, number>();
    eachText(json, (text) => {
        if (text.length >= WORTH) counts.set(text, (counts.get(text) ?? 0) + 1);
        return text;
    });
    const texts = [...counts].filter(([, count]) => count > 1).map(([text]) => text);
    const numbers = new Map(texts.map((text, index) => [text, index]));
    const reference = (text: string) => {
        const number = numbers.get(text);
        if (number !== undefined) return `${MARK}${number}`;
        return text.startsWith(MARK) ? MARK + text : text;
    };
    return JSON.stringify({ texts, data: eachText(json, reference) } satisfies Packed);
}

export function unpacked(json: string): unknown {
    const { texts, data } = JSON.parse(json) as Packed;
    return eachText(data, (text) => {
        if (!text.startsWith(MARK)) return text;
        return text.startsWith(MARK, 1) ? text.slice(1) : (texts[Number(text.slice(1))] ?? "");
    });
}

/** Returns the value with each of its texts replaced. */
function eachText(value: Json, replaced: (text: string) => string): Json {
    if (typeof value === "string") return replaced(value);
    if (value === null || typeof value !== "object") return value;
    if (isList(value)) return value.map((one) => eachText(one, replaced));
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, eachText(one, replaced)]));
}

function isList(value: readonly Json[] | { readonly [name: string]: Json }): value is readonly Json[] {
    return Array.isArray(value);
}
