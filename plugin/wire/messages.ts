// Defines the messages of Pulumi's provider protocol, with only the fields that the plugin uses. The field numbers come
// from provider.proto, engine.proto and plugin.proto in pulumi/proto/pulumi. A test compares the numbers with those of
// the SDK.
import { bytes, flag, integer, list, Message, nested, properties, text, texts } from "./message";

export const EMPTY = new Message<object>({});

/** The engine sends this message both for a resource and for the settings of a provider. */
export const CHECK_REQUEST = new Message({ urn: text(1), olds: properties(2), news: properties(3), type: text(7) });
export const CHECK_FAILURE = new Message({ property: text(1), reason: text(2) });
export const CHECK_RESPONSE = new Message({ inputs: properties(1), failures: list(2, CHECK_FAILURE) });

/** `olds` are the outputs in state, and `oldInputs` are the inputs in state. */
export const DIFF_REQUEST = new Message({
    id: text(1),
    urn: text(2),
    olds: properties(3),
    news: properties(4),
    ignoreChanges: texts(5),
    oldInputs: properties(6),
    type: text(8),
});
export const CHANGE = { unknown: 0, none: 1, some: 2 } as const;
export const KIND = { add: 0, addReplace: 1, delete: 2, deleteReplace: 3, update: 4, updateReplace: 5 } as const;
export const PROPERTY_DIFF = new Message({ kind: integer(1), inputDiff: flag(2) });
/** Protocol buffers encode each entry of a map as a separate message. */
export const DETAILED_DIFF = new Message({ key: text(1), value: nested(2, PROPERTY_DIFF) });
export const DIFF_RESPONSE = new Message({
    replaces: texts(1),
    deleteBeforeReplace: flag(3),
    changes: integer(4),
    diffs: texts(5),
    detailedDiff: list(6, DETAILED_DIFF),
    hasDetailedDiff: flag(7),
});

export const CONFIGURE_REQUEST = new Message({ args: properties(2) });
export const CONFIGURE_RESPONSE = new Message({ acceptSecrets: flag(1), supportsPreview: flag(2) });

export const CREATE_REQUEST = new Message({ urn: text(1), properties: properties(2), preview: flag(4), type: text(6) });
export const CREATE_RESPONSE = new Message({ id: text(1), properties: properties(2) });

export const READ_REQUEST = new Message({
    id: text(1),
    urn: text(2),
    properties: properties(3),
    inputs: properties(4),
    type: text(6),
});
export const READ_RESPONSE = new Message({ id: text(1), properties: properties(2), inputs: properties(3) });

export const UPDATE_REQUEST = new Message({
    id: text(1),
    urn: text(2),
    olds: properties(3),
    news: properties(4),
    ignoreChanges: texts(6),
    preview: flag(7),
    oldInputs: properties(8),
    type: text(10),
});
export const UPDATE_RESPONSE = new Message({ properties: properties(1) });

export const DELETE_REQUEST = new Message({ id: text(1), urn: text(2), properties: properties(3), type: text(7) });

export const LIST_REQUEST = new Message({ token: text(1), limit: integer(3) });
export const LIST_RESULT = new Message({ id: text(1), name: text(2) });
export const LIST_RESPONSE = new Message({ result: nested(2, LIST_RESULT) });

export const GET_SCHEMA_RESPONSE = new Message({ schema: text(1) });
export const PLUGIN_INFO = new Message({ version: text(1) });
export const PLUGIN_ATTACH = new Message({ address: text(1) });

/** The details of an error if the object exists although its create or update failed. */
export const INIT_FAILED = new Message({ id: text(1), properties: properties(2), reasons: texts(3) });
/** These two messages are google.protobuf.Any and google.rpc.Status. */
export const ANY = new Message({ typeUrl: text(1), value: bytes(2) });
export const STATUS = new Message({ code: integer(1), message: text(2), details: list(3, ANY) });

export const SEVERITY = { info: 1, warning: 2 } as const;
export const LOG_REQUEST = new Message({ severity: integer(1), message: text(2) });

/** The type of the plain object that `decode` of a message returns. */
export type Received<Of> = Of extends Message<infer Values> ? Values : never;
