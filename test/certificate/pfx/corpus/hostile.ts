// Makes PFX files that would cost far more time or memory than any ordinary file, and files with impossible numbers.
// The reader must refuse each of them before the costly work.
import { readFileSync } from "node:fs";

import * as build from "./builder";
import type { CorpusFile } from "./entry";
import type { Material } from "./material";

const PASSWORD = "hostile";

export function hostileFiles({ self }: Material): CorpusFile[] {
    const certificate = build.certificateBag(readFileSync(self.certificate, "utf8"));
    const pkcs8 = build.pemBody(readFileSync(self.key, "utf8"));
    const mac = build.macSha1(PASSWORD);
    const key = (encrypt: build.Encrypt) => build.shroudedKeyBag(pkcs8, encrypt);
    const withKey = (encrypt: build.Encrypt, check: build.Mac | undefined = mac) =>
        build.pfx([build.dataSafe(certificate, key(encrypt))], check);
    const million = build.pbes2(PASSWORD, { rounds: 999_999 });
    const manySafes = (count: number, encrypt: build.Encrypt) =>
        build.pfx(
            Array.from({ length: count }, () => build.encryptedSafe([certificate], encrypt)),
            mac,
        );
    const inner = build.encryptedSafe(
        [certificate, key(build.pbes2(PASSWORD, { rounds: 100_000_000 }))],
        build.tripleDes(PASSWORD),
    );
    const rounds = /rounds of key derivation; at most 1,000,000 are accepted/;
    const files: [name: string, bytes: Buffer, message: RegExp][] = [
        [
            "300 KiB",
            Buffer.concat([withKey(build.tripleDes(PASSWORD)), Buffer.alloc(300 * 1024)]),
            /the file is too large \([\d,]+ bytes; at most 262,144 are read\)/,
        ],
        [
            "MAC of 100 million rounds",
            withKey(build.tripleDes(PASSWORD), build.macSha1(PASSWORD, { rounds: 100_000_000 })),
            rounds,
        ],
        [
            "MAC of 2^127 rounds",
            withKey(build.tripleDes(PASSWORD), build.macSha1(PASSWORD, { rounds: 2n ** 127n })),
            /too many rounds of key derivation/,
        ],
        ["key of 100 million rounds", withKey(build.tripleDes(PASSWORD, { rounds: 100_000_000 })), rounds],
        ["PBKDF2 of 100 million rounds", withKey(build.pbes2(PASSWORD, { rounds: 100_000_000 })), rounds],
        [
            "PBKDF2 of 100 million rounds without a MAC",
            build.pfx([build.dataSafe(key(build.pbes2(PASSWORD, { rounds: 100_000_000 })))]),
            rounds,
        ],
        ["100 million rounds within the encrypted part", build.pfx([inner], mac), rounds],
        [
            "six parts of a million rounds",
            manySafes(6, million),
            /rounds of key derivation in total; at most 5,000,000 are accepted/,
        ],
        ["17 safes", manySafes(17, build.tripleDes(PASSWORD, { rounds: 1 })), /17 containers; at most 16 are accepted/],
        [
            "65 bags",
            build.pfx([build.dataSafe(...Array.from({ length: 65 }, () => certificate))], mac),
            /65 entries; at most 64 are accepted/,
        ],
        [
            "salt of 2 KiB",
            withKey(build.tripleDes(PASSWORD, { salt: Buffer.alloc(2048, 1) })),
            /bytes of salt; at most 1,024 are accepted/,
        ],
        [
            "MAC salt of 2 KiB",
            withKey(build.tripleDes(PASSWORD), build.macSha1(PASSWORD, { salt: Buffer.alloc(2048, 1) })),
            /bytes of salt/,
        ],
        [
            "scrypt with 1 GiB",
            withKey(build.pbes2(PASSWORD, { scrypt: { N: 2 ** 20, r: 8, p: 1 } })),
            /memory for scrypt; at most 67,108,864 are accepted/,
        ],
        ["scrypt a thousand times", withKey(build.pbes2(PASSWORD, { scrypt: { N: 16384, r: 8, p: 1000 } })), rounds],
        ["nested 300 deep", nested(300), /deeper than 32/],
        ["nested 20,000 deep", nested(20_000), /deeper than 32/],
        [
            "nested 100 deep within the content",
            build.pfx([build.dataSafe(build.parse(nested(100)))], mac),
            /deeper than 32/,
        ],
    ];
    const broken: [name: string, bytes: Buffer, message: RegExp][] = [
        [
            "no rounds at all",
            withKey(build.tripleDes(PASSWORD, { rounds: 0 })),
            /the password does not protect its keys/,
        ],
        ["a length of 4 GiB", Buffer.from("3084ffffffff020103", "hex"), /damaged/],
        ["a length of 127 bytes", Buffer.concat([Buffer.from("30ff", "hex"), Buffer.alloc(130, 0xff)]), /damaged/],
    ];
    const entry =
        (expected: "overLimit" | "damaged") =>
        ([name, bytes, message]: [string, Buffer, RegExp]) => ({
            name: `hostile: ${name}`,
            bytes,
            password: PASSWORD,
            expected,
            message,
        });
    return [...files.map(entry("overLimit")), ...broken.map(entry("damaged"))];
}

function nested(depth: number): Buffer {
    let bytes = Buffer.from([5, 0]);
    for (let level = 0; level < depth; level++) {
        const size = bytes.length;
        const length =
            size < 128
                ? [size]
                : size < 256
                  ? [0x81, size]
                  : size < 65536
                    ? [0x82, size >> 8, size & 255]
                    : [0x83, size >> 16, (size >> 8) & 255, size & 255];
        bytes = Buffer.concat([Buffer.from([0x30, ...length]), bytes]);
    }
    return bytes;
}
