// Converts messages of the provider protocol from and to plain objects, with a table of fields for each message. The
// SDK's own messages make an object for each value, which took a third of the plugin's processor time with 60 portals
// (bench/README.md).
import { Reader, Writer } from "protobufjs/minimal";

import { readProperties, writeProperties, type Properties } from "./struct";

const VARINT = 0;
const LENGTH_DELIMITED = 2;

export interface Field<Value> {
    readonly id: number;
    readonly initial: Value;
    readonly read: (reader: Reader, before: Value) => Value;
    /** Writes nothing for the initial value, as the protocol demands. */
    readonly write: (writer: Writer, value: Value) => void;
}

type Fields<Values> = { readonly [Name in keyof Values]: Field<Values[Name]> };

export class Message<Values extends object> {
    private readonly names = new Map<number, keyof Values>();

    constructor(readonly fields: Fields<Values>) {
        for (const name of this.fieldNames()) this.names.set(fields[name].id, name);
    }

    decode(bytes: Uint8Array): Values {
        return this.read(Reader.create(bytes));
    }

    encode(values: Partial<Values>): Buffer {
        return Buffer.from(this.write(Writer.create(), values).finish());
    }

    read(reader: Reader, end = reader.len): Values {
        const values = Object.fromEntries(this.fieldNames().map((name) => [name, this.fields[name].initial])) as Values;
        while (reader.pos < end) {
            const tag = reader.uint32();
            const name = this.names.get(tag >>> 3);
            // The engine also sends fields that the plugin does not use, and a newer engine may send new ones. The
            // plugin skips all these fields.
            if (name === undefined) reader.skipType(tag & 7);
            else values[name] = this.fields[name].read(reader, values[name]);
        }
        return values;
    }

    write(writer: Writer, values: Partial<Values>): Writer {
        for (const name of this.fieldNames()) {
            const value = values[name];
            if (value !== undefined) this.fields[name].write(writer, value);
        }
        return writer;
    }

    private fieldNames(): (keyof Values)[] {
        return Object.keys(this.fields) as (keyof Values)[];
    }
}

/** Writes the tag of a field whose length follows. */
export function begin(writer: Writer, id: number): Writer {
    return writer.uint32((id << 3) | LENGTH_DELIMITED);
}

export function text(id: number): Field<string> {
    return {
        id,
        initial: "",
        read: (reader) => reader.string(),
        write: (writer, value) => {
            if (value !== "") begin(writer, id).string(value);
        },
    };
}

export function texts(id: number): Field<readonly string[]> {
    return {
        id,
        initial: [],
        read: (reader, before) => [...before, reader.string()],
        write: (writer, values) => {
            for (const value of values) begin(writer, id).string(value);
        },
    };
}

export function flag(id: number): Field<boolean> {
    return {
        id,
        initial: false,
        read: (reader) => reader.bool(),
        write: (writer, value) => {
            if (value) writer.uint32((id << 3) | VARINT).bool(value);
        },
    };
}

export function integer(id: number): Field<number> {
    return {
        id,
        initial: 0,
        read: (reader) => reader.int32(),
        write: (writer, value) => {
            if (value !== 0) writer.uint32((id << 3) | VARINT).int32(value);
        },
    };
}

export function bytes(id: number): Field<Uint8Array> {
    return {
        id,
        initial: new Uint8Array(),
        read: (reader) => reader.bytes(),
        write: (writer, value) => {
            if (value.length > 0) begin(writer, id).bytes(value);
        },
    };
}

/**
 * Makes a field of inputs or outputs. `undefined`: the message does not contain the field. An empty object is a
 * different value.
 */
export function properties(id: number): Field<Properties | undefined> {
    return {
        id,
        initial: undefined,
        read: (reader) => readProperties(reader, reader.uint32() + reader.pos),
        write: (writer, value) => {
            if (value) writeProperties(begin(writer, id).fork(), value).ldelim();
        },
    };
}

export function nested<Values extends object>(
    id: number,
    message: Message<Values>,
): Field<Partial<Values> | undefined> {
    return {
        id,
        initial: undefined,
        read: (reader) => message.read(reader, reader.uint32() + reader.pos),
        write: (writer, value) => {
            if (value) message.write(begin(writer, id).fork(), value).ldelim();
        },
    };
}

export function list<Values extends object>(id: number, message: Message<Values>): Field<readonly Partial<Values>[]> {
    return {
        id,
        initial: [],
        read: (reader, before) => [...before, message.read(reader, reader.uint32() + reader.pos)],
        write: (writer, values) => {
            for (const value of values) message.write(begin(writer, id).fork(), value).ldelim();
        },
    };
}
