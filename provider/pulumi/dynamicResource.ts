// Defines the base classes of the resources, and the text by which the engine loads their provider. This file runs in
// the user's program.
import * as pulumi from "@pulumi/pulumi";

import { GIVEN, secretOutputs } from "../inputs/givenInputs";
import type { PreviewFacts } from "../inputs/previewFacts";
import { dynamicType, nativeType, type HandlerName, type ResourceShape } from "../shapes";
import { assertInstalled } from "./assertInstalled";
import { argumentsByName, givenArguments } from "./givenArguments";
import { placeBelow } from "./place";

/**
 * Returns the `__provider` text of a resource. The state of each dynamic resource contains this text and every later
 * release reads it, so it never changes. The text loads "provider-host" from the installed package. Nothing of the
 * program is serialized, so no secret can leak into the text.
 */
export function providerText(handler: HandlerName): string {
    return `exports.handler=()=>require("module").createRequire(process.cwd()+"/_")("pulumi-restore-portal/provider-host").${handler};`;
}

/** The shape of a resource, with facts that only its class in the program knows. */
export interface ProgramShape extends ResourceShape {
    /** Returns further facts for a preview. Called only after the arguments have their values. */
    readonly previewFacts?: () => Partial<PreviewFacts>;
}

type Properties = Readonly<Record<string, unknown>>;

interface GivenToResource {
    readonly args: pulumi.Input<object>;
    /** Inputs that the class adds to the arguments. */
    readonly more?: Properties;
    /** Marks some arguments as secret, even if the program does not mark them. */
    readonly mark?: (args: Properties) => Properties;
}

/** A dynamic resource whose provider comes from the installed package, not from a serialized closure. */
export class DynamicResource extends pulumi.CustomResource {
    /** @deprecated Always throws: a dynamic resource cannot be read from outside of its stack. */
    static get(name: string): never {
        throw new Error(
            `${this.name}.get("${name}"): a dynamic resource cannot be read from outside of its stack; to use its outputs, read them with pulumi.StackReference; to manage an existing object, declare new ${this.name}(...) with its arguments`,
        );
    }

    constructor(
        shape: ProgramShape,
        name: string,
        { args, more = {}, mark = (same) => same }: GivenToResource,
        options: pulumi.CustomResourceOptions,
    ) {
        const { handler } = shape;
        assertInstalled();
        assertDeclared(shape, name, options);
        // The SDK records a stack trace for each property. For a thousand portals that takes longer than all other
        // work, so no traces are recorded here.
        const { stackTraceLimit } = Error;
        Error.stackTraceLimit = 0;
        try {
            const { given, additionalSecretOutputs } = givenOf(shape, name, args, options);
            const computed = Object.fromEntries(shape.outputs.map((output) => [output, undefined]));
            const props = { ...computed, ...mark(argumentsByName(args, shape.inputs)), ...more, ...given };
            // With this alias, the engine accepts the state of the native plugin's resource for this resource, so Entra
            // needs no write.
            const aliases = [...(options.aliases ?? []), { type: nativeType(shape) }];
            const withText = { ...props, __provider: providerText(handler) };
            super(dynamicType(shape), name, withText, { ...options, additionalSecretOutputs, aliases });
        } catch (error) {
            Error.stackTraceLimit = stackTraceLimit;
            if (error instanceof Error) Error.captureStackTrace(error, new.target);
            throw error;
        } finally {
            Error.stackTraceLimit = stackTraceLimit;
        }
    }
}

/**
 * Refuses options that make the engine read an object that is not in state. No hook of a dynamic resource can read an
 * object without state.
 */
function assertDeclared({ type, existing }: ResourceShape, name: string, options: pulumi.CustomResourceOptions): void {
    const option = (["id", "import"] as const).find((one) => options[one] !== undefined);
    if (option === undefined) return;
    const [, className = ""] = type.split(":");
    throw new Error(`${className} "${name}": a dynamic resource does not support the option ${option}; ${existing}`);
}

/**
 * Collects the facts about the arguments. The SDK reads the list of secret outputs only after all properties have their
 * values, so the list can still be filled until then.
 */
function givenOf(shape: ProgramShape, name: string, args: pulumi.Input<object>, options: pulumi.CustomResourceOptions) {
    const additionalSecretOutputs = [...(options.additionalSecretOutputs ?? [])];
    const collect = () => ({ place: placeBelow(options.parent, name), ...shape.previewFacts?.() });
    const preview = pulumi.runtime.isDryRun() ? collect : undefined;
    const facts = givenArguments(args, shape.inputs, options.ignoreChanges ?? [], preview);
    if (facts === undefined) return { given: {}, additionalSecretOutputs };
    const noted = facts.then((given) => {
        if (given) additionalSecretOutputs.push(...secretOutputs(given, shape.repeats));
        return given;
    });
    return { given: { [GIVEN]: noted }, additionalSecretOutputs };
}

/**
 * A resource that recognizes its objects in Entra by its place in the program. A replacement deletes the old resource
 * first. Otherwise the new resource would continue with the same objects, and the engine would then delete them.
 */
export class IdentifiedResource extends DynamicResource {
    constructor(shape: ProgramShape, name: string, args: pulumi.Input<object>, options: pulumi.CustomResourceOptions) {
        const identity = placeBelow(options.parent, name);
        if (options.deleteBeforeReplace === false) {
            const reason =
                "deleteBeforeReplace: false has no effect, because the old and the new resource may use the same objects in Entra; leave this option out";
            void pulumi.log.warn(`${name}: ${reason}`);
        }
        super(shape, name, { args, more: { identity } }, { ...options, deleteBeforeReplace: true });
    }
}
