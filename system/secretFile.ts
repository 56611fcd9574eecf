// Writes files that only the user who runs this process may read.
import { spawnSync } from "node:child_process";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Runs a program, and returns its exit code and its output. */
export type Run = (program: string, args: readonly string[]) => { readonly code: number | null; readonly said: string };

interface System {
    readonly platform: NodeJS.Platform;
    /**
     * The folder of Windows' own programs. They are started by their absolute path, because the `whoami` of Git for
     * Windows has other options.
     */
    readonly folder: string;
    readonly run: Run;
}

/**
 * Writes a new file that only this user may read. Never overwrites a file. If access cannot be restricted, removes the
 * file before it contains the secret.
 */
export function writeSecretFile(path: string, content: Buffer | string, system: System = thisSystem()): void {
    writeFileSync(path, "", { flag: "wx", mode: 0o600 });
    try {
        if (system.platform === "win32") restrict(path, system);
        writeFileSync(path, content);
    } catch (error) {
        rmSync(path);
        throw error;
    }
}

/**
 * Writes a complete new file and renames it over the old one. If the process is killed, either the old or the new file
 * exists.
 */
export function replaceSecretFile(path: string, content: Buffer | string): void {
    const fresh = `${path}.new`;
    rmSync(fresh, { force: true });
    writeSecretFile(fresh, content);
    renameSync(fresh, path);
}

/**
 * Replaces the rights that a file inherits from its folder, because Windows ignores file modes.
 * https://learn.microsoft.com/windows-server/administration/windows-commands/icacls
 */
function restrict(path: string, { folder, run }: System): void {
    const user = run(join(folder, "whoami.exe"), ["/user", "/fo", "csv", "/nh"]);
    if (user.code !== 0) throw unrestricted(path, "whoami", user);
    // icacls does not always find a service account by its name, so its SID is used. Under Wine, whoami prints only
    // the name.
    const [sid] = /S-1(-\d+)+/.exec(user.said) ?? [];
    const account = sid === undefined ? user.said.trim() : `*${sid}`;
    const limited = run(join(folder, "icacls.exe"), [path, "/inheritance:r", "/grant:r", `${account}:F`]);
    if (limited.code !== 0) throw unrestricted(path, "icacls", limited);
}

/** `code`: `null` if the program did not start. The drive can be the cause only if icacls started and failed. */
function unrestricted(path: string, program: "whoami" | "icacls", { code, said }: ReturnType<Run>): Error {
    const ended = code === null ? "did not start" : `ended with exit code ${code}`;
    const remedy =
        program === "icacls" && code !== null
            ? "use a folder on an NTFS drive"
            : `make sure that you can run ${program}.exe of Windows`;
    return new Error(
        `writing ${path}: Windows could not block other users' access to the file, so nothing was written; ${remedy} (${program} ${ended}: ${said.trim()})`,
    );
}

function thisSystem(): System {
    const folder = join(process.env["SystemRoot"] ?? "C:\\Windows", "System32");
    return { platform: process.platform, folder, run: runProgram };
}

const runProgram: Run = (program, args) => {
    const { status, stdout, stderr, error } = spawnSync(program, [...args], { encoding: "utf8", windowsHide: true });
    return { code: status, said: error?.message ?? `${stdout}${stderr}` };
};
