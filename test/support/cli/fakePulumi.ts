// Puts a fake Pulumi CLI on PATH. On Unix it is a script. Windows does not start a script by its name alone, so there
// it is a copy of Node.js with Pulumi's name, which loads the script first.
import { randomUUID } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

const ROOT = resolve(__dirname, "../../..");

/**
 * `script`: JavaScript that finds the arguments in `args`. On Windows, the process ends as soon as the script has run,
 * even if a timer still waits. Returns the variables that make a process find this `pulumi`.
 */
export function fakePulumi(folder: string, script: string): Record<string, string> {
    if (process.platform !== "win32") {
        writeFileSync(join(folder, "pulumi"), `#!${process.execPath}\nconst args = process.argv.slice(2);\n${script}`);
        chmodSync(join(folder, "pulumi"), 0o755);
        return { PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}` };
    }
    const file = join(folder, "fakePulumi.cjs");
    writeFileSync(
        file,
        `const { basename } = require("node:path");
        if (basename(process.execPath) === "pulumi.exe") {
            const [, command, ...rest] = process.argv;
            const args = [basename(command), ...rest];
            ${script}
            process.exit();
        }`,
    );
    // Node.js reads a backslash in NODE_OPTIONS as an escape, so slashes replace the backslashes.
    const option = `--require "${file.replaceAll("\\", "/")}"`;
    const NODE_OPTIONS = `${process.env["NODE_OPTIONS"] ?? ""} ${option}`;
    return { PATH: `${nodeAsPulumi()}${delimiter}${process.env["PATH"] ?? ""}`, NODE_OPTIONS };
}

/**
 * Returns a folder with a copy of Node.js under Pulumi's name. The copy is not a hard link, because Windows cannot
 * remove a hard link to a running program.
 */
function nodeAsPulumi(): string {
    const folder = join(ROOT, "node_modules/.cache/fake-pulumi");
    const program = join(folder, "pulumi.exe");
    if (existsSync(program)) return folder;
    mkdirSync(folder, { recursive: true });
    const fresh = join(folder, `${randomUUID()}.exe`);
    copyFileSync(process.execPath, fresh);
    // Another Jest worker may have made the program first.
    try {
        renameSync(fresh, program);
    } catch {
        rmSync(fresh, { force: true });
    }
    return folder;
}
