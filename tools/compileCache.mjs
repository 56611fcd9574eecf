// @ts-check
// Node's compile cache for the processes that engine tests start. It saves about a quarter of a `pulumi preview`.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { capture } from "./run.mjs";

/** @param {string} root */
export function compileCacheOf(root) {
    return join(root, "node_modules", ".cache", "compiled-modules");
}

/**
 * Fills the cache with what a provider process loads. Node writes the cache when a process exits by itself, but the engine
 * ends a provider process by a signal.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
export async function warmCompileCache(root, env) {
    const host = join(root, "dist", "provider", "host.js");
    if (!existsSync(host)) return;
    // What the SDK's provider process loads, then what our hooks load: at the start, and before their first request.
    const required = ["@pulumi/pulumi", "@pulumi/pulumi/proto/provider_grpc_pb", "source-map-support", host];
    const imported = ["@azure/identity", "@azure/core-rest-pipeline"];
    // A module that is missing or has moved only costs time in the tests.
    const text = [
        ...required.map((name) => `try { require(${JSON.stringify(name)}); } catch {}`),
        ...imported.map((name) => `import(${JSON.stringify(name)}).catch(() => {});`),
    ].join("\n");
    await capture(process.execPath, ["-e", text], {
        cwd: root,
        env: { ...env, NODE_COMPILE_CACHE: compileCacheOf(root) },
    });
}
