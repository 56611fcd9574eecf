// Reads the arguments of a resource class: splits them if they are one Output, and collects what only the program knows
// about them.
import * as pulumi from "@pulumi/pulumi";

import type { GivenInputs } from "../inputs/givenInputs";

type Arguments = Readonly<Record<string, unknown>>;

/** The SDK does not publish these two members. The value of an unknown output is `undefined`. */
type AnyOutput = pulumi.Output<unknown> & {
    readonly isKnown?: Promise<boolean>;
    readonly promise?: () => Promise<unknown>;
};

function isDeferred(value: unknown): value is pulumi.Output<unknown> | Promise<unknown> {
    return pulumi.Output.isInstance(value) || value instanceof Promise;
}

/**
 * Returns the arguments by name. `names`: the possible arguments. They are needed because a preview may not know the
 * content of an Output.
 */
export function argumentsByName(args: pulumi.Input<object>, names: readonly string[]): Arguments {
    if (!isDeferred(args)) return { ...(args as Arguments) };
    const whole = pulumi.output(args) as pulumi.Output<Arguments | undefined>;
    return Object.fromEntries(names.map((name) => [name, whole.apply((value) => value?.[name])]));
}

/** Returns `undefined` if no argument is deferred or ignored. */
export function givenArguments(
    args: pulumi.Input<object>,
    names: readonly string[],
    ignored: readonly string[],
): Promise<GivenInputs | undefined> | undefined {
    const deferred = deferredIn(args, "");
    if (deferred.length + ignored.length === 0) return undefined;
    // A failure of an output is reported where the SDK serializes the argument itself.
    return factsOf(deferred, names, ignored).catch(() => undefined);
}

interface Deferred {
    readonly path: string;
    readonly output: AnyOutput;
}

function deferredIn(value: unknown, path: string): Deferred[] {
    if (isDeferred(value)) return [{ path, output: pulumi.output(value) as AnyOutput }];
    if (typeof value !== "object" || value === null || pulumi.Resource.isInstance(value)) return [];
    return Object.entries(value).flatMap(([name, part]) => {
        const step = Array.isArray(value) ? `[${name}]` : path === "" ? name : `.${name}`;
        return deferredIn(part, path + step);
    });
}

async function factsOf(
    deferred: readonly Deferred[],
    names: readonly string[],
    ignored: readonly string[],
): Promise<GivenInputs | undefined> {
    const facts = await Promise.all(
        deferred.map(async ({ path, output }) => ({
            paths: path === "" ? names : [path],
            isSecret: await pulumi.isSecret(output),
            isLeftOut: !pulumi.runtime.isDryRun() && (await output.isKnown) === false,
            extra: path === "" ? extraNames(await output.promise?.(), names) : [],
        })),
    );
    const given = {
        secret: facts.filter(({ isSecret }) => isSecret).flatMap(({ paths }) => paths),
        extra: facts.flatMap(({ extra }) => extra),
        leftOut: facts.filter(({ isLeftOut }) => isLeftOut).flatMap(({ paths }) => paths),
        ignored,
    };
    return Object.values(given).some((paths) => paths.length > 0) ? given : undefined;
}

function extraNames(args: unknown, names: readonly string[]): string[] {
    return Object.entries((args ?? {}) as Arguments)
        .filter(([name, value]) => value !== undefined && !names.includes(name))
        .map(([name]) => name);
}
