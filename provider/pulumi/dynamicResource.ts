// The bridge to Pulumi's dynamic-provider protocol: the text that the engine keeps in state, and what wraps each hook.
import * as pulumi from "@pulumi/pulumi";

import { PortalError } from "../portalError";

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

type Json = Record<string, unknown>;

/** The hooks of one resource, as the engine's provider process calls them. `olds` of diff and update are outputs. */
export interface Hooks {
    check(olds: Json, news: Json): Promise<{ inputs: unknown; failures: { property: string; reason: string }[] }>;
    diff(id: string, olds: Json, news: Json): Promise<{ replaces?: string[]; deleteBeforeReplace?: boolean }>;
    create(inputs: Json): Promise<{ id: string; outs: unknown }>;
    read(id: string, props: Json): Promise<{ id: string; props?: unknown; inputs?: unknown }>;
    update(id: string, olds: Json, news: Json): Promise<{ outs: unknown }>;
    delete(id: string, props: Json): Promise<void>;
}

/** The object that `__provider` answers: hooks whose results are plain JSON and whose errors are sentences. */
export function hostedProvider(hooks: Hooks) {
    return {
        check: shaped((olds: Json, news: Json) => hooks.check(own(olds), own(news))),
        diff: shaped((id: string, olds: Json, news: Json) => hooks.diff(id, own(olds), own(news))),
        create: shaped((inputs: Json) => hooks.create(own(inputs))),
        read: shaped((id: string, props: Json) => hooks.read(id, own(props))),
        update: shaped((id: string, olds: Json, news: Json) => hooks.update(id, own(olds), own(news))),
        delete: shaped((id: string, props: Json) => hooks.delete(id, own(props))),
    };
}

// The protocol mixes its own text into the properties; no hook has any use for it.
function own(properties: Json): Json {
    return Object.fromEntries(Object.entries(properties).filter(([key]) => !key.startsWith("__")));
}

/** Messages beyond some 70 KB never reach the engine (measured), so a long answer of a proxy must not hide the error. */
const MAX_MESSAGE_LENGTH = 4000;

/** The engine keeps an object whose creation or update failed half-way when the hook throws this (SDK: InitFailedError). */
export class HalfDone extends Error {
    readonly reasons: string[];

    constructor(
        readonly id: string,
        readonly properties: unknown,
        cause: unknown,
    ) {
        super(messageOf(cause), { cause });
        this.reasons = [messageOf(cause)];
    }
}

export function messageOf(error: unknown): string {
    const message = error instanceof Error ? error.message : String(error);
    return message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)}...` : message;
}

// A value that is not JSON makes the engine lose the id of an object that was just made, so results pass through JSON.
function shaped<Arguments extends unknown[], Result>(hook: (...args: Arguments) => Promise<Result>) {
    return async (...args: Arguments): Promise<Result> => {
        try {
            const result = await hook(...args);
            return result === undefined ? result : (JSON.parse(JSON.stringify(result)) as Result);
        } catch (error) {
            throw withoutStack(error, args);
        }
    };
}

/** For what is expected to go wrong a sentence is enough; only our own faults show where they happened. */
function withoutStack(error: unknown, args: readonly unknown[]): unknown {
    if (error instanceof HalfDone) {
        const { id, properties, reasons, message } = error;
        // On success the SDK adds its text to the outputs; on a failure it does not, and no later hook would be found.
        const { __provider } = args.at(-1) as Json;
        const clean: unknown = JSON.parse(JSON.stringify({ ...(properties as Json), __provider }));
        return Object.assign(new Error(message), { id, properties: clean, reasons, stack: "" });
    }
    if (error instanceof PortalError)
        return Object.assign(new Error(messageOf(error)), { name: error.code, stack: "" });
    return error;
}
