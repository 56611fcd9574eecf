// Reads the output of `pulumi preview --json`, in both of its forms. Pure.
//
// With PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1 the command prints one engine event per line. The refresh event of a
// resource contains its live values, even if nothing differs, and even if the preview fails later. Without this
// variable, the command prints one document. Its refresh steps contain the values from before the refresh, and a
// resource that stays the same has no other step.

import { hasShape, listOf, number, object, optional, text as aText } from "../../provider/shape";
import { withDesired, withSecretTexts } from "./masked";

type Values = Readonly<Record<string, unknown>>;

export interface ResourceValues {
    readonly inputs: Values;
    readonly outputs: Values;
}

export type Operation = "none" | "create" | "update" | "replace" | "delete";

export interface PreviewedResource {
    readonly urn: string;
    readonly type: string;
    /** The values before the refresh. `undefined`: no deployment has made the resource. */
    readonly before?: ResourceValues;
    /** The values after the refresh. `undefined`: the resource does not exist, or could not be read. */
    readonly live?: ResourceValues;
    /** The inputs of the program. `undefined`: the program lacks the resource, or the preview failed too early. */
    readonly declared?: Values;
    /** The planned operation. `undefined`: the preview failed too early. */
    readonly operation?: Operation;
    /** Inputs that the engine reports as changed. For secret inputs, only this list shows a change. */
    readonly changed?: readonly string[];
    /** Inputs that have changed in Entra since the last deployment. Only the refresh events contain them. */
    readonly drifted?: readonly string[];
}

export interface Preview {
    /** Empty: the preview failed before it named a resource. */
    readonly stack: string;
    readonly resources: readonly PreviewedResource[];
    /** Messages of the provider and the engine, such as warnings. */
    readonly messages: readonly string[];
    readonly errors: readonly string[];
    /** `false`: the preview compared the program only with the state, not with Entra. */
    readonly isRefreshed: boolean;
}

/** If the preview failed, its own error comes before this one. */
const CUT_OFF = "the preview is cut off, because its last event is missing; preview the stack again";

type State = Partial<ResourceValues> | null | undefined;
/** The properties that differ, by their path. */
type Differing = Values | null | undefined;

/** A step in the document that a preview without events prints. */
interface Step {
    readonly op: string;
    readonly urn: string;
    readonly oldState?: State;
    readonly newState?: State;
    readonly detailedDiff?: Differing;
}

/** The part of an event that describes one resource. */
interface Metadata {
    readonly op: string;
    readonly urn: string;
    readonly old?: State;
    readonly new?: State;
    readonly detailedDiff?: Differing;
}

interface Diagnostic {
    readonly message: string;
    readonly severity: string;
}

/** One JSON text: the whole document, or one event. */
interface Printed {
    readonly steps?: readonly Step[] | null;
    readonly diagnostics?: readonly Diagnostic[] | null;
    readonly changeSummary?: unknown;
    readonly sequence?: number;
    readonly resourcePreEvent?: { readonly metadata: Metadata };
    readonly resOutputsEvent?: { readonly metadata: Metadata };
    readonly diagnosticEvent?: Diagnostic;
    readonly summaryEvent?: unknown;
}

const aState = optional(object({ inputs: optional(object({})), outputs: optional(object({})) }));
const step = { op: aText, urn: aText, detailedDiff: optional(object({})) };
const anEvent = optional(object({ metadata: object({ ...step, old: aState, new: aState }) }));
const aDiagnostic = object({ message: aText, severity: aText });

/** Members that the report does not read may have any form. */
const aPrinted = object({
    steps: optional(listOf(object({ ...step, oldState: aState, newState: aState }))),
    diagnostics: optional(listOf(aDiagnostic)),
    sequence: optional(number),
    resourcePreEvent: anEvent,
    resOutputsEvent: anEvent,
    diagnosticEvent: optional(aDiagnostic),
});

/** Collects a preview. Callers pass each line of the streaming form, or the whole document. */
export class PreviewReader {
    private readonly resources = new Map<string, PreviewedResource>();
    private readonly diagnostics: Diagnostic[] = [];
    private isRefreshed = false;
    /** `isStreamed`: an event was read. `hasEnded`: the last event of a preview was read. */
    private isStreamed = false;
    private hasEnded = false;

    /** Returns the progress from 0 to 1. Each resource is first refreshed, and then compared with the program. */
    get progress(): number {
        const all = [...this.resources.values()];
        const done = all.filter(({ live }) => live !== undefined).length;
        const compared = all.filter(({ operation }) => operation !== undefined).length;
        return all.length === 0 ? 0 : (done + compared) / (2 * all.length);
    }

    /** Returns `false` if the text is not a part of a preview. */
    read(text: string): boolean {
        const printed = parsed(text);
        if (printed === undefined) return false;
        if (printed.sequence === undefined) return this.readDocument(printed);
        this.isStreamed = true;
        this.hasEnded ||= printed.summaryEvent !== undefined;
        if (printed.resourcePreEvent) this.readStart(printed.resourcePreEvent.metadata);
        if (printed.resOutputsEvent) this.readEnd(printed.resOutputsEvent.metadata);
        if (printed.diagnosticEvent) this.diagnostics.push(printed.diagnosticEvent);
        return true;
    }

    end(): Preview {
        const texts = (isError: boolean) =>
            this.diagnostics
                .filter(({ severity }) => (severity === "error") === isError)
                .map(({ message }) => message.trim());
        const resources = [...this.resources.values()].map((one) => withDesired(withoutEmpty(one)));
        return {
            stack: resources[0]?.urn.split(":")[2] ?? "",
            resources,
            messages: texts(false),
            errors: this.isStreamed && !this.hasEnded ? [...texts(true), CUT_OFF] : texts(true),
            isRefreshed: this.isRefreshed,
        };
    }

    private readStart({ op, urn, old, new: after, detailedDiff }: Metadata): void {
        if (op === "refresh") {
            this.isRefreshed = true;
            this.change(urn, part("before", old));
        } else if (this.resources.get(urn)?.operation !== "replace") {
            // The engine reports a replacement as several steps, so later steps must not change `replace`.
            const live = this.isRefreshed ? {} : part("live", old);
            this.change(urn, { ...planned(op, after), ...live, changed: namesIn(detailedDiff) });
        }
    }

    private readEnd({ op, urn, old, new: after, detailedDiff }: Metadata): void {
        if (op !== "refresh") return;
        this.change(urn, { ...part("before", old), ...part("live", after), drifted: namesIn(detailedDiff) });
    }

    private readDocument({ steps, diagnostics, changeSummary }: Printed): boolean {
        if (!Array.isArray(steps) && changeSummary === undefined) return false;
        this.diagnostics.push(...(diagnostics ?? []));
        for (const { op, urn, oldState, newState, detailedDiff } of steps ?? []) {
            if (op === "refresh") {
                this.isRefreshed = true;
                this.change(urn, part("before", oldState));
            } else if (this.resources.get(urn)?.operation !== "replace") {
                const live = part("live", op === "create" ? undefined : oldState);
                this.change(urn, { ...planned(op, newState), ...live, changed: namesIn(detailedDiff) });
            }
        }
        const hasFailed = this.diagnostics.some(({ severity }) => severity === "error");
        if (!hasFailed) for (const one of this.resources.values()) this.completeSame(one);
        return true;
    }

    /** A resource that has only a refresh step stays the same, so its live values are those of the last deployment. */
    private completeSame({ urn, before, operation }: PreviewedResource): void {
        if (operation !== undefined || before === undefined) return;
        const inputs = (before.outputs["desired"] ?? before.inputs) as Values;
        this.change(urn, { live: { ...before, inputs }, declared: inputs, operation: "none" });
    }

    private change(urn: string, more: Partial<PreviewedResource>): void {
        const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
        this.resources.set(urn, { ...(this.resources.get(urn) ?? { urn, type }), ...more });
    }
}

/** If the engine reports no input as changed, `drifted` is left out too, because there is nothing to compare. */
function withoutEmpty({ changed = [], drifted, ...resource }: PreviewedResource): PreviewedResource {
    return changed.length === 0 ? resource : { ...resource, changed, ...(drifted && { drifted }) };
}

function parsed(text: string): Printed | undefined {
    try {
        const json = JSON.parse(text) as unknown;
        return hasShape<Printed>(json, aPrinted) ? json : undefined;
    } catch {
        return undefined;
    }
}

/** https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/history.go lists the operations. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
    same: "none",
    create: "create",
    import: "create",
    update: "update",
    replace: "replace",
    "create-replacement": "replace",
    "import-replacement": "replace",
    "delete-replaced": "replace",
    delete: "delete",
};

function planned(op: string, after: State): Partial<PreviewedResource> {
    const operation = OPERATIONS[op];
    if (operation === undefined) return {};
    const declared = operation === "delete" ? undefined : after?.inputs;
    return { operation, ...(declared ? { declared: own(declared) } : {}) };
}

function part(name: "before" | "live", state: State): Partial<PreviewedResource> {
    if (!state) return {};
    return { [name]: { inputs: own(state.inputs ?? {}), outputs: own(state.outputs ?? {}) } };
}

/** Removes the protocol's own properties, such as `__provider`, and masks secret values. */
function own(values: Values): Values {
    const entries = Object.entries(values).filter(([name]) => !name.startsWith("__"));
    return withSecretTexts(Object.fromEntries(entries)) as Values;
}

/** Returns the names of the inputs in paths such as `owners[0]`. */
function namesIn(differing: Differing): string[] {
    return [...new Set(Object.keys(differing ?? {}).map((path) => path.split(/[.[]/)[0] ?? path))];
}
