// Checks that the chain of a PFX file contains exactly the issuers of its certificate, whatever else the file contains.
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { portalCertificateHooks as hooks } from "../../../provider/certificate/hooks";
import type { CertificateInputs } from "../../../provider/certificate/inputs";
import { readPfx } from "../../../provider/certificate/pfx/readPfx";
import * as build from "./corpus/builder";
import { issued, newKey, pkcs8Of } from "./corpus/issued";

const [key, other, rootKey, issuingKey] = [newKey(2048), newKey(), newKey(), newKey()] as const;
const root = { subject: "root", key: rootKey };
const issuing = { subject: "issuing", key: issuingKey };
const rootPem = issued({ ...root, ca: true });
const issuingPem = issued({ ...issuing, issuer: root, ca: true });
const leaf = issued({ subject: "portal", key, issuer: issuing });

function pfxOf(pems: readonly string[]): Buffer {
    const bags = pems.map((pem) => build.certificateBag(pem));
    const keyBag = build.bag(build.OID.keyBag, build.parse(pkcs8Of({ ...key })));
    return build.pfx([build.dataSafe(...bags, keyBag)], build.macSha1("x", { rounds: 1 }));
}

const fingerprint = (pem: string) => new X509Certificate(pem).fingerprint256;

/** Checks that the file has this chain if the certificates are in this order, and if they are in the reverse order. */
function expectChain(pems: readonly string[], chain: readonly string[]): void {
    for (const order of [pems, [...pems].reverse()]) {
        const identity = readPfx(pfxOf(order), "x", new Date());
        expect(identity.chain.map(fingerprint)).toEqual(chain.map(fingerprint));
    }
}

test("the issuer comes first, and the root last", () =>
    expectChain([rootPem, leaf, issuingPem], [issuingPem, rootPem]));

test("a self-signed certificate has no issuer, even if the file contains an older one with its name and key", () => {
    const old = issued({ subject: "portal", key, fromDays: -400, toDays: -10 });
    const now = issued({ subject: "portal", key });
    expectChain([old, now], []);
});

test("a self-signed certificate has no issuer, even if the file contains an authority with its name and key", () => {
    const authority = issued({ subject: "portal", key, ca: true });
    const now = issued({ subject: "portal", key });
    expectChain([authority, now], []);
});

test("if an authority renewed its certificate with the same key, the chain contains only the valid one", () => {
    const expired = issued({ ...root, ca: true, fromDays: -900, toDays: -5 });
    expectChain([expired, rootPem, issuingPem, leaf], [issuingPem, rootPem]);
});

test("if an issuing authority renewed its certificate, the chain contains one of the two", () => {
    const renewed = issued({ ...issuing, issuer: root, ca: true, toDays: 900 });
    expectChain([issuingPem, renewed, rootPem, leaf], [renewed, rootPem]);
});

test("an authority of the same name with another key is not an issuer", () => {
    const namesake = issued({ subject: "issuing", key: other, ca: true });
    expectChain([namesake, leaf, issuingPem], [issuingPem]);
    expectChain([namesake, leaf], []);
});

test("two authorities that signed each other are each in the chain once", () => {
    const crossed = issued({ ...root, issuer: issuing, ca: true });
    expectChain([crossed, issuingPem, leaf], [issuingPem, crossed]);
});

test("a certificate with the authority's name and key that may not issue comes after the authority's certificate", () => {
    const server = issued({ ...issuing, issuer: root, toDays: 900 });
    expectChain([server, issuingPem, rootPem, leaf], [issuingPem, rootPem]);
});

test("the PFX for VB365 contains the certificate and these issuers", async () => {
    const old = issued({ ...root, ca: true, fromDays: -900, toDays: -5 });
    const stranger = issued({ subject: "stranger", key: other, ca: true });
    const base64 = pfxOf([old, rootPem, stranger, issuingPem, leaf]).toString("base64");
    const { inputs } = await hooks.check({}, { source: { pfx: { base64, password: "x" } }, exportPfx: true });
    const { outs } = await hooks.create(inputs as CertificateInputs);
    const folder = mkdtempSync(join(tmpdir(), "issuers-"));
    writeFileSync(join(folder, "out.pfx"), Buffer.from(outs.pfx ?? "", "base64"));
    const args = ["pkcs12", "-in", join(folder, "out.pfx"), "-passin", "env:OUT", "-nokeys"];
    const env = { ...process.env, OUT: outs.pfxPassword };
    const text = execFileSync("openssl", args, { encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe"] });
    rmSync(folder, { recursive: true });
    const held = text.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? [];
    expect(held.map(fingerprint)).toEqual([leaf, issuingPem, rootPem].map(fingerprint));
});
