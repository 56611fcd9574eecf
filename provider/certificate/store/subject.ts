// Compares a subject that a user wrote with the subjects of certificates. Windows, .NET and OpenSSL spell the same
// subject differently, so each of their spellings matches. windowsStoreScript.ts has the same rule for Windows, and the
// same tests. Pure.

/** Names of attributes that OpenSSL and Windows spell differently. */
const ALIASES: Readonly<Record<string, string>> = {
    ST: "S",
    EMAILADDRESS: "E",
    GN: "G",
    TITLE: "T",
    INITIALS: "I",
};

const TYPE = String.raw`(?:OID\.)?[a-z0-9][a-z0-9.-]*`;
/** A separator counts only if an attribute name follows it. So `O=Contoso, Ltd.` needs no quotes. */
const END = String.raw`\s*(?:$|[,;+](?=\s*${TYPE}\s*=))`;
const VALUE = String.raw`"(?:[^"\\]|""|\\.)*"|(?:[^\\]|\\.|\\$)*?`;
const ATTRIBUTE = new RegExp(String.raw`\s*(${TYPE})\s*=\s*(${VALUE})${END}`, "giy");

/**
 * A subject with more characters is not parsed, because the regular expressions could take minutes for it. Nobody
 * writes such a subject.
 */
const MAX_LENGTH = 4096;

/**
 * Returns the items with the given subject. Upper and lower case, additional spaces, quotes and the order of the
 * attributes do not matter. If no item has this subject, returns the items with the given common name, which may be
 * written with or without `CN=`.
 */
export function withSubject<T>(items: readonly T[], given: string, subjectOf: (item: T) => string): T[] {
    if (given.length > MAX_LENGTH) return [];
    const named = attributesOf(given);
    const whole = named.join("\n");
    const known = items.map((item) => ({ item, attributes: attributesOf(subjectOf(item)) }));
    const same = known.filter(({ attributes }) => whole !== "" && attributes.join("\n") === whole);
    const commonName = named.length === 1 && whole.startsWith("CN=") ? whole : `CN=${valueOf(given)}`;
    const matching = same.length > 0 ? same : known.filter(({ attributes }) => attributes.includes(commonName));
    return matching.map(({ item }) => item);
}

/** Returns the sorted attributes as `TYPE=VALUE`. A text that is not a subject has no attributes. */
function attributesOf(subject: string): string[] {
    const attributes = subject.length > MAX_LENGTH ? [] : clean(subject).matchAll(ATTRIBUTE);
    return [...attributes].map(([, type = "", value = ""]) => `${typeOf(type)}=${valueOf(value)}`).sort();
}

function typeOf(type: string): string {
    const upper = type.toUpperCase().replace(/^OID\./, "");
    return ALIASES[upper] ?? upper;
}

function valueOf(value: string): string {
    const text = clean(value);
    const quoted = /^"(.*)"$/.exec(text)?.[1]?.replaceAll('""', '"').trim();
    return (quoted ?? text).replace(/\\([\\",+<>;=# ])/g, "$1").toUpperCase();
}

/** Windows' dialog shows one attribute per line, and adds an invisible character at the beginning of a copied text. */
function clean(text: string): string {
    const line = text.replace(/\p{Cf}/gu, "").replace(/\s*[\r\n]+\s*/g, ",");
    return line.replace(/\s+/g, " ").replace(/^[ ,;]+|[ ,;]+$/g, "");
}
