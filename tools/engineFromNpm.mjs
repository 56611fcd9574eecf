// @ts-check
// Downloads Pulumi's official build of the CLI with the npm package `pulumi`. The package is not a dependency: npm
// downloads it for this step only. The package runs Pulumi's install script, which installs the CLI into
// `PULUMI_HOME/versions/<version>/bin`.
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { withProgress } from "./progress.mjs";
import { capture, npmCommand } from "./run.mjs";

export const NPM_VERSION_OF_CLI = "3.265.0";

const TIMEOUT_MS = 15 * 60 * 1000;

/**
 * @param {string} bin
 * @param {import("./engine.mjs").Surroundings} surroundings
 */
export async function downloadWithNpm(bin, { env }) {
    // The separate PULUMI_HOME contains only this download.
    const home = mkdtempSync(join(dirname(bin), "home-"));
    const exec = ["exec", "--yes", `--package=pulumi@${NPM_VERSION_OF_CLI}`, "--", "pulumi", "version"];
    const { command, args } = npmCommand(exec, env);
    const downloadEnv = {
        ...env,
        PULUMI_HOME: home,
        PULUMI_VERSION: NPM_VERSION_OF_CLI,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        npm_config_audit: "false",
        npm_config_update_notifier: "false",
    };
    const options = { cwd: home, env: downloadEnv, timeoutMs: TIMEOUT_MS };
    const label = `downloading Pulumi ${NPM_VERSION_OF_CLI} with the npm package pulumi`;
    const { code, output } = await withProgress(label, () => capture(command, args, options));
    if (code !== 0) throw new Error(reason(output) || `exit code ${code}`);
    const downloaded = join(home, "versions", NPM_VERSION_OF_CLI, "bin");
    if (!existsSync(downloaded)) throw new Error("the npm package pulumi did not download a build");
    for (const name of readdirSync(downloaded)) renameSync(join(downloaded, name), join(bin, name));
    rmSync(home, { recursive: true, force: true });
}

/**
 * Returns the error line of the package or of npm, without their notices. If there is no such line, returns the last
 * line of the output.
 *
 * @param {string} output
 */
function reason(output) {
    const lines = output.split("\n").map((line) => line.trim());
    const ownError = lines.filter((line) => line.startsWith("pulumi: ")).pop();
    return ownError ?? lines.find((line) => /^npm (error|ERR!) (?!code )/.test(line)) ?? lines.filter(Boolean).pop();
}
