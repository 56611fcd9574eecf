// Checks the integrity of a PFX file with the HMAC of PKCS#12 or with PBMAC1 (RFC 9579). If the check passes, the
// password is right too.
import { createHmac } from "node:crypto";

import { child, children, damaged, integerOf, octetsOf, oidOf, type Node } from "./der";
import { derivationOf, HMACS, keyBytesIn, unsupported } from "./ciphers";
import { assertDerivation, type Budget } from "./limits";
import type { Password } from "./password";
import { pkcs12Kdf, type KdfParameters } from "./kdf";

export interface PfxMac {
    /** The number of hash rounds for one check of a password. */
    readonly cost: number;
    /** `false`: the password is wrong, or the file is damaged. */
    passes(content: Buffer, password: Password, budget: Budget): boolean;
}

const PBMAC1 = "1.2.840.113549.1.5.14";
const DIGESTS: Readonly<Record<string, readonly [KdfParameters["digest"], bytes: number]>> = {
    "1.2.840.113549.2.5": ["md5", 16],
    "1.3.14.3.2.26": ["sha1", 20],
    "2.16.840.1.101.3.4.2.4": ["sha224", 28],
    "2.16.840.1.101.3.4.2.1": ["sha256", 32],
    "2.16.840.1.101.3.4.2.2": ["sha384", 48],
    "2.16.840.1.101.3.4.2.3": ["sha512", 64],
};

/**
 * One round of MD5 takes as long as this many rounds of the other hash functions, because hashRounds.ts compiles no
 * code for MD5. Compiled code is not needed, because files that use MD5 are old and have few rounds.
 */
const MD5_COST = 10;

export function macOf(macData: Node): PfxMac {
    const [digestInfo, saltNode, roundsNode] = children(macData);
    const algorithm = child(digestInfo, 0);
    const expected = octetsOf(child(digestInfo, 1));
    const oid = oidOf(child(algorithm, 0));
    if (oid === PBMAC1) return pbmac1(child(algorithm, 1), expected);
    const digest = DIGESTS[oid];
    if (!digest) throw unsupported("the integrity check", oid);
    const [name, length] = digest;
    // The standard's default is one round. Java and other tools omit the number of rounds if it is one.
    const derivation = { salt: octetsOf(saltNode), rounds: roundsNode === undefined ? 1 : integerOf(roundsNode) };
    assertDerivation(derivation);
    const cost = derivation.rounds * (name === "md5" ? MD5_COST : 1);
    return checked("text", cost, name, expected, (password: string | undefined) =>
        pkcs12Kdf({ ...derivation, digest: name, password, purpose: 3, length }),
    );
}

function pbmac1(parameters: Node, expected: Buffer): PfxMac {
    const schemeOid = oidOf(child(child(parameters, 1), 0));
    const scheme = HMACS[schemeOid];
    if (!scheme) throw unsupported("the integrity check", schemeOid);
    const derivation = child(parameters, 0);
    // A file that uses PBMAC1 must contain the length of the key, which may differ from the length of the digest.
    const keyBytes = keyBytesIn(derivation);
    if (keyBytes < 1 || keyBytes > 64) throw damaged();
    const { cost, derive } = derivationOf(derivation, keyBytes);
    return checked("raw", cost, scheme.digest, expected, derive);
}

function checked(
    takes: "text" | "raw",
    cost: number,
    digest: string,
    expected: Buffer,
    derive: (form: never) => Buffer,
): PfxMac {
    return {
        cost,
        passes: (content, password, budget) => {
            const isRight = (form: never) => createHmac(digest, derive(form)).update(content).digest().equals(expected);
            return password.open(takes, cost, budget, (form) => isRight(form) || undefined) === true;
        },
    };
}
