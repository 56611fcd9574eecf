// Describes the JSON texts that `pulumi preview --json` prints: events, or one document. Pure.
import { flag, hasShape, listOf, number, object, optional, text as aText } from "../../provider/shape";

export type Values = Readonly<Record<string, unknown>>;

/** The state of a resource before or after an operation. Other members are not read. */
export type State =
    | {
          readonly urn?: string | null;
          readonly inputs?: Values | null;
          readonly outputs?: Values | null;
          /** Whether Pulumi has replaced the resource and still has to delete it. */
          readonly delete?: boolean | null;
          readonly retainOnDelete?: boolean | null;
      }
    | null
    | undefined;
/** The properties that differ, by their path. */
export type Differing = Values | null | undefined;

/** A step in the document that a preview without events prints. */
export interface Step {
    readonly op: string;
    readonly urn: string;
    readonly oldState?: State;
    readonly newState?: State;
    readonly detailedDiff?: Differing;
}

/** The part of an event that describes one resource. */
export interface Metadata {
    readonly op: string;
    readonly urn: string;
    readonly old?: State;
    readonly new?: State;
    readonly detailedDiff?: Differing;
}

export interface Diagnostic {
    readonly message: string;
    readonly severity: string;
}

/** One JSON text: the whole document, or one event. */
export interface Printed {
    readonly steps?: readonly Step[] | null;
    readonly diagnostics?: readonly Diagnostic[] | null;
    readonly changeSummary?: Values | null;
    readonly sequence?: number;
    readonly resourcePreEvent?: { readonly metadata: Metadata };
    readonly resOutputsEvent?: { readonly metadata: Metadata };
    readonly diagnosticEvent?: Diagnostic;
    readonly summaryEvent?: unknown;
}

const aState = optional(
    object({
        urn: optional(aText),
        inputs: optional(object({})),
        outputs: optional(object({})),
        delete: optional(flag),
        retainOnDelete: optional(flag),
    }),
);
const step = { op: aText, urn: aText, detailedDiff: optional(object({})) };
const anEvent = optional(object({ metadata: object({ ...step, old: aState, new: aState }) }));
const aDiagnostic = object({ message: aText, severity: aText });

/** Members that the report does not read may have any form. */
const aPrinted = object({
    steps: optional(listOf(object({ ...step, oldState: aState, newState: aState }))),
    diagnostics: optional(listOf(aDiagnostic)),
    changeSummary: optional(object({})),
    sequence: optional(number),
    resourcePreEvent: anEvent,
    resOutputsEvent: anEvent,
    diagnosticEvent: optional(aDiagnostic),
});

/** Returns `undefined` if the text is not JSON, or has another form than `Printed`. */
export function parsed(text: string): Printed | undefined {
    try {
        const json = JSON.parse(text) as unknown;
        return hasShape<Printed>(json, aPrinted) ? json : undefined;
    } catch {
        return undefined;
    }
}
