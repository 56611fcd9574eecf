// The hooks of a resource as Pulumi's dynamic-provider protocol calls them, and what wraps each of them.
import type { InputFailure, RawInputs } from "../inputs/rawInputs";
import { PortalError } from "../portalError";
import { HalfDone, messageOf } from "./halfDone";

type Json = Record<string, unknown>;

/**
 * The hooks of one resource, in the order in which the engine calls them. `Inputs` are what `check` completed, `State` are
 * the outputs that the engine keeps.
 */
export interface Hooks<Inputs extends object, State extends object> {
    check(olds: RawInputs, news: RawInputs): Promise<{ inputs: Inputs | RawInputs; failures: InputFailure[] }>;
    /** `news` may hold unknown values in a preview. */
    diff(id: string, olds: State, news: RawInputs): Promise<{ replaces?: string[]; deleteBeforeReplace?: boolean }>;
    create(inputs: Inputs): Promise<{ id: string; outs: State }>;
    read(id: string, state: State): Promise<{ id: string; props?: State; inputs?: Inputs }>;
    update(id: string, olds: State, news: Inputs): Promise<{ outs: State }>;
    delete(id: string, state: State): Promise<void>;
}

/** The object that `__provider` returns: hooks whose results are plain JSON and whose errors are sentences. */
export function hostedProvider<Inputs extends object, State extends object>(typed: Hooks<Inputs, State>) {
    // The engine sends what `check` and the hooks returned before, so this is the one place that trusts it.
    const hooks = typed as unknown as Hooks<Json, Json>;
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
