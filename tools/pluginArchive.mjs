// @ts-check
// `npm run plugin` packs the plugin for a release, as `pulumi plugin install` downloads it: one archive for each system,
// all with the same content, because Node.js runs it everywhere.
import { copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBuilt } from "./built.mjs";
import { PLUGIN } from "./bundle.mjs";
import { say } from "./progress.mjs";
import { capture } from "./run.mjs";

const SYSTEMS = ["linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64", "windows-amd64"];

/**
 * Returns the archive of one system. All others are copies of it.
 *
 * @param {string} root
 * @param {string} folder
 */
export async function packPlugin(root, folder) {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const archives = SYSTEMS.map((system) => join(folder, `${PLUGIN}-v${version}-${system}.tar.gz`));
    const [first = "", ...others] = archives;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    // The compiled code of this machine's Node.js is of no use to others.
    const args = ["-czf", first, "--exclude", "./compiled", "-C", join(root, "dist", "plugin"), "."];
    const { code, output } = await capture("tar", args);
    if (code !== 0) throw new Error(`tar: exit code ${code}\n${output.trim()}`);
    for (const other of others) copyFileSync(first, other);
    return archives;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const root = dirname(dirname(fileURLToPath(import.meta.url)));
    try {
        await ensureBuilt(root);
        for (const archive of await packPlugin(root, join(root, "release"))) say(`wrote ${archive}`);
    } catch (error) {
        say(`error: ${error instanceof Error ? error.message : String(error)}`);
        process.exitCode = 1;
    }
}
