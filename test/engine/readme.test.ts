// Runs every shell block of the README unchanged, except the blocks that EXCEPTIONS lists. docs.deep.test.ts also runs
// the blocks of docs/.
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import {
    applies,
    blocks,
    describeBlocks,
    EXCEPTIONS,
    inProject,
    isInCheckout,
    runnable,
} from "../support/engine/shownCommands";
import { expectSuccess, run } from "../support/engine/workspace";

jest.setTimeout(300_000);

const ROOT = resolve(__dirname, "../..");

test("there are blocks of both kinds, and each exception applies to one block", () => {
    expect(runnable.filter(isInCheckout)).toHaveLength(1);
    expect(inProject.length).toBeGreaterThan(3);
    const counts = EXCEPTIONS.map((one) => [one.text, blocks.filter((block) => applies(one, block)).length]);
    expect(counts.filter(([, count]) => count !== 1)).toEqual([]);
});

test("every block of commands has the language sh", () => {
    expect(blocks.filter(({ language }) => language !== "sh")).toEqual([]);
});

test("npm start registers, names a change made by hand, repairs it, and leaves nothing behind", async () => {
    const [block] = runnable.filter(isInCheckout);
    const result = await run("sh", ["-eu", "-c", block?.text ?? ""], {
        cwd: ROOT,
        env: process.env,
        timeoutMs: 240_000,
    });
    expectSuccess(result);
    expect(result.stdout).toMatch(/Restore Portal web address +https:\/\/portal\.abc\.com:4443/);
    expect(result.stdout).toMatch(/~ portalUrl +: "not registered" => "https:\/\/portal\.abc\.com:4443"/);
    expect(result.stdout).toContain('+ [1]: "access_as_user"');
    expect(result.stdout).toContain("exit code 7");
    expect(result.stdout.trim().split("exit code 0")).toHaveLength(3);
    expect(result.stdout.match(/The preview has two parts\. "refresh" lists .*\n.*"update" lists /g)).toHaveLength(1);
    expect(result.stdout).toMatch(
        /Summary:\n +changes by hand found +2: .*\n +repaired +2: .*:4443, consent to access_as_user\n +entries of others kept +1: https:\/\/theirs/,
    );
    expect(result.stdout).not.toContain("\u001b[");
    expect(readdirSync(join(ROOT, ".portal"))).toEqual([]);
    const printed = result.output.split("\n").map((line) => line.trim());
    expect(pictureLines().filter((line) => !printed.includes(line))).toEqual([]);
});

/** Returns the lines of the picture in the README. tools/docs/picture.mjs draws it from the output of `npm start`. */
function pictureLines(): string[] {
    const picture = readFileSync(join(ROOT, "docs/images/preview.svg"), "utf8");
    const texts = [...picture.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1] ?? "");
    expect(texts.length).toBeGreaterThan(10);
    return texts.map((text) =>
        text.replaceAll("&#160;", " ").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&").trim(),
    );
}

describeBlocks(inProject.filter(({ file }) => file === "README.md"));
