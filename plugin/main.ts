// Starts the plugin from compiled code that an earlier start saved. This halves the processor time of the start. The
// engine ends a plugin with a signal. Node.js does not save compiled code after a signal, so this file saves it.
import * as nodeModule from "node:module";
import { join } from "node:path";

const OLDEST = 22;
if (Number(process.versions.node.split(".")[0]) < OLDEST) {
    const found = `found ${process.version} (${process.execPath})`;
    console.error(
        `the plugin restore-portal needs Node.js ${OLDEST} or newer, ${found}; put a newer version first on PATH`,
    );
    process.exit(1);
}

// Node.js 22.0 has neither of these functions, and 22.1 to 22.9 have only the first. The plugin works without them.
const { enableCompileCache, flushCompileCache } = nodeModule as Partial<typeof nodeModule>;
// The cache is in the plugin's own folder, because other users cannot write there. If this process cannot write there
// either, the plugin still starts, but more slowly.
enableCompileCache?.(join(__dirname, "compiled"));
nodeModule.createRequire(__filename)("./serve.js");

for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
        flushCompileCache?.();
        process.exit(0);
    });
}
