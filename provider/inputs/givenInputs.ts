// What a resource class knows about its arguments and the engine does not pass to `check`: which ones are secret, and
// which ones are ignored. It imports nothing, because every program loads it.

/** Key of the input that carries it. `check` takes it out, so it is never in state. */
export const GIVEN = "__given";

export interface GivenInputs {
    /** Paths of secret inputs, such as `portalUrl` or `source.pfx.password`. */
    readonly secret: readonly string[];
    /** Paths of the option `ignoreChanges`. */
    readonly ignored: readonly string[];
    /** Paths of inputs that come from resources which `--target` leaves out of a deployment. */
    readonly leftOut: readonly string[];
    /** Names that no argument has. Only for arguments that are one Output. */
    readonly extra: readonly string[];
}

export function valueAt(inputs: Readonly<Record<string, unknown>>, path: string): unknown {
    return steps(path).reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], inputs);
}

export function rootOf(path: string): string {
    return steps(path)[0] ?? "";
}

function steps(path: string): string[] {
    return path.match(/[^.[\]]+/g) ?? [];
}
