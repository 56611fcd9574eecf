// Imports a certificate from a file on the real engine, and checks that no secret is written anywhere.
// imported.deep.test.ts tests other forms and changes of the file.
import { readFileSync } from "node:fs";

import { ImportedFile, PASSWORD } from "../support/engine/importedFile";

jest.setTimeout(300_000);

let imported: ImportedFile;
beforeAll(async () => {
    imported = await ImportedFile.start();
});
afterAll(() => imported.close());

test("a wrong password is refused with the path of the input, without any value, and nothing is written", async () => {
    imported.workspace.declare(
        imported.program({ file: imported.path("portal.pfx"), password: "another-one-entirely" }),
    );
    imported.tenant.clearLog();
    const { code, output } = await imported.workspace.up();
    expect(code).not.toBe(0);
    expect(output).toMatch(/source\.pfx\.password.*portal\.pfx.*the file cannot be opened: the password is wrong/);
    expect(imported.tenant.writes()).toEqual([]);
    imported.expectNowhere(["another-one-entirely"], [output]);
});

test("the file's certificate is registered; its key and password are not written anywhere, and there is no PFX by default", async () => {
    imported.workspace.declare(imported.fromFile());
    const up = await imported.workspace.upOk();
    const { certificate, pfx, thumbprint } = await imported.workspace.outputsOf("certificate");
    expect(certificate).toMatchObject({ thumbprint: imported.material.self.thumbprint });
    expect([thumbprint, pfx]).toEqual([imported.material.self.thumbprint, undefined]);
    const preview = await imported.workspace.previewUnchanged();
    const key = readFileSync(imported.material.self.key, "utf8").split("\n")[5] ?? "";
    const content = readFileSync(imported.path("self.pfx")).toString("base64").slice(100, 200);
    const state = JSON.stringify(await imported.workspace.exportState());
    imported.expectNowhere([PASSWORD, key, content], [up.output, preview.output, state]);
});
