// Checks that only the owner of a file may read it.
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";

export function expectOwnersAlone(path: string): void {
    if (process.platform !== "win32") {
        expect(statSync(path).mode & 0o777).toBe(0o600);
        return;
    }
    const lines = execFileSync("icacls", [path], { encoding: "utf8" }).split(/\r?\n/);
    const rights = lines.filter((line) => /:\([A-Z,()]+\)/.test(line));
    // Wine's icacls does nothing and prints nothing, so nothing can be checked.
    if (process.env["WINEPREFIX"] !== undefined) expect(rights).toEqual([]);
    else expect(rights).toEqual([expect.stringMatching(/:\(F\)$/)]);
}
