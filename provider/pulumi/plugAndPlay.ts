// Refuses yarn's Plug'n'Play. Pulumi starts programs and providers with plain Node.js, which finds packages only in
// node_modules.

/** Returns why the package cannot work. `undefined`: Plug'n'Play is off. */
export function plugAndPlayProblem(): string | undefined {
    if (process.versions["pnp"] === undefined) return undefined;
    return "pulumi-restore-portal does not work with yarn's Plug'n'Play, because Pulumi starts the provider without it; write nodeLinker: node-modules into .yarnrc.yml, and run yarn install";
}
