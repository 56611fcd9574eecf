// Makes a package that is linked from outside the program's node_modules (`npm install <folder>`, `npm link`) use the
// SDK of the program instead of its own. Otherwise an inline program of the Automation API fails, because two SDKs are
// loaded. This file must be imported before the SDK. An installed package gets the program's SDK from the package
// manager, as a peer dependency.
import { createRequire } from "node:module";
import { sep } from "node:path";

const SDK = "@pulumi/pulumi";

if (!__dirname.includes(`${sep}node_modules${sep}`)) useSdkOf(require.main?.filename ?? process.argv[1]);

function useSdkOf(program: string | undefined): void {
    if (program === undefined) return;
    try {
        const load = createRequire(program);
        const [own, others] = [require.resolve(SDK), load.resolve(SDK)];
        if (own === others) return;
        load(SDK);
        require.cache[own] ??= require.cache[others];
    } catch {
        // The program has no SDK of its own, so this package uses its own.
    }
}
