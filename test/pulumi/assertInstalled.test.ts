// Checks the error if the program's folder lacks the package: the message names the package.json that must list it. A
// stand-in replaces the entry script of the Pulumi CLI; test/engine/packages.test.ts uses the real script.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

import { version } from "../../package.json";

const ROOT = resolve(__dirname, "../..");
const DECLARED = "declared\n";
const ENTRY = `
const pulumi = require(${JSON.stringify(join(ROOT, "node_modules/@pulumi/pulumi"))});
pulumi.runtime.setMocks({ newResource: ({ inputs }) => ({ id: "id", state: inputs }), call: () => ({}) });
const { PortalCertificate } = require(${JSON.stringify(join(ROOT, "dist/provider"))});
try {
    new PortalCertificate("certificate", { source: { generate: { name: "Portal" } } });
    console.log("declared");
} catch (error) {
    console.log(error.message);
}`;

let folder: string;
beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), "programs-")))));
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): string {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
}

/** Runs a program that declares a certificate. `program`: its working folder. `entry`: the path of its script. */
function declareIn(program: string, entry = "cli/node_modules/@pulumi/pulumi/cmd/run/index.js"): string {
    mkdirSync(join(folder, program), { recursive: true });
    return execFileSync(process.execPath, [write(entry, ENTRY)], { cwd: join(folder, program), encoding: "utf8" });
}

const rows: [name: string, manifests: string[], program: string, named: string][] = [
    ["the folder of the program", ["portal/package.json"], "portal", "portal/package.json"],
    ["the folder above that of main", ["portal/package.json"], "portal/src", "portal/package.json"],
    [
        "a program in a workspace",
        ["package.json", "programs/portal/package.json"],
        "programs/portal",
        "programs/portal/package.json",
    ],
    ["the root, if a program has none of its own", ["package.json"], "programs/portal", "package.json"],
    ["the folder of the program, if there is none at all", [], "portal", "portal/package.json"],
];
test.each(rows)("the package.json of %s is named, with the line", (_name, manifests, program, named) => {
    for (const path of manifests) write(path, "{}");
    const said = declareIn(program);
    expect(said).toContain(`from ${join(folder, program)}, where it is not installed`);
    expect(said).toContain(
        `add "pulumi-restore-portal": "^${version}" to "dependencies" in ${join(folder, named)}, and install`,
    );
});

test.each(["portal", "."])("a package in the node_modules of %s is enough", (above) => {
    mkdirSync(join(folder, above, "node_modules"), { recursive: true });
    symlinkSync(ROOT, join(folder, above, "node_modules/pulumi-restore-portal"));
    expect(declareIn("portal")).toBe(DECLARED);
});

test.each(["portal/index.test.js", "portal/inline.js"])("%s, which the CLI does not run, needs none", (entry) => {
    expect(declareIn("portal", entry)).toBe(DECLARED);
});
