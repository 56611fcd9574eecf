// Builds SHA-1 and SHA-2 (FIPS 180-4) as WebAssembly. Each function hashes a digest repeatedly. A digest and its
// padding fit into one block, so each round hashes exactly one block.
import { compile, get, loop, set, words32, words64, type WasmFunction, type Words } from "./wasmFunction";

/** The properties in which the hash functions differ. */
interface HashFunction {
    readonly words: Words;
    readonly start: readonly bigint[];
    /** The number of words in a digest. */
    readonly length: number;
    readonly steps: (words: Words) => number[];
}

// Local 0 is the parameter of the compiled function. So the other locals begin with 1.
const block = (step: number) => 1 + (step & 15);
const state = (index: number) => 17 + index;
const LOCALS = 24;

export type Sha = keyof typeof FUNCTIONS;

/**
 * The returned `run` reads a digest from the beginning of `memory`, and writes the new digest there. The bytes of each
 * word are in little-endian order.
 */
export function compileRounds(name: Sha): WasmFunction & { readonly wordBytes: 4 | 8 } {
    const { words, start, length, steps } = FUNCTIONS[name](constants());
    const startOf = (index: number) => words.constant(start[index] ?? 0n);
    const padding = (index: number) =>
        index === length ? 1n << BigInt(words.bits - 1) : index === 15 ? BigInt(length * words.bits) : 0n;
    const body = [
        ...each(length, (index) => set(block(index), words.load(index))),
        ...loop([
            ...each(16 - length, (index) => set(block(length + index), words.constant(padding(length + index)))),
            ...each(start.length, (index) => set(state(index), startOf(index))),
            ...steps(words),
            ...each(length, (index) => set(block(index), words.add(get(state(index)), startOf(index)))),
        ]),
        ...each(length, (index) => words.store(index, get(block(index)))),
    ];
    return { ...compile(words, LOCALS, body), wordBytes: words.bytes };
}

function each(count: number, make: (index: number) => readonly number[]): number[] {
    return Array.from({ length: count }, (_, index) => make(index)).flat();
}

function sha1Steps({ add, and, xor, rotate, constant }: Words): number[] {
    const left = (local: number, by: number) => rotate(get(local), 32 - by);
    const code: number[] = [];
    let names = [0, 1, 2, 3, 4].map(state);
    for (let step = 0; step < 80; step++) {
        const [a, b, c, d, e] = names as [number, number, number, number, number];
        const [B, C, D] = [get(b), get(c), get(d)];
        const choice = xor(D, and(B, xor(C, D)));
        const majority = xor(and(B, C), and(D, xor(B, C)));
        const mixed = [choice, xor(B, C, D), majority, xor(B, C, D)][Math.floor(step / 20)] ?? [];
        const factor = [0x5a827999n, 0x6ed9eba1n, 0x8f1bbcdcn, 0xca62c1d6n][Math.floor(step / 20)] ?? 0n;
        if (step >= 16) {
            const before = [3, 8, 14, 16].map((back) => get(block(step - back)));
            code.push(...set(block(step), rotate(xor(...before), 31)));
        }
        code.push(...set(e, add(get(e), left(a, 5), mixed, constant(factor), get(block(step)))));
        code.push(...set(b, left(b, 30)));
        names = [e, a, b, c, d];
    }
    return code;
}

/** The bit counts of the rotations in a variant of SHA-2. The third count of `small0` and of `small1` is a shift. */
interface Amounts {
    readonly big0: readonly number[];
    readonly big1: readonly number[];
    readonly small0: readonly [number, number, number];
    readonly small1: readonly [number, number, number];
}

function sha2Steps({ big0, big1, small0, small1 }: Amounts, factors: readonly bigint[]) {
    return ({ add, and, xor, rotate, shift, constant }: Words): number[] => {
        const big = (local: number, by: readonly number[]) => xor(...by.map((one) => rotate(get(local), one)));
        const small = (local: number, [one, two, three]: readonly [number, number, number]) =>
            xor(rotate(get(local), one), rotate(get(local), two), shift(get(local), three));
        const code: number[] = [];
        let names = [0, 1, 2, 3, 4, 5, 6, 7].map(state);
        for (const [step, factor] of factors.entries()) {
            const [a, b, c, d, e, f, g, h] = names as [number, number, number, number, number, number, number, number];
            const word = (back: number) => block(step - back);
            if (step >= 16) {
                const sum = add(get(word(16)), small(word(15), small0), get(word(7)), small(word(2), small1));
                code.push(...set(word(0), sum));
            }
            const choice = xor(get(g), and(get(e), xor(get(f), get(g))));
            const majority = xor(and(get(a), get(b)), and(get(c), xor(get(a), get(b))));
            code.push(...set(h, add(get(h), big(e, big1), choice, constant(factor), get(word(0)))));
            code.push(...set(d, add(get(d), get(h))));
            code.push(...set(h, add(get(h), big(a, big0), majority)));
            names = [h, a, b, c, d, e, f, g];
        }
        return code;
    };
}

/**
 * Returns the first 64 bits of the fraction of a root of a prime. The constants of SHA-2 are these bits, or half of
 * them.
 */
function fractionOfRoot(prime: number, degree: bigint): bigint {
    const scaled = BigInt(prime) << (64n * degree);
    let root = 0n;
    for (let bit = 1n << 68n; bit > 0n; bit >>= 1n) if ((root | bit) ** degree <= scaled) root |= bit;
    return BigInt.asUintN(64, root);
}

const high = (value: bigint) => value >> 32n;
const low = (value: bigint) => BigInt.asUintN(32, value);

/**
 * Calculates the constants only when a hash function is compiled. Many files need so few rounds that nothing is
 * compiled (hashRounds.ts).
 */
function constants(): { factors: bigint[]; roots: bigint[]; laterRoots: bigint[] } {
    const divisors = (number: number) => Array.from({ length: number - 2 }, (_, index) => index + 2);
    const isPrime = (number: number) => divisors(number).every((one) => number % one !== 0);
    const primes = Array.from({ length: 408 }, (_, index) => index + 2).filter(isPrime);
    const roots = primes.slice(0, 16).map((prime) => fractionOfRoot(prime, 2n));
    const factors = primes.map((prime) => fractionOfRoot(prime, 3n));
    return { factors, roots: roots.slice(0, 8), laterRoots: roots.slice(8) };
}

const AMOUNTS_32 = { big0: [2, 13, 22], big1: [6, 11, 25], small0: [7, 18, 3], small1: [17, 19, 10] } as const;
const AMOUNTS_64 = { big0: [28, 34, 39], big1: [14, 18, 41], small0: [1, 8, 7], small1: [19, 61, 6] } as const;

const sha2On32 = (start: readonly bigint[], length: number, factors: readonly bigint[]): HashFunction => ({
    words: words32,
    start,
    length,
    steps: sha2Steps(AMOUNTS_32, factors.slice(0, 64).map(high)),
});
const sha2On64 = (start: readonly bigint[], length: number, factors: readonly bigint[]): HashFunction => ({
    words: words64,
    start,
    length,
    steps: sha2Steps(AMOUNTS_64, factors),
});

const SHA1: HashFunction = {
    words: words32,
    start: [0x67452301n, 0xefcdab89n, 0x98badcfen, 0x10325476n, 0xc3d2e1f0n],
    length: 5,
    steps: sha1Steps,
};

const FUNCTIONS = {
    sha1: () => SHA1,
    sha224: ({ laterRoots, factors }) => sha2On32(laterRoots.map(low), 7, factors),
    sha256: ({ roots, factors }) => sha2On32(roots.map(high), 8, factors),
    sha384: ({ laterRoots, factors }) => sha2On64(laterRoots, 6, factors),
    sha512: ({ roots, factors }) => sha2On64(roots, 8, factors),
} satisfies Readonly<Record<string, (known: ReturnType<typeof constants>) => HashFunction>>;
