// Converts the engine's values to plain JSON and back. The engine wraps a secret in an object; here a secret is a plain
// value, and its path is listed beside it.
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

export type Properties = Record<string, unknown>;

export interface Decoded {
    readonly values: Properties;
    /** Paths of secrets, such as `portalUrl` or `source.pfx.password`. */
    readonly secret: readonly string[];
}

/** The engine's key for special values, and its signature of a secret (pulumi/sdk rpc.ts). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

export function decode(struct: Struct | undefined): Decoded {
    const secret: string[] = [];
    const values = plainValue(struct?.toJavaScript() ?? {}, "", secret) as Properties;
    return { values, secret };
}

function plainValue(value: unknown, path: string, secret: string[]): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((entry, index) => plainValue(entry, `${path}[${index}]`, secret));
    const { [SIGNATURE]: signature, value: inner } = value as Properties;
    if (signature === SECRET) {
        secret.push(path);
        // The path of the outer secret covers the inner ones.
        return plainValue(inner, path, []);
    }
    return Object.fromEntries(
        Object.entries(value).map(([name, part]) => [name, plainValue(part, stepTo(path, name), secret)]),
    );
}

/**
 * `secret`: paths of secrets. A list with a secret entry is secret as a whole, because the order of its entries does
 * not matter.
 */
export function encode(values: Properties, secret: readonly string[]): Struct {
    const marked = Object.entries(values)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, markedValue(value, name, secret)] as const);
    return Struct.fromJavaScript(Object.fromEntries(marked) as Record<string, JavaScriptValue>);
}

function markedValue(value: unknown, path: string, secret: readonly string[]): unknown {
    const isSecret = secret.some((one) => one === path || (Array.isArray(value) && one.startsWith(`${path}[`)));
    if (isSecret) return { [SIGNATURE]: SECRET, value };
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
        Object.entries(value).map(([name, part]) => [name, markedValue(part, stepTo(path, name), secret)]),
    );
}

/** Writes one step of a path as the engine does. */
export function stepTo(path: string, name: string): string {
    if (!/^[\w$-]+$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
    return path === "" ? name : `${path}.${name}`;
}
