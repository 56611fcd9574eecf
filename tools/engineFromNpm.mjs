// @ts-check
// The official build, as the npm package `pulumi` downloads it. The package is fetched for this once (it is no
// dependency): it runs the vendor's install script into PULUMI_HOME/versions/<version>/bin.
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
    // A home of its own, so that only what this very download brought is taken.
    const home = mkdtempSync(join(dirname(bin), "home-"));
    const wanted = ["exec", "--yes", `--package=pulumi@${NPM_VERSION_OF_CLI}`, "--", "pulumi", "version"];
    const { command, args } = npmCommand(wanted, env);
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
    if (!existsSync(downloaded)) throw new Error("it brought no build");
    for (const name of readdirSync(downloaded)) renameSync(join(downloaded, name), join(bin, name));
    rmSync(home, { recursive: true, force: true });
}

/**
 * What the package or npm says went wrong, without their notices.
 *
 * @param {string} output
 */
function reason(output) {
    const lines = output.split("\n").map((line) => line.trim());
    const told = lines.filter((line) => line.startsWith("pulumi: ")).pop();
    return told ?? lines.find((line) => /^npm (error|ERR!) (?!code )/.test(line)) ?? lines.filter(Boolean).pop();
}
