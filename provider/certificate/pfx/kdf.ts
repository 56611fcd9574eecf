// Implements the key derivation of PKCS#12 (RFC 7292, appendix B), because Node.js does not provide it.
import { hash } from "node:crypto";

import { hashRepeatedly, type Digest } from "./hashRounds";

export interface KdfParameters {
    readonly digest: Digest;
    /** `undefined`: no password at all. An empty password is a different value. */
    readonly password: string | undefined;
    readonly salt: Buffer;
    readonly rounds: number;
    /** The use of the derived bytes. 1: key, 2: initialization vector, 3: MAC key. */
    readonly purpose: 1 | 2 | 3;
    readonly length: number;
}

export function pkcs12Kdf({ digest, password, salt, rounds, purpose, length }: KdfParameters): Buffer {
    const blockSize = digest === "sha384" || digest === "sha512" ? 128 : 64;
    const diversifier = Buffer.alloc(blockSize, purpose);
    let input = Buffer.concat([fill(salt, blockSize), fill(passwordBytes(password), blockSize)]);
    const output: Buffer[] = [];
    for (let size = 0; size < length;) {
        const first = hash(digest, Buffer.concat([diversifier, input]), "buffer");
        const block = hashRepeatedly(digest, first, rounds - 1);
        output.push(block);
        size += block.length;
        input = addToBlocks(input, fillTo(block, blockSize), blockSize);
    }
    return Buffer.concat(output).subarray(0, length);
}

/** Encodes in big-endian UTF-16, with two zero bytes at the end. */
function passwordBytes(password: string | undefined): Buffer {
    return password === undefined ? Buffer.alloc(0) : Buffer.from(`${password}\0`, "utf16le").swap16();
}

/** Repeats the bytes up to a multiple of the block size. An empty input stays empty. */
function fill(bytes: Buffer, blockSize: number): Buffer {
    return bytes.length === 0 ? bytes : fillTo(bytes, Math.ceil(bytes.length / blockSize) * blockSize);
}

function fillTo(bytes: Buffer, length: number): Buffer {
    return Buffer.alloc(length, bytes);
}

/** Returns the input with each block replaced by (block + addend + 1) modulo 2^(8 * blockSize). */
function addToBlocks(input: Buffer, addend: Buffer, blockSize: number): Buffer<ArrayBuffer> {
    const sum = Buffer.from(input);
    for (let block = 0; block < sum.length; block += blockSize) {
        let carry = 1;
        for (let index = blockSize - 1; index >= 0; index--) {
            carry += (sum[block + index] ?? 0) + (addend[index] ?? 0);
            sum[block + index] = carry & 0xff;
            carry >>= 8;
        }
    }
    return sum;
}
