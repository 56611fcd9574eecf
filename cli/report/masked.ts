// Puts the text `[secret]` in place of each secret in a preview. The engine prints only a mark for a secret, never its
// value. Pure.
import type { PreviewedResource, ResourceValues } from "./preview";

/** The text that the report shows instead of a secret value. */
export const SECRET = "[secret]";

/**
 * The key that marks a secret or another special value in an event (Pulumi SDK: specialSigKey). Our resources have no
 * special values except secrets. In the JSON document of a preview without events, a secret is already `[secret]`.
 */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Returns the value with the text `[secret]` in place of each secret. */
export function withSecretTexts(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(withSecretTexts);
    if (typeof value !== "object" || value === null) return value;
    if (SIGNATURE in value) return SECRET;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withSecretTexts(one)]));
}

export function isSecret(value: unknown): boolean {
    return JSON.stringify(value ?? null).includes(JSON.stringify(SECRET).slice(1, -1));
}

/**
 * If one input is secret, Pulumi makes the whole output `desired` secret. Then the declared inputs replace this output.
 * If the program no longer has the resource, or the preview failed too early, the inputs in state replace it.
 */
export function withDesired(resource: PreviewedResource): PreviewedResource {
    const { before, live, declared } = resource;
    const completed = (values: ResourceValues): ResourceValues =>
        values.outputs["desired"] === SECRET
            ? { ...values, outputs: { ...values.outputs, desired: declared ?? before?.inputs ?? values.inputs } }
            : values;
    return { ...resource, ...(before && { before: completed(before) }), ...(live && { live: completed(live) }) };
}
