// Converts values between the engine's form and plain values. The engine wraps each secret in an object. Here, a secret
// is a plain value, and a separate list contains its path. Pure.
import type { Properties } from "./wire/struct";

export type { Properties };

export interface Decoded {
    readonly values: Properties;
    /** Paths of secrets, such as `portalUrl` or `source.pfx.password`. */
    readonly secret: readonly string[];
}

/** The engine's key for special values, and its signature for a secret (pulumi/sdk rpc.ts). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

export function decode(properties: Properties = {}): Decoded {
    const secret: string[] = [];
    const values = plainValue(properties, "", secret) as Properties;
    return { values, secret };
}

function plainValue(value: unknown, path: string, secret: string[]): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((entry, index) => plainValue(entry, `${path}[${index}]`, secret));
    const { [SIGNATURE]: signature, value: inner } = value as Properties;
    if (signature === SECRET) {
        secret.push(path);
        // A secret inside another secret needs no path, because the path of the outer one covers it.
        return plainValue(inner, path, []);
    }
    return Object.fromEntries(
        Object.entries(value).map(([name, part]) => [name, plainValue(part, stepTo(path, name), secret)]),
    );
}

/**
 * `secret`: paths of secrets. A list with a secret entry becomes secret as a whole, because a path names an entry by
 * its position, and `check` may return the entries in another order.
 */
export function encode(values: Properties, secret: readonly string[]): Properties {
    if (secret.length === 0) return values;
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, markedValue(value, name, secret)]));
}

function markedValue(value: unknown, path: string, secret: readonly string[]): unknown {
    if (value === undefined) return value;
    const isSecret = secret.some((one) => one === path || (Array.isArray(value) && one.startsWith(`${path}[`)));
    if (isSecret) return { [SIGNATURE]: SECRET, value };
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
        Object.entries(value).map(([name, part]) => [name, markedValue(part, stepTo(path, name), secret)]),
    );
}

/** Appends a name to a path, in a form that the engine can read. */
export function stepTo(path: string, name: string): string {
    if (!/^[\w$-]+$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
    return path === "" ? name : `${path}.${name}`;
}
