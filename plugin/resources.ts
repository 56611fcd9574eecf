// Finds the resource type that a request names. Computes the identity of the resource, fills in the settings of the
// provider, and decides which inputs and outputs are secret. Pure.
import { isDeepStrictEqual } from "node:util";

import { secretOutputs, valueAt } from "../provider/inputs/givenInputs";
import { identityOf } from "../provider/inputs/identity";
import { UNKNOWN } from "../provider/inputs/rawInputs";
import { ALL_USERS, ASSIGNMENT_REQUIRED, ENABLED } from "../provider/inputs/statusTexts";
import { nativeType, SHAPES, type ResourceShape } from "../provider/shapes";
import type { Decoded, Properties } from "./values";

export const RESOURCE_NAMES = SHAPES.map((shape) => nativeType(shape).split(":").at(-1) ?? "");

/** `undefined`: the plugin has no resource of this type. */
export function shapeOf(type: string): ResourceShape | undefined {
    return SHAPES.find((shape) => nativeType(shape) === type);
}

/**
 * Computes the same identity as the dynamic resource. `urn`: `urn:pulumi:<stack>::<project>::<types>::<name>`, where
 * `<types>` lists the types of the parents and then the resource's own type.
 */
export function identityFrom(urn: string): string {
    const [stack = "", project = "", types = "", ...name] = urn.replace(/^urn:pulumi:/, "").split("::");
    return identityOf(project, stack, types.split("$").slice(0, -1), name.join("::"));
}

/** The settings that a program can give to a provider for all of its resources. */
export const SETTINGS = ["tenantId", "credentials", "region"] as const;
export type Settings = Decoded;

/** Fills in the settings of the provider for arguments that the program leaves out. A secret setting stays secret. */
export function withSettings(news: Decoded, shape: ResourceShape, settings: Settings): Decoded {
    const isFilled = (name: string) => shape.inputs.includes(name) && isAbsent(news.values[name]);
    const filled = Object.entries(settings.values).filter(([name]) => isFilled(name));
    return {
        values: { ...news.values, ...Object.fromEntries(filled) },
        secret: [...news.secret, ...settings.secret.filter(isFilled)],
    };
}

/**
 * If `servicePrincipal` is in `ignoreChanges`, the engine passes its value of the last refresh to `check`. `check`
 * treats `enabled` as a value that the program set, and changes it to `enabled for all users`. This function restores
 * `enabled`.
 */
export function keepingIgnored(news: Decoded, olds: Decoded, ignored: readonly string[]): Decoded {
    const name = "servicePrincipal";
    const isUndone = ignored.includes(name) && news.values[name] === ALL_USERS && olds.values[name] === ENABLED;
    return isUndone ? { ...news, values: { ...news.values, [name]: ENABLED } } : news;
}

/**
 * `pulumi import` generates code for the program from the returned inputs. In this code, `enabled` would mean that all
 * users may sign in, and live texts such as `disabled` are not allowed. So the import returns `servicePrincipal` only
 * if it is `assignment required`.
 */
export function importedInputs(inputs: Properties): Properties {
    const { servicePrincipal, ...others } = inputs;
    return servicePrincipal === ASSIGNMENT_REQUIRED ? inputs : others;
}

/**
 * Adds `servicePrincipal` to the old inputs if an import left it out. Until the next refresh, only the outputs in state
 * contain its value.
 */
export function withLeftOut(olds: Decoded, { values: { servicePrincipal } }: Decoded): Decoded {
    if (isAbsent(servicePrincipal) || !isAbsent(olds.values["servicePrincipal"])) return olds;
    return { ...olds, values: { ...olds.values, servicePrincipal } };
}

/** Returns the paths of inputs that stay secret: those that the program marked, and those that are always secret. */
export function secretInputs({ secret, values }: Decoded, shape: ResourceShape): string[] {
    const isGiven = (path: string) => !isAbsent(valueAt(values, path));
    return [...secret, ...shape.secret.filter(isGiven)];
}

/** Returns the paths of all secret outputs. `inputs`: the paths of the secret inputs. */
export function secretOutputPaths(inputs: readonly string[], shape: ResourceShape): string[] {
    return [...inputs, ...shape.secret, ...secretOutputs({ secret: inputs }, shape.repeats)];
}

/**
 * Returns the outputs that a preview shows: the inputs, the old values of outputs that no update changes, and unknown
 * values for all other outputs.
 */
export function previewOutputs(news: Properties, olds: Properties, shape: ResourceShape): Properties {
    const computed = shape.outputs.map((name) => {
        const isStable = shape.stable.includes(name) && !isAbsent(olds[name]);
        return [name, isStable ? olds[name] : UNKNOWN] as const;
    });
    return { ...Object.fromEntries(computed), ...news };
}

/**
 * Returns whether a read is an import or a `.get()`. An import sends no state, and `.get()` sends the arguments of the
 * program as state. A refresh sends the outputs in state, which lack all computed values only if somebody edited them.
 */
export function isImport(state: Properties, given: Properties, { inputs, outputs }: ResourceShape): boolean {
    const hasOutputs = outputs.some((name) => !inputs.includes(name) && !isAbsent(state[name]));
    return !hasOutputs && isDeepStrictEqual(state, given);
}

function isAbsent(value: unknown): boolean {
    return value === undefined || value === null;
}
