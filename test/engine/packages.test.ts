// Checks that two kinds of program work with the package: an inline program with its own Pulumi SDK, and a program that
// gets the package through a component library.
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { INLINE_PROGRAM } from "../support/engine/inlineProgram";
import { install, NEWEST_SDK } from "../support/engine/sdk";
import { expectSuccess, Workspace } from "../support/engine/workspace";

jest.setTimeout(300_000);

const ROOT = resolve(__dirname, "../..");
let workspace: Workspace;
beforeEach(() => (workspace = new Workspace()));
afterEach(() => workspace.remove());

test("an inline program deploys with its own SDK, and the linked package uses the same one", async () => {
    install(workspace.folder, { sdk: NEWEST_SDK, copy: false });
    workspace.write("inline.js", INLINE_PROGRAM);
    const { stdout } = expectSuccess(await workspace.run("node", ["inline.js"]));
    expect(JSON.parse(stdout)).toEqual({ created: { create: 2 }, again: { same: 2 } });
});

describe("a component library that brings the package", () => {
    const program = () => join(workspace.folder, "programs/portal");
    const pulumi = (...args: string[]) => workspace.run("pulumi", [...args, "--non-interactive", "--cwd", program()]);
    const up = () => pulumi("up", "--yes", "--skip-preview");

    /**
     * Installs as pnpm does for a workspace without hoisting: each package finds only the packages in its own
     * package.json.
     */
    beforeEach(async () => {
        const library = join(workspace.folder, "packages/platform");
        mkdirSync(join(library, "node_modules/@pulumi"), { recursive: true });
        mkdirSync(join(program(), "node_modules/@contoso"), { recursive: true });
        mkdirSync(join(program(), "node_modules/@pulumi"));
        const sdk = join(ROOT, "node_modules/@pulumi/pulumi");
        symlinkSync(sdk, join(library, "node_modules/@pulumi/pulumi"));
        symlinkSync(sdk, join(program(), "node_modules/@pulumi/pulumi"));
        symlinkSync(ROOT, join(library, "node_modules/pulumi-restore-portal"));
        symlinkSync(library, join(program(), "node_modules/@contoso/platform"));
        for (const name of ["Pulumi.yaml", "package.json"]) cpSync(join(workspace.folder, name), join(program(), name));
        writeFileSync(
            join(library, "index.js"),
            `const pulumi = require("@pulumi/pulumi");
            const { PortalCertificate } = require("pulumi-restore-portal");
            exports.Portal = class extends pulumi.ComponentResource {
                constructor(name) {
                    super("contoso:platform:Portal", name);
                    new PortalCertificate(name, { source: { generate: { name } } }, { parent: this });
                }
            };`,
        );
        writeFileSync(
            join(program(), "index.js"),
            `const { Portal } = require("@contoso/platform"); new Portal("portal");`,
        );
        // Removes the package, because no folder above the program may provide it.
        rmSync(join(workspace.folder, "node_modules"), { recursive: true });
        expectSuccess(await pulumi("stack", "init", "dev"));
    });

    test("without hoisting one sentence says which package.json needs which line, and with it the program deploys", async () => {
        const { code, output } = await up();
        expect(code).not.toBe(0);
        const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
        const line = `add "pulumi-restore-portal": "^${version}" to "dependencies" in ${join(program(), "package.json")},`;
        expect(output).toContain(line);
        expect(output).not.toMatch(/Cannot find module|Require stack|^ +at /m);
        symlinkSync(ROOT, join(program(), "node_modules/pulumi-restore-portal"));
        expectSuccess(await up());
    });

    test("with hoisting the program deploys", async () => {
        mkdirSync(join(workspace.folder, "node_modules"));
        symlinkSync(ROOT, join(workspace.folder, "node_modules/pulumi-restore-portal"));
        expectSuccess(await up());
    });
});
