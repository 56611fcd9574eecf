// Checks that the links, anchors and file names in the Markdown files lead to something that exists in this repository.
// Links to other sites are not checked.
import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { markdownFiles, readMarkdown } from "../support/engine/readme";

const ROOT = resolve(__dirname, "../..");

/** Returns the text of a Markdown file without its blocks of code. */
function prose(file: string): string {
    return readMarkdown(file).replace(/^( *)```[^]*?^\1```$/gm, "");
}

/** Returns the anchors that GitHub makes from the headings. */
function anchorsOf(file: string): Set<string> {
    const anchors = new Set<string>();
    for (const [, title = ""] of prose(file).matchAll(/^#+ (.+)$/gm)) {
        const text = title.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
        const anchor = text.replace(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-");
        let unique = anchor;
        for (let count = 1; anchors.has(unique); count++) unique = `${anchor}-${count}`;
        anchors.add(unique);
    }
    return anchors;
}

/** Returns why a link is broken. `undefined`: the link works, or leads out of the repository. */
function broken(file: string, target: string): string | undefined {
    if (/^[a-z]+:/.test(target)) return undefined;
    const [path = "", anchor] = target.split("#");
    const linked = path === "" ? file : join(dirname(file), path).replaceAll("\\", "/");
    if (!existsSync(join(ROOT, linked))) return `${target}: no such file`;
    if (anchor === undefined) return undefined;
    return anchorsOf(linked).has(anchor) ? undefined : `${target}: no such heading`;
}

test.each(markdownFiles())("%s: links and anchors exist", (file) => {
    const targets = [...prose(file).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? "");
    expect(targets.map((target) => broken(file, target)).filter((problem) => problem !== undefined)).toEqual([]);
});

const FOLDERS = ["bench", "cli", "docs", "emulator", "provider", "stacks", "system", "test", "tools"];
const exists = (...path: string[]) => existsSync(join(ROOT, ...path));
const isFolder = (path: string) => statSync(join(ROOT, path), { throwIfNoEntry: false })?.isDirectory() === true;

/**
 * Accepts a path from the root (`provider/entra/retry.ts`), from provider/ (`entra/retry.ts`), of a test
 * (`walk/randomWalk`), or beside the page. Also accepts a path that begins with an unknown folder, because it may be
 * outside of this repository.
 */
function isKnown(file: string, path: string): boolean {
    if (exists(dirname(file), path)) return true;
    const [folder = ""] = path.split("/");
    if (FOLDERS.includes(folder)) return exists(path);
    if (path.endsWith(".ts")) return exists("provider", path) || !isFolder(`provider/${folder}`);
    if (!isFolder(`test/${folder}`)) return true;
    return exists("test", `${path}.test.ts`) || exists("test", `${path}.deep.test.ts`) || exists("provider", path);
}

test.each(markdownFiles())("%s: the named files exist", (file) => {
    const names = [...prose(file).matchAll(/`([\w.-]+\/[\w./-]*)`/g)].map((match) => match[1] ?? "");
    expect(names.filter((name) => !isKnown(file, name))).toEqual([]);
});
