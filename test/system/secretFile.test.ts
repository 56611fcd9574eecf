// Writes files with secrets. Windows ignores file modes, so on Windows icacls restricts access to a file before the
// secret is written.
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { replaceSecretFile, writeSecretFile, type Run } from "../../system/secretFile";
import { expectOwnersAlone } from "../support/ownersAlone";

const SECRET = Buffer.from("secret");
const SID = "S-1-5-21-1004336348-1177238915-682003330-512";
const FOLDER = join("C:\\Windows", "System32");
let folder: string;
let path: string;
beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "secret-"));
    path = join(folder, "RestorePortal.pfx");
});
afterEach(() => rmSync(folder, { recursive: true }));

const onWindows = (run: Run) => ({ platform: "win32", folder: FOLDER, run }) as const;

test("this system limits the file to its owner", () => {
    writeSecretFile(path, SECRET);
    expect(readFileSync(path)).toEqual(SECRET);
    expectOwnersAlone(path);
});

test("on Windows, icacls removes inherited rights and grants the user's own while the file is still empty", () => {
    const runs: unknown[] = [];
    const run: Run = (program, args) => {
        runs.push([program, ...args, readFileSync(path, "utf8")]);
        return { code: 0, said: `"contoso\\anna","${SID}"\r\n` };
    };
    writeSecretFile(path, SECRET, onWindows(run));
    expect(runs).toEqual([
        [join(FOLDER, "whoami.exe"), "/user", "/fo", "csv", "/nh", ""],
        [join(FOLDER, "icacls.exe"), path, "/inheritance:r", "/grant:r", `*${SID}:F`, ""],
    ]);
    expect(readFileSync(path)).toEqual(SECRET);
});

const NTFS = "use a folder on an NTFS drive";
const failures: [what: string, run: Run, reason: string][] = [
    [
        "icacls fails",
        (program) => (program.includes("whoami") ? { code: 0, said: SID } : { code: 5, said: "Access is denied.\r\n" }),
        `${NTFS} (icacls ended with exit code 5: Access is denied.)`,
    ],
    [
        "icacls does not start",
        (program) => (program.includes("whoami") ? { code: 0, said: SID } : { code: null, said: "spawnSync ENOENT" }),
        "make sure that you can run icacls.exe of Windows (icacls did not start: spawnSync ENOENT)",
    ],
    [
        "whoami fails",
        () => ({ code: 1, said: "ERROR\r\n" }),
        "make sure that you can run whoami.exe of Windows (whoami ended with exit code 1: ERROR)",
    ],
    [
        "whoami does not start",
        () => ({ code: null, said: "spawnSync whoami.exe ENOENT" }),
        "make sure that you can run whoami.exe of Windows (whoami did not start: spawnSync whoami.exe ENOENT)",
    ],
];
test.each(failures)("if %s, no file is left, and the message names file, reason and remedy", (_what, run, reason) => {
    expect(() => writeSecretFile(path, SECRET, onWindows(run))).toThrow(
        `writing ${path}: Windows could not block other users' access to the file, so nothing was written; ${reason}`,
    );
    expect(existsSync(path)).toBe(false);
});

test("a file that exists stays as it is", () => {
    writeSecretFile(path, SECRET);
    expect(() => writeSecretFile(path, Buffer.from("other"))).toThrow("EEXIST");
    expect(readFileSync(path)).toEqual(SECRET);
});

test("a file that everybody could read is replaced by one for its owner alone, also after an interrupted run", () => {
    for (const name of [path, `${path}.new`]) {
        writeFileSync(name, "old");
        chmodSync(name, 0o644);
    }
    replaceSecretFile(path, "new");
    expect(readFileSync(path, "utf8")).toBe("new");
    expectOwnersAlone(path);
    expect(readdirSync(folder)).toEqual(["RestorePortal.pfx"]);
});
