// Writes a file that only the user who runs the command may read.
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";

/** Runs a program, and returns its exit code and what it printed. */
export type Run = (program: string, args: readonly string[]) => { readonly code: number | null; readonly said: string };

interface System {
    readonly platform: NodeJS.Platform;
    /** `<domain or machine>\<user>` on Windows. */
    readonly user: string;
    readonly run: Run;
}

/** Never overwrites a file. If the file cannot be restricted, it is removed before it contains a secret. */
export function writeSecretFile(path: string, content: Buffer, system: System = thisSystem()): void {
    writeFileSync(path, "", { flag: "wx", mode: 0o600 });
    try {
        restrict(path, system);
        writeFileSync(path, content);
    } catch (error) {
        rmSync(path);
        throw error;
    }
}

/**
 * Windows ignores file modes. There a file inherits the rights of its folder, so they are replaced.
 * https://learn.microsoft.com/windows-server/administration/windows-commands/icacls
 */
function restrict(path: string, { platform, user, run }: System): void {
    if (platform !== "win32") return;
    const { code, said } = run("icacls", [path, "/inheritance:r", "/grant:r", `${user}:F`]);
    if (code === 0) return;
    throw new Error(
        `writing ${path}: icacls could not limit the file to ${user} (${said.trim() || "it gave no reason"}), so nothing was written; use --out with a folder on an NTFS drive`,
    );
}

function thisSystem(): System {
    const { username } = userInfo();
    const { USERDOMAIN: domain } = process.env;
    return { platform: process.platform, user: domain ? `${domain}\\${username}` : username, run: runProgram };
}

const runProgram: Run = (program, args) => {
    const { status, stdout, stderr, error } = spawnSync(program, [...args], { encoding: "utf8" });
    return { code: status, said: error?.message ?? `${stdout}${stderr}` };
};
