// The base classes of the resources, and the text by which the engine loads their provider. Runs in the user's program.
import * as pulumi from "@pulumi/pulumi";

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
 * A resource that finds its objects in Entra by where it is declared: organization, project, stack and name. It is
 * deleted before it is replaced. Otherwise `up --replace` would find the application again in create and then delete
 * it.
 */
export class IdentifiedResource extends DynamicResource {
    constructor(
        handler: HandlerName,
        type: string,
        name: string,
        { args, outputs }: { readonly args: object; readonly outputs: readonly string[] },
        options: pulumi.CustomResourceOptions,
    ) {
        const identity = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack(), name].join("/");
        const computed = Object.fromEntries(outputs.map((output) => [output, undefined]));
        super(handler, type, name, { ...computed, ...args, identity }, { deleteBeforeReplace: true, ...options });
    }
}
