// Imports a certificate from base64 text and from a changed file on the real engine. Also exports it as a PFX, and
// checks the message for a missing file.
import { readFileSync, rmSync } from "node:fs";

import { namedInputs } from "../support/tenant/portals";
import { openPfx, refusalOf } from "../support/signIn/signIn";
import { ImportedFile, PASSWORD } from "../support/engine/importedFile";

jest.setTimeout(300_000);

let imported: ImportedFile;
beforeAll(async () => {
    imported = await ImportedFile.start();
});
afterAll(() => imported.close());

test("base64 and password are secret, even if the program does not mark them", async () => {
    const base64 = readFileSync(imported.path("self.pfx")).toString("base64");
    imported.workspace.declare(imported.program({ base64, password: PASSWORD }));
    const { output, code } = await imported.workspace.preview();
    expect(code).toBe(0);
    expect(output).toMatch(/base64\s*: \[secret\]/);
    const up = await imported.workspace.upOk();
    const state = JSON.stringify(await imported.workspace.exportState());
    imported.expectNowhere([PASSWORD, base64.slice(100, 200)], [output, up.output, state]);
    expect((await imported.workspace.outputsOf("certificate"))["certificate"]).toMatchObject({
        thumbprint: imported.material.self.thumbprint,
    });
    imported.workspace.declare(imported.fromFile());
    await imported.workspace.upOk();
});

test("a changed file shows as thumbprint old => new, and rotates with overlap", async () => {
    imported.use("chain.pfx");
    const { output, code } = await imported.workspace.preview("--expect-no-changes");
    expect(code).toBe(7);
    expect(output).toContain(`"${imported.material.self.thumbprint}" => "${imported.material.leaf.thumbprint}"`);
    await imported.workspace.upOk();
    const appId = (await imported.workspace.outputsOf("portal"))["applicationId"] as string;
    const { keyCredentials } = await imported.tenant.application(appId);
    expect(keyCredentials.map(({ customKeyIdentifier }) => customKeyIdentifier).sort()).toEqual(
        [imported.material.self.thumbprint, imported.material.leaf.thumbprint].sort(),
    );
    await imported.workspace.previewUnchanged();
});

test("exportPfx returns a PFX with the chain, and its key can sign in", async () => {
    imported.workspace.declare(imported.fromFile({ exportPfx: true }));
    await imported.workspace.upOk();
    const { pfx, pfxPassword } = await imported.workspace.outputsOf("certificate", "--show-secrets");
    const appId = (await imported.workspace.outputsOf("portal"))["applicationId"] as string;
    const client = openPfx(String(pfx), String(pfxPassword));
    expect(client.certificate.fingerprint.replaceAll(":", "")).toBe(imported.material.leaf.thumbprint);
    expect(await refusalOf(imported.tenant, appId, client)).toBeUndefined();
    await imported.workspace.previewUnchanged();
});

test("a missing file fails a preview with a clear message, and the portal's state stays", async () => {
    rmSync(imported.path("portal.pfx"));
    const { code, output } = await imported.workspace.preview();
    expect(code).not.toBe(0);
    expect(output).toMatch(
        /source\.pfx\.file.*portal\.pfx.*the file does not exist; give an absolute path, or one relative to the project's folder/,
    );
    expect(namedInputs(output)).toEqual([]);
    imported.use("chain.pfx");
    await imported.workspace.destroyOk();
});
