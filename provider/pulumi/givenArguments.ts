// Splits the arguments of a resource class by name, even if they are one Output. Collects facts about the arguments
// that only the program knows.
import * as pulumi from "@pulumi/pulumi";

import { rootOf, type GivenInputs } from "../inputs/givenInputs";
import type { PreviewFacts } from "../inputs/previewFacts";
import { placeOf, typeOf } from "./place";

type Arguments = Readonly<Record<string, unknown>>;

/** The SDK does not publish these members. `promise` returns `undefined` for an unknown output. */
type AnyOutput = pulumi.Output<unknown> & {
    readonly isKnown?: Promise<boolean>;
    readonly promise?: () => Promise<unknown>;
    readonly allResources?: () => Promise<Set<pulumi.Resource>>;
};

function isDeferred(value: unknown): value is pulumi.Output<unknown> | Promise<unknown> {
    return pulumi.Output.isInstance(value) || value instanceof Promise;
}

/**
 * Returns the arguments by name. `names`: all possible arguments, because a preview may not know the content of an
 * Output.
 */
export function argumentsByName(args: pulumi.Input<object>, names: readonly string[]): Arguments {
    if (!isDeferred(args)) return { ...(args as Arguments) };
    const whole = pulumi.output(args) as pulumi.Output<Arguments | undefined>;
    return Object.fromEntries(names.map((name) => [name, whole.apply((value) => value?.[name])]));
}

/**
 * Returns the facts about the arguments. `undefined`: no argument is an Output, a Promise or ignored, and this is not a
 * preview.
 */
export function givenArguments(
    args: pulumi.Input<object>,
    names: readonly string[],
    ignored: readonly string[],
    preview: (() => PreviewFacts) | undefined,
): Promise<GivenInputs | undefined> | undefined {
    const deferred = deferredIn(args, "");
    if (deferred.length + ignored.length === 0 && preview === undefined) return undefined;
    // A failure is ignored here, because the SDK reports a failed output when it serializes the argument.
    return factsOf(deferred, names, ignored)
        .then((given) => (preview === undefined ? given : withPreview(given, preview(), deferred)))
        .catch(() => undefined);
}

async function withPreview(
    given: GivenInputs | undefined,
    preview: PreviewFacts,
    deferred: readonly Deferred[],
): Promise<GivenInputs> {
    const certificateOf = await certificateBehind(deferred);
    const facts = { ...preview, ...(certificateOf === undefined ? {} : { certificateOf }) };
    return { ...(given ?? NOTHING), preview: facts };
}

const NOTHING: GivenInputs = { secret: [], extra: [], leftOut: [], ignored: [] };

/**
 * Returns the place of the PortalCertificate from which the input `certificate` comes. `undefined`: the input
 * comes from no PortalCertificate, or from several.
 */
async function certificateBehind(deferred: readonly Deferred[]): Promise<string | undefined> {
    const inputs = deferred.filter(({ path }) => path === "" || rootOf(path) === "certificate");
    const resources = await Promise.all(inputs.map(async ({ output }) => [...((await output.allResources?.()) ?? [])]));
    const places = resources.flat().flatMap((one) => (typeOf(one) === CERTIFICATE_TYPE ? [placeOf(one)] : []));
    const [place, ...more] = new Set(places);
    return more.length === 0 ? place : undefined;
}

const CERTIFICATE_TYPE = "pulumi-nodejs:dynamic/restorePortal:PortalCertificate";

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
