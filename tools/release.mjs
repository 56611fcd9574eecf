// @ts-check
// Makes the files of a release in a folder: the package, the list of its dependencies (SBOM), the archives of the
// native plugin, and the checksums of all files. Publishes nothing. Usage: npm run release [-- --out <folder>]
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { packPlugin } from "./pluginArchive.mjs";
import { say } from "./progress.mjs";
import { npmCommand } from "./run.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @param {string[]} args @param {string} cwd */
function npm(args, cwd = root) {
    const command = npmCommand(args, process.env);
    const { status, stdout, stderr } = spawnSync(command.command, command.args, { cwd, encoding: "utf8" });
    if (status !== 0) throw new Error(`npm ${args[0]} failed:\n${stderr.trim()}`);
    return stdout;
}

/** @param {string} folder */
function pack(folder) {
    // tools/start.mjs has built the sources, so the script `prepare` need not run.
    const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
    const [{ filename }] = JSON.parse(npm(args));
    return join(folder, filename);
}

/**
 * Lists the packages that users get. If users and a development package need the same package, `npm sbom --omit dev`
 * would leave it out. So npm reads copies of package.json and package-lock.json without development and peer packages.
 *
 * @param {string} tarball
 */
function listPackages(tarball) {
    const temporary = mkdtempSync(join(tmpdir(), "shipped-"));
    try {
        const { devDependencies: _dev, peerDependencies: _peer, ...manifest } = readJson("package.json");
        const lock = readJson("package-lock.json");
        const shipped = Object.entries(lock.packages).filter(([path, { dev, peer }]) => path !== "" && !dev && !peer);
        const packages = { "": manifest, ...Object.fromEntries(shipped) };
        // npm uses the name of the folder as the name of the package in the list.
        const copy = join(temporary, manifest.name);
        mkdirSync(copy);
        writeFileSync(join(copy, "package.json"), JSON.stringify(manifest));
        writeFileSync(join(copy, "package-lock.json"), JSON.stringify({ ...lock, packages }));
        const options = ["--sbom-format", "cyclonedx", "--sbom-type", "library", "--package-lock-only"];
        const file = tarball.replace(/\.tgz$/, ".cdx.json");
        writeFileSync(file, npm(["sbom", ...options], copy));
        return file;
    } finally {
        rmSync(temporary, { recursive: true });
    }
}

/** @param {string} name */
function readJson(name) {
    return JSON.parse(readFileSync(join(root, name), "utf8"));
}

/** @param {string} folder @param {string[]} files */
function writeChecksums(folder, files) {
    const sum = (/** @type {string} */ file) => createHash("sha256").update(readFileSync(file)).digest("hex");
    const lines = files.map((file) => `${sum(file)}  ${basename(file)}\n`);
    const target = join(folder, "SHA256SUMS");
    writeFileSync(target, lines.join(""));
    return target;
}

try {
    const { values } = parseArgs({ options: { out: { type: "string", default: "release" } } });
    const folder = resolve(values.out);
    mkdirSync(folder, { recursive: true });
    const tarball = pack(folder);
    const files = [tarball, listPackages(tarball), ...(await packPlugin(root, folder))];
    for (const file of [...files, writeChecksums(folder, files)]) say(`wrote ${file}`);
} catch (error) {
    say(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
}
