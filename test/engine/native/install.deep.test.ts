// Installs the plugin from the archive of a release, as users of every language do. Also compiles the Go SDK.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { useLanguage, writeProgram } from "../../support/engine/languages";
import { expectSuccess, Workspace } from "../../support/engine/workspace";
import { PORTAL_URL } from "../../support/tenant/portals";

jest.setTimeout(600_000);

const ROOT = resolve(__dirname, "../../..");
let folder: string;
beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "release-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("pulumi plugin install takes the archive, and a program runs with nothing else", async () => {
    const pack = `import { packPlugin } from ${JSON.stringify(join(ROOT, "tools/pluginArchive.mjs"))};
        console.log((await packPlugin(${JSON.stringify(ROOT)}, ${JSON.stringify(folder)})).join("\\n"));`;
    const archives = execFileSync(process.execPath, ["--input-type=module", "--eval", pack], { encoding: "utf8" });
    expect(archives.trim().split("\n")).toHaveLength(5);
    const workspace = new Workspace();
    useLanguage(workspace, "yaml");
    workspace.remove("home/.pulumi/plugins");
    writeProgram(workspace, "yaml", { certificateName: "Portal", portalUrl: PORTAL_URL });
    const [archive = ""] = archives.split("\n");
    const version = /-v(.+)-linux-amd64/.exec(archive)?.[1] ?? "";
    const install = ["plugin", "install", "resource", "restore-portal", version, "--file", archive];
    expectSuccess(await workspace.pulumi(install));
    const { stdout } = expectSuccess(await workspace.pulumi(["package", "get-schema", "restore-portal"]));
    expect(JSON.parse(stdout)).toMatchObject({ name: "restore-portal", version });
    await workspace.init();
    const { output } = expectSuccess(await workspace.preview());
    expect(output).toContain("the inputs were not checked against Entra, because");
    expect(output).toContain("restore-portal:index:RestorePortalApp: (create)");
    workspace.remove();
});

test("the Go SDK compiles, with a program that uses it", () => {
    const module = join(folder, "go");
    cpSync(join(ROOT, "sdks/go"), module, { recursive: true });
    mkdirSync(join(module, "example"));
    for (const name of ["go.mod", "go.sum"]) cpSync(join(ROOT, "tools/engine/gosdk", name), join(module, name));
    cpSync(join(ROOT, "tools/engine/gosdk/main.go"), join(module, "example/main.go"));
    const env = { ...process.env, CGO_ENABLED: "0", GOWORK: "off", GOFLAGS: "-mod=readonly -buildvcs=false" };
    execFileSync("go", ["vet", "./..."], { cwd: module, env, stdio: "pipe" });
});
