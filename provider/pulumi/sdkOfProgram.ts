// Makes this package use the program's SDK if the package is linked into the program (`npm install <folder>`,
// `npm link`). With two SDKs, an inline program of the Automation API fails. This file must be imported before the SDK.
// An installed package shares the program's SDK as a peer dependency.
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
