// @ts-check
// Packs the plugin for a release, as `pulumi plugin install` downloads it: one archive for each system. All archives
// have the same content, because Node.js runs the plugin on every system.
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PLUGIN } from "./bundle.mjs";
import { capture } from "./run.mjs";

const SYSTEMS = ["linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64", "windows-amd64"];

/**
 * Returns the paths of the archives.
 *
 * @param {string} root
 * @param {string} folder
 */
export async function packPlugin(root, folder) {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const archives = SYSTEMS.map((system) => join(folder, `${PLUGIN}-v${version}-${system}.tar.gz`));
    const [first = "", ...others] = archives;
    // The archive omits Node.js's compile cache, because the Node.js of other machines cannot use it.
    const args = ["-czf", first, "--exclude", "./compiled", "-C", join(root, "dist", "plugin"), "."];
    const { code, output } = await capture("tar", args);
    if (code !== 0) throw new Error(`tar: exit code ${code}\n${output.trim()}`);
    for (const other of others) copyFileSync(first, other);
    return archives;
}
