// Imports certificates from files on the real engine. Checks the names in a preview, and that no secret is written
// anywhere.
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { makeMaterial, type Material, type Pair } from "../certificate/pfx/corpus/material";
import { run } from "../certificate/pfx/corpus/tools";
import { namedInputs, onePortal } from "../support/tenant/portals";
import { openPfx, refusalOf } from "../support/signIn/signIn";
import { TestTenant } from "../support/tenant/testTenant";
import { Workspace, type ProgramSpec } from "../support/engine/workspace";

jest.setTimeout(300_000);

const PASSWORD = "correct-horse-battery";
let material: Material;
let tenant: TestTenant;
let workspace: Workspace;
let folder: string;
beforeAll(async () => {
    material = makeMaterial();
    tenant = await TestTenant.start();
    workspace = await new Workspace({ env: tenant.env }).init();
    folder = mkdtempSync(join(tmpdir(), "files-"));
    write(material.self, "self.pfx");
    write(material.leaf, "chain.pfx", [material.intermediate, material.root]);
    copyFileSync(join(folder, "self.pfx"), join(folder, "portal.pfx"));
});
afterAll(async () => {
    material.remove();
    workspace.remove();
    rmSync(folder, { recursive: true });
    await tenant.close();
});

function write({ key, certificate }: Pair, name: string, issuers: readonly Pair[] = []): void {
    const parts = [key, certificate, ...issuers.map((one) => one.certificate)].map((path) =>
        readFileSync(path, "utf8"),
    );
    run("openssl", ["pkcs12", "-export", "-out", join(folder, name), "-passout", `pass:${PASSWORD}`], parts.join(""));
}

function program(pfx: Record<string, unknown>, more: Record<string, unknown> = {}): ProgramSpec {
    const certificates = { certificate: { source: { pfx }, ...more } };
    return { ...onePortal({ displayName: "Restore Portal" }), certificates };
}

const fromFile = (more: Record<string, unknown> = {}) =>
    program({ file: join(folder, "portal.pfx"), password: PASSWORD }, more);

function filesBelow(path: string): string[] {
    return readdirSync(path, { recursive: true, encoding: "utf8" })
        .map((name) => join(path, name))
        .filter((name) => !name.includes("node_modules") && !name.endsWith("program.json"))
        .filter((name) => statSync(name, { throwIfNoEntry: false })?.isFile() === true);
}

function expectNowhere(values: readonly string[], texts: readonly string[]): void {
    const files = filesBelow(workspace.folder).map((path) => readFileSync(path, "latin1"));
    for (const value of values) {
        for (const text of [...texts, ...files]) expect(text.includes(value)).toBe(false);
    }
}

test("a wrong password is refused with the path of the input, without any value, and nothing is written", async () => {
    workspace.declare(program({ file: join(folder, "portal.pfx"), password: "another-one-entirely" }));
    tenant.clearLog();
    const { code, output } = await workspace.up();
    expect(code).not.toBe(0);
    expect(output).toMatch(/source\.pfx\.password.*portal\.pfx.*the file cannot be opened: the password is wrong/);
    expect(tenant.writes()).toEqual([]);
    expectNowhere(["another-one-entirely"], [output]);
});

test("the file's certificate is registered; its key and password are not written anywhere, and there is no PFX by default", async () => {
    workspace.declare(fromFile());
    const up = await workspace.upOk();
    const { certificate, pfx, thumbprint } = await workspace.outputsOf("certificate");
    expect(certificate).toMatchObject({ thumbprint: material.self.thumbprint });
    expect([thumbprint, pfx]).toEqual([material.self.thumbprint, undefined]);
    const preview = await workspace.previewUnchanged();
    const key = readFileSync(material.self.key, "utf8").split("\n")[5] ?? "";
    const content = readFileSync(join(folder, "self.pfx")).toString("base64").slice(100, 200);
    const state = JSON.stringify(await workspace.exportState());
    expectNowhere([PASSWORD, key, content], [up.output, preview.output, state]);
});

test("base64 and password are secret, even if the program does not mark them", async () => {
    const base64 = readFileSync(join(folder, "self.pfx")).toString("base64");
    workspace.declare(program({ base64, password: PASSWORD }));
    const { output, code } = await workspace.preview();
    expect(code).toBe(0);
    expect(output).toMatch(/base64\s*: \[secret\]/);
    const up = await workspace.upOk();
    const state = JSON.stringify(await workspace.exportState());
    expectNowhere([PASSWORD, base64.slice(100, 200)], [output, up.output, state]);
    expect((await workspace.outputsOf("certificate"))["certificate"]).toMatchObject({
        thumbprint: material.self.thumbprint,
    });
    workspace.declare(fromFile());
    await workspace.upOk();
});

test("a changed file shows as thumbprint old => new, and rotates with overlap", async () => {
    copyFileSync(join(folder, "chain.pfx"), join(folder, "portal.pfx"));
    const { output, code } = await workspace.preview("--expect-no-changes");
    expect(code).toBe(7);
    expect(output).toContain(`"${material.self.thumbprint}" => "${material.leaf.thumbprint}"`);
    await workspace.upOk();
    const appId = (await workspace.outputsOf("portal"))["applicationId"] as string;
    const { keyCredentials } = await tenant.application(appId);
    expect(keyCredentials.map(({ customKeyIdentifier }) => customKeyIdentifier).sort()).toEqual(
        [material.self.thumbprint, material.leaf.thumbprint].sort(),
    );
    await workspace.previewUnchanged();
});

test("exportPfx returns a PFX with the chain, and its key can sign in", async () => {
    workspace.declare(fromFile({ exportPfx: true }));
    await workspace.upOk();
    const { pfx, pfxPassword } = await workspace.outputsOf("certificate", "--show-secrets");
    const appId = (await workspace.outputsOf("portal"))["applicationId"] as string;
    const client = openPfx(String(pfx), String(pfxPassword));
    expect(client.certificate.fingerprint.replaceAll(":", "")).toBe(material.leaf.thumbprint);
    expect(await refusalOf(tenant, appId, client)).toBeUndefined();
    await workspace.previewUnchanged();
});

test("a missing file fails a preview with a clear message, and the portal's state stays", async () => {
    rmSync(join(folder, "portal.pfx"));
    const { code, output } = await workspace.preview();
    expect(code).not.toBe(0);
    expect(output).toMatch(
        /source\.pfx\.file.*portal\.pfx.*the file does not exist; give an absolute path, or one relative to the project's folder/,
    );
    expect(namedInputs(output)).toEqual([]);
    copyFileSync(join(folder, "chain.pfx"), join(folder, "portal.pfx"));
    await workspace.destroyOk();
});
