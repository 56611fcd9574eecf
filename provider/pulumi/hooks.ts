// Defines the hooks of a resource as Pulumi's dynamic-provider protocol calls them, and wraps each of them.
import { GIVEN, rootOf, valueAt, type GivenInputs } from "../inputs/givenInputs";
import type { PreviewFacts } from "../inputs/previewFacts";
import { isUnknownName } from "../inputs/unknownNames";
import type { InputFailure, RawInputs } from "../inputs/rawInputs";
import { plain } from "../plainText";
import { PortalError, type PortalErrorCode } from "../portalError";
import { noteSecret, secretNames, withoutSecretTexts } from "../secretTexts";
import { engineAddress } from "./engineWatch";
import { HalfDone, messageOf } from "./halfDone";
import { entraReminder } from "./refreshReminder";

/**
 * The hooks of one resource, in the order in which the engine calls them. `Inputs` is what `check` completes, `State`
 * is what the engine stores. Error messages are for the user; see `withoutStack`.
 */
export interface Hooks<Inputs extends object, State extends object> {
    /**
     * Completes the inputs and refuses bad ones. It accepts values that a preview does not know yet. `ignored`: the
     * inputs that the option `ignoreChanges` lists. The engine passes their values of the last refresh. `preview`: set
     * in the preview of a Node.js program.
     */
    check(
        olds: RawInputs,
        news: RawInputs,
        ignored?: readonly string[],
        preview?: PreviewFacts,
    ): Promise<{ inputs: Inputs | RawInputs; failures: InputFailure[] }>;
    /**
     * Runs in a preview, after a check that refused nothing: warns about conditions in Entra that may disturb the
     * deployment. It never refuses.
     */
    readonly preview?: (olds: RawInputs, inputs: Inputs, facts: PreviewFacts) => Promise<void>;
    /**
     * Returns only the inputs whose change replaces the resource. The engine itself compares the inputs and names those
     * that differ.
     */
    diff(id: string, olds: State, news: RawInputs): Promise<{ replaces?: string[]; deleteBeforeReplace?: boolean }>;
    create(inputs: Inputs): Promise<{ id: string; outs: State }>;
    /** Returns each input with its live value. */
    read(id: string, state: State): Promise<{ id: string; props?: State; inputs?: Inputs }>;
    update(id: string, olds: State, news: Inputs): Promise<{ outs: State }>;
    delete(id: string, state: State): Promise<void>;
    /** Whether `read` reads Entra. */
    readonly readsEntra?: boolean;
    /** For `pulumi import` and lists of what can be imported. Without these hooks, the resource cannot be imported. */
    readonly list?: (settings: ExistingObject["settings"]) => Promise<ListedObject[]>;
    readonly readExisting?: (object: ExistingObject) => Promise<{ id: string; props: State; inputs: Inputs }>;
}

/** An object that can be imported. */
export interface ListedObject {
    readonly id: string;
    readonly name: string;
}

/** An object that is in no state. */
export interface ExistingObject {
    readonly id: string;
    readonly identity: string;
    /** Settings of the provider. */
    readonly settings: Readonly<Partial<Record<"tenantId" | "credentials" | "region", string>>>;
}

/** Inputs or outputs as the protocol transports them. */
type Properties = Record<string, unknown>;

/** The object that `__provider` returns. */
export function hostedProvider<Inputs extends object, State extends object>(typed: Hooks<Inputs, State>) {
    // The engine sends back what check and the other hooks returned, so this one cast is safe.
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
 * Output with the names of secret inputs. Only `check` gets them from the program, and a refresh runs in another
 * process.
 */
const SECRET = "__secret";

/** Output with the address of the engine whose refresh read the resource. It differs from deployment to deployment. */
const READ_BY = "__readBy";
const READ_NOW = engineAddress === undefined ? {} : { [READ_BY]: engineAddress };

/**
 * Returns outputs or live inputs as state keeps them. The reason in a status "not readable" may contain a secret
 * address, so it is hidden.
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
    // This hook runs only if the resource itself is a target. The program cannot know that, so the resource is refused
    // here.
    if (leftOut.length > 0)
        return { inputs: own(news), failures: [{ property: "", reason: `${leftOut.join(", ")}: ${LEFT_OUT}` }] };
    for (const path of secret) noteSecret(valueAt(news, path));
    const inputs = { ...own(news), ...Object.fromEntries(extra.map((name) => [name, name])) };
    const { failures, ...answer } = await hooks.check(own(olds), inputs, ignored.map(rootOf), preview);
    const isSecret = ({ property }: InputFailure) => secret.some((path) => rootOf(path) === rootOf(property));
    if (preview && failures.length === 0) await hooks.preview?.(own(olds), answer.inputs, preview);
    const shown = failures.map((failure) => (isSecret(failure) ? withoutValues(failure) : failure));
    return { ...answer, failures: shown.map((failure) => printable(failure, news)) };
}

/** The engine passes such an input as if the program did not give it. */
const LEFT_OUT =
    "has no value yet, because it comes from a resource that is not deployed and that --target leaves out; name that resource in another --target, or deploy without --target";

/** A reason may show a part of a secret value, such as the host of an address. */
function withoutValues({ property, reason }: InputFailure): InputFailure {
    return { property, reason: reason.replace(/"[^"]*"/g, '"[secret]"') };
}

/**
 * Whether the engine may print a value: a name, a word, an id or an address, but no password before `@` and no JSON
 * text.
 */
const PLAIN = /^[\p{L}\p{N} _.,:/()+*[\]-]{0,256}$/u;

/**
 * The engine prints the whole value of the property that a failure names. The value may be a certificate, a password in
 * an address, or a command for the pipeline. For a nested property the engine prints `{<nil>}`. In these cases only the
 * reason names the property.
 */
function printable(failure: InputFailure, news: Properties): InputFailure {
    const { property } = failure;
    const reason = plain(withoutSecretTexts(failure.reason));
    const value = news[property];
    const isNested = /[.[]/.test(property);
    const isPlain = typeof value !== "string" || (PLAIN.test(value) && plain(withoutSecretTexts(value)) === value);
    const hides = isNested || typeof value === "object" || !isPlain || isUnknownName(failure);
    return hides && property !== "" ? { property: "", reason: plain(`${property}: ${reason}`) } : { property, reason };
}

/** The resource that reported a fault of the environment, by the fault's message. */
const reporters = new Map<string, string>();

/**
 * A wrong secret or a refusing proxy makes the refresh of every resource fail. Only the first resource reports it,
 * which fails the command. The others keep their state as it is, so that a thousand portals do not repeat the message.
 */
function isReportedBy(error: unknown, id: string): boolean {
    if (!(error instanceof PortalError) || !ENVIRONMENT.includes(error.code)) return true;
    const reporter = reporters.get(error.message) ?? id;
    reporters.set(error.message, reporter);
    return reporter === id;
}

const ENVIRONMENT: readonly PortalErrorCode[] = ["ERR_CREDENTIALS", "ERR_ENVIRONMENT"];

/** Removes the protocol's own properties, such as `__provider`. */
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
        // The SDK adds `__provider` only to the outputs of a success. Without it, the engine could not load a later
        // hook.
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
