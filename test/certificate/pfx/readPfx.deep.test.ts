// Reads every file of the corpus, and compares the result with the expected result.
import { X509Certificate } from "node:crypto";
import { performance } from "node:perf_hooks";

import { CertificateError } from "../../../provider/certificate/certificateError";
import { readPfx } from "../../../provider/certificate/pfx/readPfx";
import { makeCorpus, type CorpusFile } from "./corpus";
import { makeMaterial } from "./corpus/material";

jest.setTimeout(300_000);

interface Outcome {
    readonly file: CorpusFile;
    readonly result: string;
    readonly text: string;
    readonly chain: readonly string[];
    readonly ms: number;
}

let outcomes: Outcome[];
beforeAll(() => {
    const material = makeMaterial();
    try {
        outcomes = makeCorpus(material).map(read);
    } finally {
        material.remove();
    }
});

function read(file: CorpusFile): Outcome {
    const since = performance.now();
    const time = () => performance.now() - since;
    try {
        const { certificate, notes, chain } = readPfx(file.bytes, file.password, new Date());
        return { file, result: certificate.thumbprint, text: notes.join("\n"), chain, ms: time() };
    } catch (error) {
        if (!(error instanceof CertificateError)) throw error;
        return { file, result: error.fault, text: error.message, chain: [], ms: time() };
    }
}

test("the corpus has files of each tool, and at least 80 in all", () => {
    const count = (tool: string) => outcomes.filter(({ file }) => file.name.startsWith(`${tool}: `)).length;
    for (const tool of ["openssl", "keytool", "nss", "gnutls", "pyca"]) expect(count(tool)).toBeGreaterThanOrEqual(10);
    expect(outcomes.length).toBeGreaterThanOrEqual(80);
    expect(new Set(outcomes.map(({ file }) => file.name)).size).toBe(outcomes.length);
});

test("each file gives the expected thumbprint or refusal, and the expected warning", () => {
    const differing = outcomes.filter(({ file, result, text }) => {
        const { expected, message, note } = file;
        return result !== expected || message?.test(text) === false || note?.test(text) === false;
    });
    expect(differing.map(({ file: { name, expected }, result, text }) => ({ name, expected, result, text }))).toEqual(
        [],
    );
});

test("the issuers are in order, and the issuer of the certificate comes first", () => {
    const chains = outcomes.filter(({ file }) => file.chain !== undefined);
    expect(chains.length).toBeGreaterThanOrEqual(6);
    const thumbprint = (pem: string) => new X509Certificate(pem).fingerprint.replaceAll(":", "");
    expect(chains.map(({ file, chain }) => ({ name: file.name, chain: chain.map(thumbprint) }))).toEqual(
        chains.map(({ file }) => ({ name: file.name, chain: file.chain })),
    );
});

test("a file over a limit is refused in well under a second", () => {
    const hostile = outcomes.filter(({ result }) => result === "overLimit");
    expect(hostile.length).toBeGreaterThanOrEqual(15);
    expect(hostile.filter(({ ms }) => ms > 500).map(({ file, ms }) => ({ name: file.name, ms }))).toEqual([]);
});

test("no message contains a password", () => {
    const telling = outcomes.filter(({ file, text }) => file.password && text.includes(file.password));
    expect(telling.map(({ file }) => file.name)).toEqual([]);
});
