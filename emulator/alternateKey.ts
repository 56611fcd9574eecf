// Reads the key in brackets after the name of a collection, such as `(appId='...')`.

/**
 * Returns `undefined` if the segment is not such a key, or if the name of the key is not in `names`. The case of a name
 * does not matter.
 */
export function alternateKey<Name extends string>(
    segment: string,
    ...names: readonly Name[]
): { readonly name: Name; readonly value: string } | undefined {
    const [, wanted = "", quoted = ""] = /^\((\w+)\s*=\s*'((?:[^']|'')*)'\)$/.exec(segment) ?? [];
    const name = names.find((one) => one.toLowerCase() === wanted.toLowerCase());
    return name === undefined ? undefined : { name, value: unquoted(quoted) };
}

/** Graph's error messages name an object by the quoted value of its key, or else by the whole segment. */
export function keyInMessage(segment: string): string {
    return /'((?:[^']|'')*)'/.exec(segment)?.[1] ?? segment;
}

/** Returns the value of a text literal. `text` is the literal without its outer quotes. Quotes inside are doubled. */
export function unquoted(text: string): string {
    return text.replaceAll("''", "'");
}
