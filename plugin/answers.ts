// Makes the engine's messages from the results and errors of the hooks.
import { Metadata, status, type ServiceError } from "@grpc/grpc-js";

import { rootOf } from "../provider/inputs/givenInputs";
import type { ChangeKind } from "./detailedDiff";
import { encode, type Properties } from "./values";
import { CHANGE, INIT_FAILED, KIND, STATUS, type DIFF_RESPONSE, type Received } from "./wire/messages";

type Diff = Omit<Received<typeof DIFF_RESPONSE>, "deleteBeforeReplace">;

/** `replaces`: names of inputs. */
export function diffOf(changes: ReadonlyMap<string, ChangeKind>, replaces: readonly string[] = []): Diff {
    const detailedDiff = [...changes].map(([key, kind]) => {
        const replacing = `${kind}Replace` as const;
        return { key, value: { kind: KIND[replaces.includes(rootOf(key)) ? replacing : kind], inputDiff: true } };
    });
    return {
        replaces,
        changes: changes.size + replaces.length > 0 ? CHANGE.some : CHANGE.none,
        diffs: [...new Set([...changes.keys()].map(rootOf))],
        detailedDiff,
        hasDetailedDiff: true,
    };
}

/** The error of a hook that failed after it had created or changed the object. */
interface HalfDone extends Error {
    readonly id: string;
    readonly properties: Properties;
    readonly reasons: readonly string[];
}

/** `secret`: paths of secret outputs. */
export function errorOf(error: unknown, secret: readonly string[] = []): Partial<ServiceError> {
    const failure = error instanceof Error ? error : new Error(String(error));
    const details = failure.message;
    if (!isHalfDone(failure)) return { code: status.UNKNOWN, details };
    const { id, properties, reasons } = failure;
    const value = INIT_FAILED.encode({ id, properties: encode(properties, secret), reasons });
    const any = { typeUrl: "type.googleapis.com/pulumirpc.ErrorResourceInitFailed", value };
    const metadata = new Metadata();
    // gRPC's own name for structured details of an error.
    metadata.add("grpc-status-details-bin", STATUS.encode({ code: status.UNKNOWN, message: details, details: [any] }));
    return { code: status.UNKNOWN, details, metadata };
}

function isHalfDone(error: Error): error is HalfDone {
    return "id" in error && "properties" in error && "reasons" in error;
}
