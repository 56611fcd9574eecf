// Checks which files a build removes from dist/.
import { existsSync } from "node:fs";
import { join } from "node:path";

import { ROOT, Sandbox } from "./sandbox";

// Each test starts several processes, so it needs more time.
jest.setTimeout(60_000);

let box: Sandbox;
beforeEach(() => (box = new Sandbox()));
afterEach(() => box.remove());

const compiled = (name: string) => [".js", ".js.map", ".d.ts"].map((end) => `dist/${name}${end}`);
const exists = (file: string) => existsSync(join(box.folder, file));

async function removeStale(): Promise<void> {
    const script = `import { removeStale } from ${JSON.stringify(join(ROOT, "tools/built.mjs"))};
        removeStale(${JSON.stringify(box.folder)});`;
    const { code, stderr } = await box.run(["--input-type=module", "--eval", script]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
}

test("a build removes the compiled files of deleted sources, and empty folders", async () => {
    const gone = [...compiled("provider/gone"), ...compiled("provider/moved/away"), ...compiled("old/index")];
    const kept = [...compiled("provider/kept"), "dist/.built"];
    for (const file of [...gone, ...kept]) box.write(file, "");
    box.write("dist/.tsbuildinfo", JSON.stringify({ fileNames: ["../node_modules/x/y.d.ts", "../provider/kept.ts"] }));
    await removeStale();
    expect(gone.filter(exists)).toEqual([]);
    expect(kept.filter((file) => !exists(file))).toEqual([]);
    expect(["dist/provider/moved", "dist/old"].filter(exists)).toEqual([]);
});

test("on Windows the compiler lists its sources in small letters, and no compiled file of them is removed", async () => {
    const kept = compiled("provider/plainText");
    for (const file of kept) box.write(file, "");
    box.write("dist/.tsbuildinfo", JSON.stringify({ fileNames: ["../provider/plaintext.ts"] }));
    await removeStale();
    expect(kept.filter((file) => !exists(file))).toEqual([]);
});

test("without the compiler's list of sources nothing is removed", async () => {
    box.write("dist/provider/index.js", "");
    await removeStale();
    expect(exists("dist/provider/index.js")).toBe(true);
});
