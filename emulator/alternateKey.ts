// Reads the key that follows a collection in brackets, such as `(appId='...')`.

/** Returns `undefined` if the segment is not one of these alternate keys. Names do not depend on case. */
export function alternateKey<Name extends string>(
    segment: string,
    ...names: readonly Name[]
): { readonly name: Name; readonly value: string } | undefined {
    const [, wanted = "", quoted = ""] = /^\((\w+)\s*=\s*'((?:[^']|'')*)'\)$/.exec(segment) ?? [];
    const name = names.find((one) => one.toLowerCase() === wanted.toLowerCase());
    return name === undefined ? undefined : { name, value: unquoted(quoted) };
}

/** Returns how an error message names the object. */
export function keyInMessage(segment: string): string {
    return /'((?:[^']|'')*)'/.exec(segment)?.[1] ?? segment;
}

/** Removes the quotes of a text literal. A quote inside it is doubled. */
export function unquoted(text: string): string {
    return text.replaceAll("''", "'");
}
