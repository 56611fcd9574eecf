// Checks that the engine can load the provider from the program's folder. If only a component library depends on this
// package, the folder may lack the package, for example with pnpm and without hoisting.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { plugAndPlayProblem } from "./plugAndPlay";

const HOST = "pulumi-restore-portal/provider-host";
/**
 * The script by which the Pulumi CLI runs a program. The engine starts the provider in the same working folder as this
 * script.
 */
const CLI_ENTRY = /[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run[\\/]/;

let isInstalled = false;

/**
 * Throws if yarn's Plug'n'Play is on, or if the engine could not load the provider. In a unit test or an inline
 * program, checks only for Plug'n'Play.
 */
export function assertInstalled(): void {
    const problem = plugAndPlayProblem();
    if (problem !== undefined) throw new pulumi.RunError(problem);
    if (isInstalled || !CLI_ENTRY.test(require.main?.filename ?? "")) return;
    const folder = process.cwd();
    try {
        createRequire(join(folder, "_")).resolve(HOST);
        isInstalled = true;
    } catch {
        const { version } = createRequire(__filename)("pulumi-restore-portal/package.json") as { version: string };
        const line = `"pulumi-restore-portal": "^${version}"`;
        throw new pulumi.RunError(
            `Pulumi loads the provider of pulumi-restore-portal from ${folder}, where it is not installed; add ${line} to "dependencies" in ${packageJsonAbove(folder)}, and install the packages again`,
        );
    }
}

function packageJsonAbove(folder: string): string {
    for (let at = folder; ; at = dirname(at)) {
        const file = join(at, "package.json");
        if (existsSync(file)) return file;
        if (at === dirname(at)) return join(folder, "package.json");
    }
}
