// Converts google.protobuf.Struct, the form in which the engine sends inputs and outputs, from and to plain objects.
import type { Reader, Writer } from "protobufjs/minimal";

export type Properties = Record<string, unknown>;

/** Tags of protocol buffers. Each tag combines the number of a field with the type of its value. */
const ENTRY = 0x0a;
const KEY = 0x0a;
const VALUE = 0x12;
const NULL = 0x08;
const NUMBER = 0x11;
const TEXT = 0x1a;
const BOOLEAN = 0x20;
const OBJECT = 0x2a;
const LIST = 0x32;
const LIST_VALUE = 0x0a;

export function readProperties(reader: Reader, end: number): Properties {
    const entries: (readonly [string, unknown])[] = [];
    while (reader.pos < end) {
        if (reader.uint32() === ENTRY) entries.push(readEntry(reader, reader.uint32() + reader.pos));
        else throw unreadable();
    }
    return Object.fromEntries(entries);
}

function readEntry(reader: Reader, end: number): readonly [string, unknown] {
    let key = "";
    let value: unknown = null;
    while (reader.pos < end) {
        const tag = reader.uint32();
        if (tag === KEY) key = reader.string();
        else if (tag === VALUE) value = readValue(reader, reader.uint32() + reader.pos);
        else throw unreadable();
    }
    return [key, value];
}

function readValue(reader: Reader, end: number): unknown {
    let value: unknown = null;
    while (reader.pos < end) value = readKind(reader, reader.uint32());
    return value;
}

function readKind(reader: Reader, tag: number): unknown {
    switch (tag) {
        case NULL:
            reader.uint32();
            return null;
        case NUMBER:
            return reader.double();
        case TEXT:
            return reader.string();
        case BOOLEAN:
            return reader.bool();
        case OBJECT:
            return readProperties(reader, reader.uint32() + reader.pos);
        case LIST:
            return readList(reader, reader.uint32() + reader.pos);
        default:
            throw unreadable();
    }
}

function readList(reader: Reader, end: number): unknown[] {
    const values: unknown[] = [];
    while (reader.pos < end) {
        if (reader.uint32() !== LIST_VALUE) throw unreadable();
        values.push(readValue(reader, reader.uint32() + reader.pos));
    }
    return values;
}

function unreadable(): Error {
    return new Error(
        "the engine sent a value of a kind that this version of the plugin does not know; install a newer version of the plugin",
    );
}

/** A property whose value is `undefined` is left out. `null` is written. */
export function writeProperties(writer: Writer, properties: Properties): Writer {
    for (const [key, value] of Object.entries(properties)) {
        if (value === undefined) continue;
        const entry = writer.uint32(ENTRY).fork().uint32(KEY).string(key);
        writeValue(entry.uint32(VALUE).fork(), value).ldelim().ldelim();
    }
    return writer;
}

function writeValue(writer: Writer, value: unknown): Writer {
    if (typeof value === "string") return writer.uint32(TEXT).string(value);
    if (typeof value === "number") return writer.uint32(NUMBER).double(value);
    if (typeof value === "boolean") return writer.uint32(BOOLEAN).bool(value);
    if (typeof value !== "object" || value === null) return writer.uint32(NULL).uint32(0);
    if (!Array.isArray(value)) return writeProperties(writer.uint32(OBJECT).fork(), value as Properties).ldelim();
    const list = writer.uint32(LIST).fork();
    for (const one of value) writeValue(list.uint32(LIST_VALUE).fork(), one).ldelim();
    return list.ldelim();
}
