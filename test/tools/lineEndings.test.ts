// Checks that a clone with the settings of git for Windows has no CRLF, so that its format check passes.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { ROOT } from "./sandbox";

test("a clone made by git for Windows has no CRLF, so its first format check passes", () => {
    const clone = mkdtempSync(join(tmpdir(), "clone-"));
    try {
        const options = ["--quiet", "--depth=1", "--config=core.autocrlf=true"];
        execFileSync("git", ["clone", ...options, pathToFileURL(ROOT).href, clone]);
        const files = execFileSync("git", ["ls-files", "--eol"], { cwd: clone, encoding: "utf8" }).trim().split("\n");
        expect(files.filter((line) => /w\/(crlf|mixed)/.test(line))).toEqual([]);
        expect(readFileSync(join(clone, "package.json"), "utf8")).not.toContain("\r");
    } finally {
        rmSync(clone, { recursive: true });
    }
}, 60_000);
