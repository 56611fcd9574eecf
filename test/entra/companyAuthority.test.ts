// Checks the message if Node.js does not trust the certificate authority of a host. The message must say why, and which
// variable to set.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { X509Certificate } from "node:crypto";

import { newCertificateAuthority } from "../../emulator/certificateAuthority";
import { HooksProcess } from "../support/hooks/hooksProcess";
import { HooksStack } from "../support/hooks/hooksStack";
import { failureOf, HooksTenant } from "../support/hooks/hooksTenant";

jest.setTimeout(60_000);

let world: HooksTenant;
let folder: string;
beforeAll(async () => {
    world = await HooksTenant.start();
    folder = mkdtempSync(join(tmpdir(), "authority-"));
});
afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await world.close();
});

function file(name: string, content: string | Buffer): string {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
}

async function refusal(env: Record<string, string>): Promise<{ message: string; seconds: number }> {
    const hooks = new HooksProcess({ ...world.tenant.env, NODE_EXTRA_CA_CERTS: "", ...env });
    const startedAt = Date.now();
    try {
        const { message } = await failureOf(new HooksStack(hooks).up(world.portal()));
        return { message, seconds: (Date.now() - startedAt) / 1000 };
    } finally {
        await hooks.kill();
    }
}

const ca = () => world.tenant.emulator.caPem;

const rows: [name: string, env: () => Record<string, string>, message: RegExp][] = [
    [
        "if no authority is set",
        () => ({}),
        /Node\.js does not trust the certificate authority .*; set NODE_EXTRA_CA_CERTS to a PEM file with the authority's certificate, or set NODE_OPTIONS=--use-system-ca/,
    ],
    [
        "if only SSL_CERT_FILE is set",
        () => ({ SSL_CERT_FILE: file("ssl.pem", ca()) }),
        /Node\.js does not read SSL_CERT_FILE \(\/.*ssl\.pem\); set NODE_EXTRA_CA_CERTS/,
    ],
    [
        "if the file is DER",
        () => ({ NODE_EXTRA_CA_CERTS: file("ca.cer", new X509Certificate(ca()).raw) }),
        /NODE_EXTRA_CA_CERTS \(\/.*ca\.cer\) is DER, but Node\.js reads only PEM; convert it: openssl x509 -inform der -in "\/.*ca\.cer"/,
    ],
    [
        "if the file does not exist",
        () => ({ NODE_EXTRA_CA_CERTS: join(folder, "none.pem") }),
        /NODE_EXTRA_CA_CERTS \(\/.*none\.pem\) does not exist; set the variable to a PEM file/,
    ],
    [
        "if the file has no certificate",
        () => ({ NODE_EXTRA_CA_CERTS: file("ca.txt", "our authority") }),
        /ca\.txt\) contains no certificate as PEM text/,
    ],
    [
        "if the file is UTF-16",
        () => ({ NODE_EXTRA_CA_CERTS: file("utf16.pem", Buffer.from(`\uFEFF${ca()}`, "utf16le")) }),
        /utf16\.pem\) contains no certificate as PEM text/,
    ],
    [
        "if the file has another authority",
        () => ({ NODE_EXTRA_CA_CERTS: file("other.pem", newCertificateAuthority(new Date()).caPem) }),
        /other\.pem\) does not contain the certificate authority that issued the host's certificate.*; add it/,
    ],
];

test.each(rows)("%s", async (_name, env, message) => {
    const { message: said, seconds } = await refusal(env());
    expect(said).toMatch(message);
    expect(said).not.toMatch(/-----BEGIN|\bhas a problem\b/);
    // The request is sent once, because another attempt cannot help.
    expect(seconds).toBeLessThan(20);
});

test("a company's authority in NODE_EXTRA_CA_CERTS is trusted", async () => {
    const hooks = new HooksProcess({ ...world.tenant.env, NODE_EXTRA_CA_CERTS: file("company.pem", ca()) });
    expect(await new HooksStack(hooks).up(world.portal())).toBe("create");
    await hooks.end();
});
