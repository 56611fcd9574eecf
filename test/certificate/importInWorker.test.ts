// Checks that a worker thread reads the PFX file, so that the provider process can answer the engine meanwhile.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { portalCertificateHooks } from "../../provider/certificate/hooks";
import { compiledProvider } from "../support/hooks/compiledProvider";
import { makeMaterial, type Material } from "./pfx/corpus/material";
import { run } from "./pfx/corpus/tools";

jest.setTimeout(120_000);

const PASSWORD = "password of the file";
let material: Material;
let folder: string;
let hooks: typeof portalCertificateHooks;
beforeAll(() => {
    material = makeMaterial();
    folder = mkdtempSync(join(tmpdir(), "in-worker-"));
    // The worker thread needs a JavaScript file, which only the compiled sources have.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    hooks = (require(join(compiledProvider(), "certificate/hooks.js")) as { portalCertificateHooks: typeof hooks })
        .portalCertificateHooks;
});
afterAll(() => {
    material.remove();
    rmSync(folder, { recursive: true });
});

/**
 * Makes a PFX file that takes long to open, and returns its path. NSS and GnuTLS can write such files. With 3DES and
 * SHA-1, a reader must compute all rounds seven times.
 */
function expensive(name: "self" | "leaf"): string {
    const { key, certificate } = material[name];
    const file = join(folder, `${name}.pfx`);
    const protection = ["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1", "-iter", "100000"];
    const source = ["-inkey", key, "-in", certificate, "-passout", "stdin", "-out", file];
    run("openssl", ["pkcs12", "-export", ...source, ...protection], `${PASSWORD}\n`);
    return file;
}

/** Counts the turns of this thread's event loop during a task. */
async function turnsDuring<T>(work: () => Promise<T>): Promise<{ result: T; turns: number }> {
    let turns = 0;
    let isDone = false;
    const count = () => {
        turns++;
        if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    const result = await work().finally(() => (isDone = true));
    return { result, turns };
}

test("the event loop continues while an expensive file is checked and imported", async () => {
    const source = { pfx: { file: expensive("self"), password: PASSWORD } };
    const { result, turns } = await turnsDuring(() => hooks.check({}, { source, exportPfx: true }));
    expect(result).toMatchObject({ inputs: { thumbprint: material.self.thumbprint }, failures: [] });
    expect(turns).toBeGreaterThan(20);
    const made = await turnsDuring(() => hooks.create(result.inputs as never));
    expect(made.result.outs.certificate.thumbprint).toBe(material.self.thumbprint);
    expect(made.turns).toBeGreaterThan(20);
});

test("several files at once are each answered with their own certificate", async () => {
    const names = ["leaf", "self", "leaf", "self"] as const;
    const files = { leaf: expensive("leaf"), self: expensive("self") };
    const checks = names.map((name) => hooks.check({}, { source: { pfx: { file: files[name], password: PASSWORD } } }));
    const thumbprints = (await Promise.all(checks)).map(({ inputs }) => inputs["thumbprint" as never]);
    expect(thumbprints).toEqual(names.map((name) => material[name].thumbprint));
});

test("a refusal has its property and its reason", async () => {
    const file = join(folder, "key.pfx");
    writeFileSync(file, readFileSync(material.self.key));
    const one = await hooks.check({}, { source: { pfx: { file } } });
    expect(one.failures).toEqual([
        { property: "source.pfx.file", reason: expect.stringMatching(/key\.pfx": .*only a private key/) as string },
    ]);
    const two = await hooks.check({}, { source: { pfx: { file: expensive("self"), password: "guessed" } } });
    expect(two.failures).toEqual([
        { property: "source.pfx.password", reason: expect.stringMatching(/password is wrong/) as string },
    ]);
});
