// Defines the hooks of a resource, and adapts them to Pulumi's dynamic-provider protocol.
import { GIVEN, rootOf, valueAt, type GivenInputs } from "../inputs/givenInputs";
import type { PreviewFacts } from "../inputs/previewFacts";
import { untypedUnknowns, type InputFailure, type RawInputs } from "../inputs/rawInputs";
import { PortalError, type PortalErrorCode } from "../portalError";
import { noteSecret, secretNames, withoutSecretTexts } from "../secretTexts";
import { engineAddress } from "./engineWatch";
import { HalfDone, messageOf } from "./halfDone";
import { printable } from "./printable";
import { entraReminder } from "./refreshReminder";

/**
 * The hooks of one resource. `Inputs`: the inputs that `check` has completed. `State`: the outputs that the engine
 * stores.
 */
export interface Hooks<Inputs extends object, State extends object> {
    /**
     * Completes the inputs and refuses wrong ones. Accepts values that a preview does not know yet. `ignored`: the
     * inputs in the option `ignoreChanges`. For these inputs, the engine passes the values in state, such as the live
     * values of a refresh. `preview`: set in the preview of a Node.js program.
     */
    check(
        olds: RawInputs,
        news: RawInputs,
        ignored?: readonly string[],
        preview?: PreviewFacts,
    ): Promise<{ inputs: Inputs | RawInputs; failures: InputFailure[] }>;
    /**
     * Runs in a preview if `check` refused nothing. Never refuses. Warns about conditions in Entra that may disturb the
     * deployment.
     */
    readonly preview?: (olds: RawInputs, inputs: Inputs, facts: PreviewFacts) => Promise<void>;
    /**
     * `replaces`: only the names of the inputs whose change replaces the resource. The engine itself compares the
     * inputs and names those that differ.
     */
    diff(id: string, olds: State, news: RawInputs): Promise<{ replaces?: string[]; deleteBeforeReplace?: boolean }>;
    create(inputs: Inputs): Promise<{ id: string; outs: State }>;
    /** Returns the outputs, and each input with its live value. If the id is empty, the object no longer exists. */
    read(id: string, state: State): Promise<{ id: string; props?: State; inputs?: Inputs }>;
    update(id: string, olds: State, news: Inputs): Promise<{ outs: State }>;
    delete(id: string, state: State): Promise<void>;
    readonly readsEntra?: boolean;
    /**
     * `list` returns the objects that can be imported. `readExisting` reads the object that `pulumi import` names. A
     * resource without `readExisting` cannot be imported.
     */
    readonly list?: (settings: ExistingObject["settings"]) => Promise<ListedObject[]>;
    readonly readExisting?: (object: ExistingObject) => Promise<{ id: string; props: State; inputs: Inputs }>;
}

/** An object that can be imported. */
export interface ListedObject {
    readonly id: string;
    readonly name: string;
}

/** An object to import. No state contains it yet. */
export interface ExistingObject {
    readonly id: string;
    readonly identity: string;
    /** Settings of the provider. */
    readonly settings: Readonly<Partial<Record<"tenantId" | "credentials" | "region", string>>>;
}

/** Inputs or outputs as the protocol transports them. */
type Properties = Record<string, unknown>;

/** Returns the hooks in the form that Pulumi's dynamic-provider protocol requires. */
export function hostedProvider<Inputs extends object, State extends object>(typed: Hooks<Inputs, State>) {
    // The engine passes to each hook only values that `check` and the other hooks returned, so this one cast is safe.
    const hooks = typed as unknown as Hooks<Properties, Properties>;
    const { readExisting, list, readsEntra, preview } = hooks;
    return {
        check: wrapped((olds: Properties, news: Properties) => checked(hooks, olds, news)),
        diff: wrapped((id: string, olds: Properties, news: Properties) => {
            // If another provider process of this deployment has read the resource, the engine does refresh, and no
            // reminder is needed.
            if (engineAddress !== undefined && olds[READ_BY] === engineAddress) entraReminder.noteRead();
            return hooks.diff(id, own(olds), own(news));
        }),
        create: wrapped(async (inputs: Properties) => {
            const { id, outs } = await hooks.create(own(inputs));
            return { id, outs: kept(outs, secretNames(own(inputs))) };
        }),
        read: wrapped(async (id: string, state: Properties) => {
            const names = (state[SECRET] ?? []) as readonly string[];
            for (const name of names) noteSecret([state[name], (state["desired"] as Properties | undefined)?.[name]]);
            const { props, inputs, ...answer } = await readUnlessReported(hooks, id, own(state));
            return {
                ...answer,
                ...(props && { props: { ...kept(props, names), ...(inputs && readsEntra && READ_NOW) } }),
                ...(inputs && { inputs: kept(inputs) }),
            };
        }),
        update: wrapped(async (id: string, olds: Properties, news: Properties) => {
            const { outs } = await hooks.update(id, own(olds), own(news));
            return { outs: kept(outs, secretNames(own(news))) };
        }),
        delete: wrapped((id: string, state: Properties) => hooks.delete(id, own(state))),
        ...(preview && {
            preview: wrapped((olds: Properties, inputs: Properties, facts: PreviewFacts) =>
                preview(own(olds), own(inputs), facts),
            ),
        }),
        ...(list && { list: wrapped(list) }),
        ...(readExisting && { readExisting: wrapped(readExisting) }),
    };
}

/**
 * Output with the names of the secret inputs. Only `check` learns from the program which inputs are secret. A refresh
 * runs in another process, so it reads the names from the state.
 */
const SECRET = "__secret";

/** Output with the address of the engine whose refresh read the resource. The address differs in each deployment. */
const READ_BY = "__readBy";
const READ_NOW = engineAddress === undefined ? {} : { [READ_BY]: engineAddress };

/**
 * Returns outputs or live inputs as state stores them, with the list of the names of secret inputs. The reason in a
 * status "not readable: ..." may quote a secret, such as a URL, so secrets in this status are hidden.
 */
function kept(values: Properties, secret: readonly string[] = []): Properties {
    const shown = Object.entries(values).map(([name, value]) => {
        const isReason = typeof value === "string" && value.startsWith("not readable: ");
        return [name, isReason ? withoutSecretTexts(value) : value] as const;
    });
    return { ...Object.fromEntries(shown), ...(secret.length > 0 && { [SECRET]: secret }) };
}

async function readUnlessReported(hooks: Hooks<Properties, Properties>, id: string, state: Properties) {
    try {
        return await hooks.read(id, state);
    } catch (error) {
        if (isReportedBy(error, id)) throw error;
        return { id, props: state };
    }
}

async function checked(hooks: Hooks<Properties, Properties>, olds: Properties, news: Properties) {
    const given = (news[GIVEN] ?? {}) as Partial<GivenInputs>;
    const { secret = [], ignored = [], extra = [], leftOut = [], preview } = given;
    // The engine calls `check` only for a target of `--target`. The program does not know the targets, so the resource
    // is refused here.
    if (leftOut.length > 0) return { inputs: own(news), failures: [{ property: "", reason: leftOutReason(leftOut) }] };
    for (const path of secret) noteSecret(valueAt(news, path));
    const known = untypedUnknowns(own(news)) as Properties;
    const inputs = { ...known, ...Object.fromEntries(extra.map((name) => [name, name])) };
    const { failures, ...answer } = await hooks.check(own(olds), inputs, ignored.map(rootOf), preview);
    if (preview && failures.length === 0) await hooks.preview?.(own(olds), answer.inputs, preview);
    return { ...answer, failures: failures.map((failure) => printable(failure, news, secret)) };
}

/**
 * Returns the reason for refusing inputs whose source `--target` left out. The engine passes such inputs as if the
 * program did not set them.
 */
function leftOutReason(paths: readonly string[]): string {
    const start = paths.length === 1 ? "has no value yet, because it comes" : "have no value yet, because each comes";
    return `${paths.join(", ")}: ${start} from a resource that is not deployed and that --target leaves out; name that resource in another --target, or deploy without --target`;
}

/** Key: the message of a fault of the environment. Value: the id of the resource that reported this fault. */
const reporters = new Map<string, string>();

/**
 * A wrong secret or a refusing proxy makes the refresh of every resource fail. Only the first resource reports the
 * fault. The other resources keep their state, so that a thousand portals do not repeat the message.
 */
function isReportedBy(error: unknown, id: string): boolean {
    if (!(error instanceof PortalError) || !ENVIRONMENT.includes(error.code)) return true;
    const reporter = reporters.get(error.message) ?? id;
    reporters.set(error.message, reporter);
    return reporter === id;
}

const ENVIRONMENT: readonly PortalErrorCode[] = ["ERR_CREDENTIALS", "ERR_ENVIRONMENT"];

/** Removes the properties that only the protocol and this file use, such as `__provider`. */
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

/** If a result contains anything but JSON, the engine loses the id of an object that was just created. */
function asJson<T>(value: T): T {
    return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}

/** Shows an expected error as its message alone. Only a bug of this code keeps its stack trace. */
function withoutStack(error: unknown, args: readonly unknown[]): unknown {
    if (error instanceof HalfDone) {
        const { id, properties, reasons, message } = error;
        // The SDK adds `__provider` only to the outputs of a success. Without `__provider`, no later hook could run.
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
