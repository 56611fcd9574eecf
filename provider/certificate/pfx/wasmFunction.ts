// Encodes one WebAssembly function of unsigned arithmetic. The encoder supports only locals, constants, memory and one
// loop, because the hash functions of shaRounds.ts need no more. https://webassembly.github.io/spec/core/binary/

type Bytes = readonly number[];

/** Instructions for words of 32 or 64 bits. All of them except `store` leave one value on the stack. */
export interface Words {
    readonly bits: 32 | 64;
    readonly bytes: 4 | 8;
    readonly type: number;
    readonly constant: (value: bigint) => Bytes;
    readonly add: (...terms: readonly Bytes[]) => Bytes;
    readonly and: (a: Bytes, b: Bytes) => Bytes;
    readonly xor: (...terms: readonly Bytes[]) => Bytes;
    /** Rotates right. */
    readonly rotate: (value: Bytes, by: number) => Bytes;
    /** Shifts right. */
    readonly shift: (value: Bytes, by: number) => Bytes;
    /** Loads the memory word at an index. */
    readonly load: (index: number) => Bytes;
    readonly store: (index: number, value: Bytes) => Bytes;
}

const [I32, I64] = [0x7f, 0x7e];

export const words32 = wordsOf({ type: I32, const: 0x41, add: 0x6a, and: 0x71, xor: 0x73, shr: 0x76, rotr: 0x78 }, 32);
export const words64 = wordsOf({ type: I64, const: 0x42, add: 0x7c, and: 0x83, xor: 0x85, shr: 0x88, rotr: 0x8a }, 64);

type Opcodes = Readonly<Record<"type" | "const" | "add" | "and" | "xor" | "shr" | "rotr", number>>;

function wordsOf(code: Opcodes, bits: 32 | 64): Words {
    const bytes = bits === 32 ? 4 : 8;
    const [load, store, align] = bits === 32 ? [0x28, 0x36, 2] : [0x29, 0x37, 3];
    const constant = (value: bigint) => [code.const, ...signed(BigInt.asIntN(bits, value))];
    const fold = (operator: number, terms: readonly Bytes[]) =>
        terms.flatMap((term, index) => (index === 0 ? [...term] : [...term, operator]));
    return {
        bits,
        bytes,
        type: code.type,
        constant,
        add: (...terms) => fold(code.add, terms),
        and: (...terms) => fold(code.and, terms),
        xor: (...terms) => fold(code.xor, terms),
        rotate: (value, by) => [...value, ...constant(BigInt(by)), code.rotr],
        shift: (value, by) => [...value, ...constant(BigInt(by)), code.shr],
        load: (index) => [0x41, 0, load, align, ...unsigned(index * bytes)],
        store: (index, value) => [0x41, 0, ...value, store, align, ...unsigned(index * bytes)],
    };
}

export const get = (local: number): Bytes => [0x20, ...unsigned(local)];
export const set = (local: number, value: Bytes): Bytes => [...value, 0x21, ...unsigned(local)];

/** Local 0 counts the remaining rounds of the loop. The function's own locals begin with 1. */
const TIMES = 0;

/** Repeats the body as often as the function's parameter says. The parameter must be at least 1. */
export function loop(body: Bytes): Bytes {
    const countDown = [...get(TIMES), 0x41, 1, 0x6b, 0x22, TIMES];
    return [0x03, 0x40, ...body, ...countDown, 0x0d, 0, 0x0b];
}

/** The type definitions of Node.js lack WebAssembly. */
declare const WebAssembly: {
    readonly Module: new (bytes: Uint8Array) => object;
    readonly Instance: new (module: object) => {
        readonly exports: { readonly memory: { readonly buffer: ArrayBuffer }; readonly run: (times: number) => void };
    };
};

export interface WasmFunction {
    readonly memory: Buffer;
    /** `times`: at least 1. */
    readonly run: (times: number) => void;
}

/**
 * Compiles a module with one function `run(times)` and one page of memory. `locals`: the number of local variables
 * besides the parameter.
 */
export function compile({ type }: Words, locals: number, body: Bytes): WasmFunction {
    const code = [1, ...unsigned(locals), type, ...body, 0x0b];
    const name = (text: string) => [text.length, ...Buffer.from(text)];
    const sections: [id: number, content: Bytes][] = [
        [1, [1, 0x60, 1, I32, 0]],
        [3, [1, 0]],
        [5, [1, 0, 1]],
        [7, [2, ...name("memory"), 2, 0, ...name("run"), 0, 0]],
        [10, [1, ...unsigned(code.length), ...code]],
    ];
    const header = [0, ...Buffer.from("asm"), 1, 0, 0, 0];
    const bytes = [...header, ...sections.flatMap(([id, content]) => [id, ...unsigned(content.length), ...content])];
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes)));
    return { memory: Buffer.from(exports.memory.buffer), run: exports.run };
}

/** Encodes an integer as LEB128. */
function unsigned(value: number): number[] {
    return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: bigint): number[] {
    const low = Number(value & 0x7fn);
    const isLast = value >= -64n && value < 64n;
    return isLast ? [low] : [low | 0x80, ...signed(value >> 7n)];
}
