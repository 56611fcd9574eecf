// Fuzzes PFX and PEM files as a program gives them: to PortalCertificate as a file or as base64 text, with a password,
// and to RestorePortalApp as `certificatePem`.
import { createHmac, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { portalCertificateHooks } from "../../../../provider/certificate/hooks";
import { issueCertificate } from "../../../../provider/certificate/issue";
import { pkcs12Kdf } from "../../../../provider/certificate/pfx/kdf";
import { randomPfxPassword, writePfx } from "../../../../provider/certificate/pfx/writePfx";
import { parseCertificate } from "../../../../provider/inputs/certificate";
import { PortalError } from "../../../../provider/portalError";
import type { Random } from "../../../walk/random";
import type { Boundary } from "../boundary";
import { mutateText } from "../mutations";

interface FileMutation {
    /** The input by which the program gives the content. */
    readonly as: "file" | "base64" | "certificatePem";
    /** The bytes of the file as latin1 text. For `base64`: the text that the program gives. */
    readonly content: string;
    readonly password: string | undefined;
}

const PASSWORD = randomPfxPassword();
const secrets: string[] = [PASSWORD];
/** The PFX files before a mutation. */
const pfxs: Buffer[] = [];
const pems: string[] = [];
let folder: string;

async function start(): Promise<void> {
    folder = mkdtempSync(join(tmpdir(), "fuzz-pfx-"));
    const now = new Date("2026-06-01T00:00:00Z");
    const { certificatePem, privateKey } = await issueCertificate({ name: "fuzz", keySize: 2048, validDays: 90, now });
    const contents = { certificatePem, privateKey, friendlyName: "fuzz", password: PASSWORD };
    pfxs.push(
        writePfx({ ...contents, encryption: "tripleDES-SHA1" }),
        writePfx({ ...contents, encryption: "AES256-SHA256" }),
    );
    const keyPem = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const publicPem = publicKey.export({ type: "spki", format: "pem" }) as string;
    const encoded = pfxs[0]?.toString("base64").replace(/.{64}/g, "$&\r\n") ?? "";
    pems.push(
        certificatePem,
        keyPem,
        keyPem + certificatePem,
        publicPem,
        `-----BEGIN CERTIFICATE-----\r\n${encoded}\r\n-----END CERTIFICATE-----\r\n`,
        encoded,
    );
    secrets.push(...keyPem.split("\n").filter((line) => line.length === 64));
}

const PASSWORDS = [
    (): string => PASSWORD,
    (): string => `${PASSWORD}\r\n`,
    (): string => `\ufeff"${PASSWORD}"`,
    (random: Random): string => mutateText(random, PASSWORD),
    (): undefined => undefined,
    (): string => "",
];

function mutate(random: Random): FileMutation {
    const isPem = random.chance(0.35);
    const bytes = isPem
        ? Buffer.from(textOf(random, mutateText(random, random.of(pems))))
        : random.chance(0.05)
          ? random.of(pfxs)
          : times(random, random.of(pfxs), mutateBytes);
    const file = !isPem && random.chance(0.5) ? resealed(bytes) : bytes;
    const as = isPem
        ? random.of(["file", "base64", "certificatePem"] as const)
        : random.of(["file", "base64"] as const);
    const content = as === "base64" && random.chance(0.9) ? file.toString("base64") : file.toString("latin1");
    return {
        as,
        content: as === "base64" && random.chance(0.1) ? mutateText(random, content) : content,
        password: random.chance(0.5) ? PASSWORD : random.of(PASSWORDS)(random),
    };
}

/** Encodes some of the texts in UTF-16 or base64, as some tools do. */
function textOf(random: Random, text: string): string {
    if (random.chance(0.1)) return Buffer.from(text, "utf16le").toString("latin1");
    return random.chance(0.1) ? Buffer.from(text).toString("base64") : text;
}

function times<T>(random: Random, value: T, change: (random: Random, value: T) => T): T {
    let result = value;
    for (let count = 1 + random.number(3); count > 0; count--) result = change(random, result);
    return result;
}

function mutateBytes(random: Random, bytes: Buffer): Buffer {
    const at = random.number(bytes.length + 1);
    const copy = Buffer.from(bytes);
    switch (random.number(8)) {
        case 0:
            return bytes.subarray(0, at);
        case 1:
            return bytes.subarray(at);
        case 2:
            return Buffer.concat([bytes.subarray(0, at), bytes.subarray(random.number(bytes.length + 1))]);
        case 3:
            return withRounds(random, copy);
        case 4:
            copy.subarray(at, at + random.number(16)).fill(random.number(256));
            return copy;
        default:
            if (at < copy.length) copy[at] = random.of([0, 1, 3, 0x7f, 0x80, 0xff, 0x30, 0xa0, random.number(256)]);
            return copy;
    }
}

/** Changes the number of hash rounds. `writePfx` uses 2000 rounds, and `020207d0` is 2000 as a DER INTEGER. */
function withRounds(random: Random, copy: Buffer): Buffer {
    const at = copy.indexOf("020207d0", random.number(copy.length + 1), "hex");
    if (at >= 0) copy.writeUInt16BE(random.of([0, 1, 0x7fff, random.number(0x8000)]), at + 2);
    return copy;
}

/**
 * Makes the integrity check valid again if it uses SHA-1 and the mutated file still has its structure. Only somebody
 * with the password can compute this check.
 */
function resealed(bytes: Buffer): Buffer {
    const marks = {
        content: bytes.indexOf("2a864886f70d010701a0", 0, "hex"),
        mac: bytes.lastIndexOf("2b0e03021a", undefined, "hex"),
    };
    if (marks.content < 0 || marks.mac < 0 || bytes.length < marks.mac + 55) return bytes;
    const start = bytes.indexOf(Buffer.from("0482", "hex"), marks.content);
    if (start < 0 || start + 4 > bytes.length) return bytes;
    const content = bytes.subarray(start + 4, start + 4 + bytes.readUInt16BE(start + 2));
    const copy = Buffer.from(bytes);
    const [digestAt, saltAt] = [marks.mac + 9, marks.mac + 31];
    const salt = copy.subarray(saltAt, saltAt + 20);
    const key = pkcs12Kdf({ digest: "sha1", password: PASSWORD, salt, rounds: 2000, purpose: 3, length: 20 });
    createHmac("sha1", key).update(content).digest().copy(copy, digestAt);
    return copy;
}

/** Also accepts a CertificateError. It is a PortalError with its own `name`, so the default would reject it. */
const isExpected = (error: Error) => error instanceof PortalError;

async function run({ as, content, password }: FileMutation): Promise<void> {
    const bytes = Buffer.from(content, "latin1");
    if (as === "certificatePem") {
        parseCertificate(bytes.toString("utf8"));
        return;
    }
    const file = join(folder, "given.pfx");
    if (as === "file") writeFileSync(file, bytes);
    const pfx = {
        ...(as === "file" ? { file } : { base64: content }),
        ...(password === undefined ? {} : { password }),
    };
    const { inputs, failures } = await portalCertificateHooks.check({}, { source: { pfx }, exportPfx: true });
    // The reasons of a refusal are judged like the message of an error.
    if (failures.length > 0) {
        throw new PortalError("ERR_CERTIFICATE_INVALID", failures.map(({ reason }) => reason).join("\n"));
    }
    await portalCertificateHooks.create(inputs as never);
}

export const boundary: Boundary<FileMutation> = { secrets, budgetMs: 0, start, mutate, run, isExpected };
