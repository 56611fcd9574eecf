// Writes files with secrets. Windows ignores file modes, so there icacls limits a file before it contains the secret.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { writeSecretFile, type Run } from "../../cli/secretFile";

const SECRET = Buffer.from("secret");
let folder: string;
let path: string;
beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "secret-"));
    path = join(folder, "RestorePortal.pfx");
});
afterEach(() => rmSync(folder, { recursive: true }));

const onWindows = (run: Run) => ({ platform: "win32", user: "CONTOSO\\anna", run }) as const;

test("elsewhere the file's mode limits it to its owner", () => {
    writeSecretFile(path, SECRET);
    expect(readFileSync(path)).toEqual(SECRET);
    expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("on Windows, icacls removes inherited rights and grants the user's own while the file is still empty", () => {
    const runs: unknown[] = [];
    const run: Run = (program, args) => {
        runs.push([program, ...args, readFileSync(path, "utf8")]);
        return { code: 0, said: "" };
    };
    writeSecretFile(path, SECRET, onWindows(run));
    expect(runs).toEqual([["icacls", path, "/inheritance:r", "/grant:r", "CONTOSO\\anna:F", ""]]);
    expect(readFileSync(path)).toEqual(SECRET);
});

test("if icacls fails, no file is left, and the message names file, user, reason and remedy", () => {
    const run: Run = () => ({ code: 5, said: "Access is denied.\r\n" });
    expect(() => writeSecretFile(path, SECRET, onWindows(run))).toThrow(
        `writing ${path}: icacls could not limit the file to CONTOSO\\anna (Access is denied.), so nothing was written; use --out with a folder on an NTFS drive`,
    );
    expect(existsSync(path)).toBe(false);
});

test("a file that exists stays as it is", () => {
    writeSecretFile(path, SECRET);
    expect(() => writeSecretFile(path, Buffer.from("other"))).toThrow("EEXIST");
    expect(readFileSync(path)).toEqual(SECRET);
});
