// Checks which failures on Windows count as left out: failures of tests that need a program, a folder or a feature of
// Unix.
import { execFileSync } from "node:child_process";

import { ROOT } from "./sandbox";

/** Failures as jest reports them, and the program, folder or feature that is missing. `null`: a failure that counts. */
const ROWS: readonly (readonly [message: string, need: string | null])[] = [
    ["Error: spawnSync openssl ENOENT\n    at Object.spawnSync (node:internal/child_process:1120:20)", "openssl"],
    ["Error: spawn script ENOENT", "script"],
    ["Error: spawnSync /bin/sh ENOENT", "sh"],
    ["ENOENT: no such file or directory, scandir 'C:\\proc'", "/proc"],
    ["EPERM: operation not permitted, symlink 'C:\\a' -> 'C:\\b'", "symbolic links"],
    ["ENOTSUP: operation not supported on socket, symlink 'C:\\a' -> 'C:\\b'", "symbolic links"],
    ["Error: spawn npm ENOENT", null],
    ["Error: spawn pulumi ENOENT", null],
    ["Error: spawnSync C:\\Windows\\System32\\icacls.exe ENOENT", null],
    ["expect(received).toBe(expected)", null],
    ["ENOENT: no such file or directory, open 'C:\\Users\\anna\\portal.pfx'", null],
];

test("programs and folders of Unix are needs; what our code must find on Windows, and all else, are failures", () => {
    const script = `import { missingNeed } from "./tools/windowsReporter.mjs";
        const messages = JSON.parse(process.argv[1]);
        console.log(JSON.stringify(messages.map((message) => missingNeed(message) ?? null)));`;
    const messages = JSON.stringify(ROWS.map(([message]) => message));
    const args = ["--input-type=module", "--eval", script, messages];
    const answers = JSON.parse(execFileSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" })) as unknown[];
    expect(answers).toEqual(ROWS.map(([, need]) => need));
});
