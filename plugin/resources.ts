// Finds the resource that a request of the engine names, and what the server adds to its properties: the identity, the
// settings of the provider, and the marks of secrets. Pure.
import { secretOutputs, valueAt } from "../provider/inputs/givenInputs";
import { identityOf } from "../provider/inputs/identity";
import { UNKNOWN } from "../provider/inputs/rawInputs";
import { ALL_USERS, ASSIGNMENT_REQUIRED, ENABLED } from "../provider/inputs/statusTexts";
import { nativeType, SHAPES, type ResourceShape } from "../provider/shapes";
import type { Decoded, Properties } from "./values";

export const RESOURCE_NAMES = SHAPES.map((shape) => nativeType(shape).split(":").at(-1) ?? "");

/** `undefined`: the plugin has no such resource. */
export function shapeOf(type: string): ResourceShape | undefined {
    return SHAPES.find((shape) => nativeType(shape) === type);
}

/**
 * Computes the same identity as the dynamic resource does. `urn`: `urn:pulumi:<stack>::<project>::<types>::<name>`, with
 * the types of the parents in front of the resource's own.
 */
export function identityFrom(urn: string): string {
    const [stack = "", project = "", types = "", ...name] = urn.replace(/^urn:pulumi:/, "").split("::");
    return identityOf(project, stack, types.split("$").slice(0, -1), name.join("::"));
}

/** What a program may set for all resources of a provider. */
export const SETTINGS = ["tenantId", "credentials", "region"] as const;
export type Settings = Readonly<Partial<Record<(typeof SETTINGS)[number], unknown>>>;

/** Fills in the settings of the provider for arguments that the program leaves out. */
export function withSettings(news: Properties, shape: ResourceShape, settings: Settings): Properties {
    const missing = SETTINGS.filter((name) => shape.inputs.includes(name) && isAbsent(news[name]));
    return { ...news, ...Object.fromEntries(missing.map((name) => [name, settings[name]])) };
}

/**
 * If an input is in `ignoreChanges`, the engine passes its value of the last refresh to `check`. `check` then treats
 * `enabled` as a value of the program and completes it. This function restores the value.
 */
export function keepingIgnored(news: Decoded, olds: Decoded, ignored: readonly string[]): Decoded {
    const name = "servicePrincipal";
    const isUndone = ignored.includes(name) && news.values[name] === ALL_USERS && olds.values[name] === ENABLED;
    return isUndone ? { ...news, values: { ...news.values, [name]: ENABLED } } : news;
}

/**
 * Pulumi writes a program with all inputs of an import. In a program, `enabled` means that all users may sign in. Texts
 * such as `disabled` describe a live value, and a program cannot give them. So the import leaves these values out.
 */
export function importedInputs(inputs: Properties): Properties {
    const { servicePrincipal, ...others } = inputs;
    return servicePrincipal === ASSIGNMENT_REQUIRED ? inputs : others;
}

/** Until the next refresh, only the outputs of an import contain the inputs that the import left out. */
export function withLeftOut(olds: Decoded, { values: { servicePrincipal } }: Decoded): Decoded {
    if (isAbsent(servicePrincipal) || !isAbsent(olds.values["servicePrincipal"])) return olds;
    return { ...olds, values: { ...olds.values, servicePrincipal } };
}

/** Returns the paths of inputs that stay secret: those that the program marked, and those that are always secret. */
export function secretInputs({ secret, values }: Decoded, shape: ResourceShape): string[] {
    const isGiven = (path: string) => !isAbsent(valueAt(values, path));
    return [...secret, ...shape.secret.filter(isGiven)];
}

/** Returns the paths of outputs that are secret, if these inputs are. */
export function secretOutputPaths(inputs: readonly string[], shape: ResourceShape): string[] {
    return [...inputs, ...shape.secret, ...secretOutputs({ secret: inputs }, shape.repeats)];
}

/**
 * Returns the outputs of a preview: values of the inputs, values that no update changes, and unknown values for the
 * rest.
 */
export function previewOutputs(news: Properties, olds: Properties, shape: ResourceShape): Properties {
    const computed = shape.outputs.map((name) => {
        const isStable = shape.stable.includes(name) && !isAbsent(olds[name]);
        return [name, isStable ? olds[name] : UNKNOWN] as const;
    });
    return { ...Object.fromEntries(computed), ...news };
}

/** Returns whether it is an import, which reads an object without a state. */
export function isImport(state: Properties, { inputs, outputs }: ResourceShape): boolean {
    return outputs.every((name) => inputs.includes(name) || isAbsent(state[name]));
}

function isAbsent(value: unknown): boolean {
    return value === undefined || value === null;
}
