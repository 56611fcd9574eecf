// Makes the engine's messages from the results and errors of the hooks.
import { Metadata, status, type ServiceError } from "@grpc/grpc-js";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { CheckFailure, DiffResponse, ErrorResourceInitFailed, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";

import { rootOf } from "../provider/inputs/givenInputs";
import type { InputFailure } from "../provider/inputs/rawInputs";
import type { ChangeKind } from "./detailedDiff";
import { encode, type Properties } from "./values";

export function failuresOf(failures: readonly InputFailure[]): CheckFailure[] {
    return failures.map(({ property, reason }) => new CheckFailure().setProperty(property).setReason(reason));
}

const { Kind } = PropertyDiff;
const KINDS: Readonly<Record<ChangeKind, PropertyDiff.Kind>> = {
    add: Kind.ADD,
    delete: Kind.DELETE,
    update: Kind.UPDATE,
};
const REPLACING: Readonly<Record<ChangeKind, PropertyDiff.Kind>> = {
    add: Kind.ADD_REPLACE,
    delete: Kind.DELETE_REPLACE,
    update: Kind.UPDATE_REPLACE,
};

/** `replaces`: names of inputs. */
export function diffOf(changes: ReadonlyMap<string, ChangeKind>, replaces: readonly string[] = []): DiffResponse {
    const response = new DiffResponse().setHasdetaileddiff(true).setReplacesList([...replaces]);
    for (const [path, kind] of changes) {
        const kinds = replaces.includes(rootOf(path)) ? REPLACING : KINDS;
        response.getDetaileddiffMap().set(path, new PropertyDiff().setKind(kinds[kind]).setInputdiff(true));
    }
    const { DIFF_SOME, DIFF_NONE } = DiffResponse.DiffChanges;
    return response
        .setDiffsList([...new Set([...changes.keys()].map(rootOf))])
        .setChanges(changes.size + replaces.length > 0 ? DIFF_SOME : DIFF_NONE);
}

/** What a hook throws if the object exists although the hook failed. */
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
    const object = new ErrorResourceInitFailed()
        .setId(failure.id)
        .setProperties(encode(failure.properties, secret))
        .setReasonsList([...failure.reasons]);
    const any = new Any();
    any.pack(object.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const answer = new Status().setCode(status.UNKNOWN).setMessage(details);
    answer.addDetails(any);
    const metadata = new Metadata();
    // gRPC's own name for structured details of an error.
    metadata.add("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
    return { code: status.UNKNOWN, details, metadata };
}

function isHalfDone(error: Error): error is HalfDone {
    return "id" in error && "properties" in error && "reasons" in error;
}
