// The base classes of the resources, and the text by which the engine loads their provider. Runs in the user's program.
import * as pulumi from "@pulumi/pulumi";

import { identityOf } from "../inputs/identity";
import { assertInstalled } from "./assertInstalled";

/** The exports of `host.ts`. */
export type HandlerName = "restorePortalApp" | "portalCertificate" | "portalServer" | "portalTenantConsent";

/**
 * The `__provider` text of a resource. Every state file keeps it and every later release reads it, so it never changes.
 * It loads "./provider-host" from the installed package. Nothing of the program is serialized, so no secret can leak
 * into it.
 */
export function providerText(handler: HandlerName): string {
    return `exports.handler=()=>require("module").createRequire(process.cwd()+"/_")("pulumi-restore-portal/provider-host").${handler};`;
}

/** A dynamic resource whose provider comes from the installed package, not from a serialized closure. */
export class DynamicResource extends pulumi.CustomResource {
    constructor(
        handler: HandlerName,
        type: string,
        name: string,
        props: Record<string, unknown>,
        options: pulumi.CustomResourceOptions,
    ) {
        assertInstalled();
        // The SDK records a stack trace for each property. For a thousand portals that takes longer than everything
        // else.
        const { stackTraceLimit } = Error;
        Error.stackTraceLimit = 0;
        try {
            super(`pulumi-nodejs:dynamic/${type}`, name, { ...props, __provider: providerText(handler) }, options);
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
 * A resource that finds its objects in Entra by where it is declared, as a URN says it. It is deleted before it is
 * replaced: a replacement that was created first would take up the application that is then deleted.
 */
export class IdentifiedResource extends DynamicResource {
    constructor(
        handler: HandlerName,
        type: string,
        name: string,
        { args, outputs }: { readonly args: object; readonly outputs: readonly string[] },
        options: pulumi.CustomResourceOptions,
    ) {
        const identity = identityOf(pulumi.getProject(), pulumi.getStack(), parentTypes(options.parent), name);
        const computed = Object.fromEntries(outputs.map((output) => [output, undefined]));
        if (options.deleteBeforeReplace === false) {
            const reason = "deleteBeforeReplace: false has no effect: one application cannot be there twice";
            void pulumi.log.warn(`${name}: ${reason}`);
        }
        super(handler, type, name, { ...computed, ...args, identity }, { ...options, deleteBeforeReplace: true });
    }
}

const STACK_TYPE = "pulumi:pulumi:Stack";

/** Types of the components around a resource, from the outermost inwards, without the stack. */
function parentTypes(parent: pulumi.Resource | undefined): string[] {
    // The SDK keeps both fields on each resource, but its types do not name them.
    const { __pulumiType: type, __parentResource: above } = (parent ?? {}) as {
        readonly __pulumiType?: string;
        readonly __parentResource?: pulumi.Resource;
    };
    return type === undefined || type === STACK_TYPE ? [] : [...parentTypes(above), type];
}
