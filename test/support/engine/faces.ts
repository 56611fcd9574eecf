// Describes the two faces of the provider: dynamic resources, and the native plugin with its generated SDK. Many tests
// run through both faces: most files in test/engine/native/ choose the native face and then load the tests of another
// file.
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

export type Face = "dynamic" | "native";

const ROOT = resolve(__dirname, "../../..");
export const PLUGIN_FOLDER = join(ROOT, "dist/plugin");
const SDKS = join(ROOT, "sdks");
const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };

let face: Face = "dynamic";

/** Chooses the face for the rest of this test file. */
export function useFace(chosen: Face): void {
    face = chosen;
}

export function faceOfTests(): Face {
    return face;
}

/** Returns the type of a resource in state and in previews. */
export function typeOf(resource: string): string {
    return face === "native" ? `restore-portal:index:${resource}` : `pulumi-nodejs:dynamic/restorePortal:${resource}`;
}

/** Returns a part of the command line of the process that runs the hooks. */
export function providerProcess(): string {
    return face === "native" ? "pulumi-resource-restore-portal" : "dynamic-provider";
}

/** Prepares a project so that its programs get the generated SDK and the plugin when they import this package. */
export function installNative(project: string): void {
    installPlugin(join(project, "home/.pulumi"));
    const modules = join(project, "node_modules");
    symlinkSync(join(SDKS, "nodejs"), join(modules, "restore-portal"));
    const reexport = (name: string, of: string) =>
        writeFileSync(join(modules, `pulumi-restore-portal/${name}.js`), `module.exports = require("${of}");\n`);
    mkdirSync(join(modules, "pulumi-restore-portal"));
    reexport("index", "restore-portal");
    // If state still contains dynamic resources, a refresh loads the file `provider-host` of the package.
    reexport("provider-host", join(ROOT, "dist/provider/host.js"));
}

/** Puts the plugin where `pulumi plugin install` puts it. */
export function installPlugin(pulumiHome: string): void {
    const folder = join(pulumiHome, `plugins/resource-restore-portal-v${version}`);
    if (existsSync(folder)) return;
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(PLUGIN_FOLDER)) symlinkSync(join(PLUGIN_FOLDER, name), join(folder, name));
}
