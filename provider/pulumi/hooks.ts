// The hooks of a resource as Pulumi's dynamic-provider protocol calls them, and the wrapper around each of them.
import type { InputFailure, RawInputs } from "../inputs/rawInputs";
import { plain } from "../plainText";
import { PortalError, type PortalErrorCode } from "../portalError";
import { HalfDone, messageOf } from "./halfDone";

/**
 * The hooks of one resource, in the order in which the engine calls them. `Inputs` is what `check` completes, `State`
 * is what the engine stores. Error messages are for the user; see `withoutStack`.
 */
export interface Hooks<Inputs extends object, State extends object> {
    /** Completes the inputs and refuses bad ones. Values that a preview does not know yet must pass. */
    check(olds: RawInputs, news: RawInputs): Promise<{ inputs: Inputs | RawInputs; failures: InputFailure[] }>;
    /** The engine itself compares the inputs and names those that differ. This only says what a change replaces. */
    diff(id: string, olds: State, news: RawInputs): Promise<{ replaces?: string[]; deleteBeforeReplace?: boolean }>;
    create(inputs: Inputs): Promise<{ id: string; outs: State }>;
    /** Returns each input with its live value. */
    read(id: string, state: State): Promise<{ id: string; props?: State; inputs?: Inputs }>;
    update(id: string, olds: State, news: Inputs): Promise<{ outs: State }>;
    delete(id: string, state: State): Promise<void>;
}

/** Inputs or outputs as the protocol carries them. */
type Properties = Record<string, unknown>;

/** The object that `__provider` returns. */
export function hostedProvider<Inputs extends object, State extends object>(typed: Hooks<Inputs, State>) {
    // The engine sends back what check and the other hooks returned, so this one cast is safe.
    const hooks = typed as unknown as Hooks<Properties, Properties>;
    return {
        check: wrapped(async (olds: Properties, news: Properties) => {
            const { inputs, failures } = await hooks.check(own(olds), own(news));
            return { inputs, failures: failures.map((one) => ({ ...one, reason: plain(one.reason) })) };
        }),
        diff: wrapped((id: string, olds: Properties, news: Properties) => hooks.diff(id, own(olds), own(news))),
        create: wrapped((inputs: Properties) => hooks.create(own(inputs))),
        read: wrapped((id: string, state: Properties) =>
            hooks.read(id, own(state)).catch((error: unknown) => {
                if (isReportedBy(error, id)) throw error;
                return { id, props: own(state) };
            }),
        ),
        update: wrapped((id: string, olds: Properties, news: Properties) => hooks.update(id, own(olds), own(news))),
        delete: wrapped((id: string, state: Properties) => hooks.delete(id, own(state))),
    };
}

/** The resource that reported a fault of the environment, by the message. */
const reporters = new Map<string, string>();

/**
 * A wrong secret or a proxy that refuses stops the refresh of every resource alike. The first one reports it, which
 * fails the command. For the others the engine keeps the state as it is, so that a thousand portals say it once.
 */
function isReportedBy(error: unknown, id: string): boolean {
    if (!(error instanceof PortalError) || !ENVIRONMENT.includes(error.code)) return true;
    const reporter = reporters.get(error.message) ?? id;
    reporters.set(error.message, reporter);
    return reporter === id;
}

const ENVIRONMENT: readonly PortalErrorCode[] = ["ERR_CREDENTIALS", "ERR_ENVIRONMENT"];

/** Without the protocol's own properties, such as `__provider`. */
function own(properties: Properties): Properties {
    return Object.fromEntries(Object.entries(properties).filter(([key]) => !key.startsWith("__")));
}

function wrapped<Arguments extends unknown[], Result>(hook: (...args: Arguments) => Promise<Result>) {
    return async (...args: Arguments): Promise<Result> => {
        try {
            return asJson(await hook(...args));
        } catch (error) {
            throw withoutStack(error, args);
        }
    };
}

/** If a result contains anything but JSON, the engine loses the id of an object that was just made. */
function asJson<T>(value: T): T {
    return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}

/** An expected error is shown as its message alone. Only a fault of this code keeps its stack trace. */
function withoutStack(error: unknown, args: readonly unknown[]): unknown {
    if (error instanceof HalfDone) {
        const { id, properties, reasons, message } = error;
        // The SDK adds `__provider` to the outputs of a success only. Without it no later hook could be loaded.
        const { __provider } = args.at(-1) as Properties;
        return Object.assign(new Error(message), {
            id,
            properties: asJson({ ...properties, __provider }),
            reasons,
            stack: "",
        });
    }
    if (!(error instanceof PortalError)) return error;
    return Object.assign(new Error(messageOf(error)), { name: error.code, stack: "" });
}
