// Checks that the built plugin starts with a Node.js that lacks functions of a later version.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { PluginProcess } from "../support/plugin/pluginProcess";

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "plugin-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
    ["22.0", ["enableCompileCache", "flushCompileCache"]],
    ["22.1", ["flushCompileCache"]],
])("the plugin starts and ends as usual with Node.js %s, which has no %j", async (_version, lacking) => {
    const file = join(folder, "older.cjs");
    writeFileSync(file, lacking.map((name) => `delete require("node:module").${name};`).join("\n"));
    // Node.js reads a backslash in NODE_OPTIONS as an escape, so slashes replace the backslashes.
    const plugin = await PluginProcess.start({ NODE_OPTIONS: `--require "${file.replaceAll("\\", "/")}"` });
    await plugin.configure();
    expect(await plugin.end()).toBe(0);
});
