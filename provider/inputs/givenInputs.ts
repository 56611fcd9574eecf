// Describes facts that the engine does not pass to `check`, such as which arguments are secret or ignored. The resource
// class adds the facts as an input. Every program loads this file, so it imports only types.
import type { PreviewFacts } from "./previewFacts";

/** The name of the input that contains these facts. `check` removes the input, so state never contains it. */
export const GIVEN = "__given";

export interface GivenInputs {
    /** Paths of secret inputs, such as `portalUrl` or `source.pfx.password`. */
    readonly secret: readonly string[];
    /** Paths of the option `ignoreChanges`. */
    readonly ignored: readonly string[];
    /** Paths of inputs that come from resources which `--target` leaves out of a deployment. */
    readonly leftOut: readonly string[];
    /** Names that are not arguments of the resource. Empty unless one Output contains all arguments. */
    readonly extra: readonly string[];
    /** Set only in a preview. */
    readonly preview?: PreviewFacts;
}

export function valueAt(inputs: Readonly<Record<string, unknown>>, path: string): unknown {
    return steps(path).reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], inputs);
}

export function rootOf(path: string): string {
    return steps(path)[0] ?? "";
}

/** Returns whether one path is the other one, or is inside it. `source.pfx.file` and `source.pfx.password` are not. */
export function shareValues(one: string, other: string): boolean {
    const [short = [], long = []] = [steps(one), steps(other)].sort((a, b) => a.length - b.length);
    return short.every((step, index) => step === long[index]);
}

function steps(path: string): string[] {
    return path.match(/[^.[\]]+/g) ?? [];
}

/**
 * Returns the outputs that show secret inputs under another name. `repeats`: for each output, the inputs that it
 * repeats. `any`: the output may repeat every input.
 */
export function secretOutputs(
    { secret }: Pick<GivenInputs, "secret">,
    repeats: Readonly<Record<string, readonly string[] | "any">>,
): string[] {
    const isSecret = (input: string) => secret.some((path) => shareValues(path, input));
    return Object.entries(repeats)
        .filter(([, inputs]) => (inputs === "any" ? secret.length > 0 : inputs.some(isSecret)))
        .map(([output]) => output);
}
