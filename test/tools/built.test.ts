// The clean-up of dist/ after a build.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Sandbox, ROOT } from "./sandbox";

describe("removeStale", () => {
    const box = new Sandbox();
    afterAll(() => box.remove());

    const compiled = (name: string) => [".js", ".js.map", ".d.ts"].map((end) => `dist/${name}${end}`);

    it("removes the compiled files of a source that is gone, and folders that become empty", async () => {
        box.write("provider/kept.ts", "");
        const gone = [...compiled("provider/gone"), ...compiled("provider/moved/away")];
        const kept = [...compiled("provider/kept"), "dist/.built", "dist/.tsbuildinfo"];
        for (const file of [...gone, ...kept]) box.write(file, "");
        const script = `import { removeStale } from ${JSON.stringify(join(ROOT, "tools/built.mjs"))};
            removeStale(${JSON.stringify(box.folder)});`;
        const { code, stderr } = await box.run(["--input-type=module", "--eval", script]);
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
        const exists = (file: string) => existsSync(join(box.folder, file));
        expect(gone.filter(exists)).toEqual([]);
        expect(kept.filter((file) => !exists(file))).toEqual([]);
        expect(exists("dist/provider/moved")).toBe(false);
    });
});
