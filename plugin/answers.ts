// Converts the results and errors of the provider's hooks to messages of Pulumi's provider protocol.
import { Metadata, status, type ServiceError } from "@grpc/grpc-js";

import { rootOf } from "../provider/inputs/givenInputs";
import type { ChangeKind } from "./detailedDiff";
import { encode, type Properties } from "./values";
import { CHANGE, INIT_FAILED, KIND, STATUS, type DIFF_RESPONSE, type Received } from "./wire/messages";

type Diff = Omit<Received<typeof DIFF_RESPONSE>, "deleteBeforeReplace">;

/** `replaces`: the names of the inputs whose change replaces the resource. */
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
    // gRPC sends the structured details of an error under this name.
    metadata.add("grpc-status-details-bin", STATUS.encode({ code: status.UNKNOWN, message: details, details: [any] }));
    return { code: status.UNKNOWN, details, metadata };
}

function isHalfDone(error: Error): error is HalfDone {
    return "id" in error && "properties" in error && "reasons" in error;
}
