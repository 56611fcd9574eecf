// @ts-check
// Builds the engine with Go from its published modules. tools/engine/*/go.mod and go.sum pin the versions.
import { join } from "node:path";
import { withProgress } from "./progress.mjs";
import { capture, executable } from "./run.mjs";

export const GO_VERSION_OF_CLI = "3.259.0";

const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

const PROGRAMS = [
    {
        name: "pulumi",
        module: "cli",
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        flags: ["-tags", "osusergo,grpcnotrace", "-ldflags", `-w -s -X ${VERSION_VARIABLE}=v${GO_VERSION_OF_CLI}`],
        label: `building Pulumi ${GO_VERSION_OF_CLI} with Go (once; 4 to 8 minutes, 5 GB in Go's caches)`,
    },
    {
        name: "pulumi-language-nodejs",
        module: "languagehost",
        package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
        flags: ["-ldflags", "-w -s"],
        label: "building Pulumi's Node.js language host",
    },
];

/**
 * @param {string} bin
 * @param {import("./engine.mjs").Surroundings} surroundings
 */
export async function buildWithGo(bin, surroundings) {
    for (const program of PROGRAMS) await buildProgram(program, bin, surroundings);
}

/**
 * @typedef {{ name: string, module: string, package: string, flags: string[], label: string }} GoProgram
 *
 * @param {GoProgram} program
 * @param {string} bin
 * @param {import("./engine.mjs").Surroundings} surroundings
 */
export async function buildProgram(program, bin, { root, env: given }) {
    // With `GOWORK=off`, a workspace file in a parent folder cannot replace the pinned modules.
    const env = { ...given, CGO_ENABLED: "0", GOWORK: "off" };
    const go = await capture("go", ["version"], { env });
    if (go.code === 127) throw new Error("go is not on PATH");
    if (go.code !== 0) throw new Error(`go version: ${go.output.trim()}`);
    let downloads = 0;
    let compiled = 0;
    // Go prints a line for each download. With `-v`, Go also prints a line for each package that it compiles.
    const onOutput = (/** @type {string} */ text) => {
        for (const line of text.split("\n").filter(Boolean)) line.startsWith("go: ") ? downloads++ : compiled++;
    };
    const detail = () => (compiled ? `${compiled} packages compiled` : downloads ? `${downloads} downloads` : "");
    const target = join(bin, executable(program.name));
    const args = ["build", "-v", "-mod=readonly", "-buildvcs=false", "-trimpath", ...program.flags];
    const cwd = join(root, "tools", "engine", program.module);
    const work = () => capture("go", [...args, "-o", target, program.package], { cwd, env, onOutput });
    const { code, output } = await withProgress(program.label, work, detail);
    if (code !== 0) throw new Error(`go build of ${program.name}: exit code ${code}\n${failure(output)}`);
}

/**
 * Returns the last lines that are neither a download nor a compiled package.
 *
 * @param {string} output
 */
function failure(output) {
    const lines = output.split("\n").filter((line) => line.trim() && !/^go: downloading |^[\w.~/-]+$/.test(line));
    return lines.slice(-5).join("\n");
}
