// The base classes of the resources, and the text by which the engine finds their provider. Runs in the user's program.
import * as pulumi from "@pulumi/pulumi";

/** Names under which `host.ts` exports the providers. */
export type HandlerName = "restorePortalApp" | "portalCertificate" | "portalServer" | "portalTenantConsent";

/**
 * The `__provider` text of a resource. It is kept in every state file and read by every later release, so it never
 * changes: what it loads is the installed package's "./provider-host". Nothing is serialized, so nothing can leak.
 */
export function providerText(handler: HandlerName): string {
    return `exports.handler=()=>require("module").createRequire(process.cwd()+"/_")("pulumi-restore-portal/provider-host").${handler};`;
}

/** A dynamic resource whose provider is loaded from the installed package, not from a serialized closure. */
export class DynamicResource extends pulumi.CustomResource {
    constructor(
        handler: HandlerName,
        type: string,
        name: string,
        props: Record<string, unknown>,
        options: pulumi.CustomResourceOptions,
    ) {
        // The SDK notes a stack trace with each of a resource's properties, which for a thousand portals takes longer than all else.
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
 * A resource of objects in Entra that it finds again by where it is declared: organization, project, stack and name. A
 * create that finds its own would otherwise be followed by the delete of it (up --replace), so deletes come first.
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
