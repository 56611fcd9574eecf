// Reads the output of `pulumi preview --json`, in both of its forms. Pure.
//
// With PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1 the command prints one engine event per line. The refresh event of a
// resource contains its live values, even if nothing differs, and even if the preview fails later. Without this
// variable, the command prints one document. Its refresh steps contain the values from before the refresh. The live
// values are in the old state of a resource's next step. A resource without a next step stays the same.

import { withDesired, withSecretTexts } from "./masked";
import {
    parsed,
    type Diagnostic,
    type Differing,
    type Metadata,
    type Printed,
    type State,
    type Step,
    type Values,
} from "./printedPreview";

export interface ResourceValues {
    readonly inputs: Values;
    readonly outputs: Values;
}

export type Operation = "none" | "create" | "update" | "replace" | "delete";

export interface PreviewedResource {
    readonly urn: string;
    readonly type: string;
    /** The values before the refresh. `undefined`: the resource was not refreshed, for example because it is new. */
    readonly before?: ResourceValues;
    /**
     * The values after the refresh. If the preview did not refresh: the values in state. `undefined`: the resource does
     * not exist, or was not read.
     */
    readonly live?: ResourceValues;
    /** The inputs of the program. `undefined`: the program lacks the resource, or the preview failed too early. */
    readonly declared?: Values;
    /** The planned operation. `undefined`: the preview failed too early. */
    readonly operation?: Operation;
    /** Whether the planned deletion or replacement removes the resource only from the state. */
    readonly isRetained?: true;
    /** Inputs that the engine reports as changed. For secret inputs, only this list shows a change. */
    readonly changed?: readonly string[];
    /** Inputs whose live value has changed since the last deployment. Only the refresh events contain them. */
    readonly drifted?: readonly string[];
}

export interface Preview {
    /** Empty: the preview failed before it named a resource. */
    readonly stack: string;
    readonly resources: readonly PreviewedResource[];
    /** Messages of the provider and the engine, such as warnings. */
    readonly messages: readonly string[];
    readonly errors: readonly string[];
    /**
     * `false`: the preview compared the program only with the state, not with Entra. For a new stack always `true`,
     * because it has nothing to read.
     */
    readonly isRefreshed: boolean;
}

/** If the preview failed, its own error comes before this one. */
const CUT_OFF = "the preview is cut off (its last event is missing); preview the stack again";
const DAMAGED = "a line of the preview is damaged; preview the stack again";
const SEVERAL = "the file contains several previews; save each preview in its own file";

/** Collects a preview. Callers pass each line of the streaming form, or the whole document. */
export class PreviewReader {
    private readonly resources = new Map<string, PreviewedResource>();
    private readonly diagnostics: Diagnostic[] = [];
    private isRefreshed = false;
    /** Whether the state of the stack has resources. */
    private hasState = false;
    /** `isStreamed`: an event was read. `hasEnded`: the last event of a preview was read. */
    private isStreamed = false;
    private hasEnded = false;
    private sequence = -1;
    private isDamaged = false;
    private readonly problems = new Set<string>();

    /** Returns the progress from 0 to 1. Each resource is first refreshed, and then compared with the program. */
    get progress(): number {
        const all = [...this.resources.values()];
        const done = all.filter(({ live }) => live !== undefined).length;
        const compared = all.filter(({ operation }) => operation !== undefined).length;
        return all.length === 0 ? 0 : (done + compared) / (2 * all.length);
    }

    /** Works like `read`. A line that begins like an event, but cannot be read, makes the preview incomplete. */
    readLine(line: string): boolean {
        const isRead = this.read(line);
        if (!isRead && line.startsWith('{"sequence":')) this.isDamaged = true;
        return isRead;
    }

    /** Returns `false` if the text is not a part of a preview. */
    read(text: string): boolean {
        const printed = parsed(text);
        if (printed === undefined) return false;
        const { sequence, resourcePreEvent, resOutputsEvent, diagnosticEvent, summaryEvent } = printed;
        if (sequence === undefined) return this.readDocument(printed);
        // Within one preview, the numbers of the events only grow.
        if (sequence <= this.sequence) this.problems.add(SEVERAL);
        this.sequence = sequence;
        this.isStreamed = true;
        this.hasEnded ||= summaryEvent !== undefined;
        if (resourcePreEvent) this.readStart(resourcePreEvent.metadata);
        if (resOutputsEvent) this.readEnd(resOutputsEvent.metadata);
        if (diagnosticEvent) this.diagnostics.push(diagnosticEvent);
        return true;
    }

    end(): Preview {
        const texts = (isError: boolean) =>
            this.diagnostics
                .filter(({ severity }) => (severity === "error") === isError)
                .map(({ message }) => message.trim());
        const resources = [...this.resources.values()].map((one) => withDesired(withoutEmpty(one)));
        if (this.isStreamed && this.isDamaged) this.problems.add(DAMAGED);
        if (this.isStreamed && !this.hasEnded) this.problems.add(CUT_OFF);
        return {
            stack: resources[0]?.urn.split(":")[2] ?? "",
            resources,
            messages: texts(false),
            errors: [...texts(true), ...this.problems],
            isRefreshed: this.isRefreshed || !this.hasState,
        };
    }

    private readStart({ op, urn, old, new: after, detailedDiff }: Metadata): void {
        this.readStep({ op, urn, oldState: old, newState: after, detailedDiff });
    }

    private readEnd({ op, urn, old, new: after, detailedDiff }: Metadata): void {
        if (op !== "refresh" || isLeftover(op, old)) return;
        this.change(urn, { ...part("before", old), ...part("live", after), drifted: namesIn(detailedDiff) });
    }

    private readStep({ op, urn, oldState, newState, detailedDiff }: Step): void {
        this.hasState ||= Boolean(oldState);
        if (isLeftover(op, oldState)) return;
        if (op === "refresh") {
            this.isRefreshed = true;
            this.change(urn, part("before", oldState));
            return;
        }
        if (oldState?.urn) this.rename(oldState.urn, urn);
        // `readEnd` reads the live values of a streamed refresh. In a document, they are in the old state of this step.
        const live = this.isStreamed && this.isRefreshed ? {} : part("live", op === "create" ? undefined : oldState);
        const changed = detailedDiff ? { changed: namesIn(detailedDiff) } : {};
        // A replacement has several steps. Only some of them contain the program's inputs, so all steps are merged.
        const isReplaced = this.resources.get(urn)?.operation === "replace";
        const operation = isReplaced ? ({ operation: "replace" } as const) : {};
        this.change(urn, { ...planned(op, newState), ...live, ...changed, ...retained(op, oldState), ...operation });
    }

    /** With an alias, a resource can change its URN. The refresh still uses the earlier URN. */
    private rename(from: string, to: string): void {
        const resource = this.resources.get(from);
        if (from === to || resource === undefined || resource.operation !== undefined) return;
        this.resources.delete(from);
        this.change(to, { ...resource, urn: to, type: typeOf(to) });
    }

    private readDocument({ steps, diagnostics, changeSummary }: Printed): boolean {
        if (!Array.isArray(steps) && !changeSummary) return false;
        if (this.resources.size > 0) this.problems.add(SEVERAL);
        this.diagnostics.push(...(diagnostics ?? []));
        for (const one of steps ?? []) this.readStep(one);
        this.hasState ||= Object.keys(changeSummary ?? {}).some((op) => op !== "create");
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
        this.resources.set(urn, { ...(this.resources.get(urn) ?? { urn, type: typeOf(urn) }), ...more });
    }
}

function typeOf(urn: string): string {
    return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** Whether the step is about a resource that an earlier deployment replaced. The new resource has the same URN. */
function isLeftover(op: string, old: State): boolean {
    return old?.delete === true && ["refresh", "delete", "delete-replaced"].includes(op);
}

function retained(op: string, old: State): Partial<PreviewedResource> {
    const isDeletion = operationOf(op) === "delete" || operationOf(op) === "replace";
    return isDeletion && old?.retainOnDelete === true ? { isRetained: true } : {};
}

/** If the engine reports no input as changed, `drifted` is left out too, because it only explains changed inputs. */
function withoutEmpty({ changed = [], drifted, ...resource }: PreviewedResource): PreviewedResource {
    return changed.length === 0 ? resource : { ...resource, changed, ...(drifted && { drifted }) };
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

function operationOf(op: string): Operation | undefined {
    return Object.hasOwn(OPERATIONS, op) ? OPERATIONS[op] : undefined;
}

function planned(op: string, after: State): Partial<PreviewedResource> {
    const operation = operationOf(op);
    if (operation === undefined) return {};
    const declared = operation === "delete" ? undefined : after?.inputs;
    return { operation, ...(declared ? { declared: own(declared) } : {}) };
}

function part(name: "before" | "live", state: State): Partial<PreviewedResource> {
    if (!state) return {};
    return { [name]: { inputs: own(state.inputs ?? {}), outputs: own(state.outputs ?? {}) } };
}

/** Removes Pulumi's own properties, such as `__provider`, and masks secret values. */
function own(values: Values): Values {
    const entries = Object.entries(values).filter(([name]) => !name.startsWith("__"));
    return withSecretTexts(Object.fromEntries(entries)) as Values;
}

/** Returns the names of the inputs in paths such as `owners[0]`. */
function namesIn(differing: Differing): string[] {
    return [...new Set(Object.keys(differing ?? {}).map((path) => path.split(/[.[]/)[0] ?? path))];
}
