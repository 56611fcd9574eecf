// Gives a project its own copy of a Pulumi SDK, as npm installs it. The version can differ from that of the checkout.
import { execFileSync } from "node:child_process";
import {
    cpSync,
    existsSync,
    mkdirSync,
    readdirSync,
    readFileSync,
    renameSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "../../..");
const CACHE = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "pulumi-restore-portal");

interface Manifest {
    readonly version: string;
    readonly peerDependencies: Record<string, string>;
    readonly devDependencies: Record<string, string>;
}

const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;
const SDK = "@pulumi/pulumi";
/** The oldest version that the peer dependency allows. The newest version is that of the checkout. */
export const OLDEST_SDK = (manifest.peerDependencies[SDK] ?? "").replace("^", "");
export const NEWEST_SDK = manifest.devDependencies[SDK] ?? "";

/**
 * Installs the SDK into the project's node_modules, as a copy and not as a link. If `copy` is set, this package is a
 * copy too.
 */
export function install(project: string, { sdk, copy }: { readonly sdk: string; readonly copy: boolean }): void {
    const [source, target] = [nodeModulesWith(sdk), join(project, "node_modules")];
    rmSync(target, { recursive: true, force: true });
    mkdirSync(join(target, "@pulumi"), { recursive: true });
    for (const name of readdirSync(source)) {
        if (name !== "@pulumi" && !name.startsWith(".")) symlinkSync(join(source, name), join(target, name));
    }
    cpSync(join(source, SDK), join(target, SDK), { recursive: true });
    installPackage(target, copy);
}

/** Installs this package as npm installs a tarball (`copy`), or as npm links a folder. */
export function installPackage(nodeModules: string, copy: boolean): void {
    const target = join(nodeModules, "pulumi-restore-portal");
    if (!copy) {
        symlinkSync(ROOT, target);
        return;
    }
    mkdirSync(target, { recursive: true });
    cpSync(join(ROOT, "package.json"), join(target, "package.json"));
    for (const name of ["dist", "stacks"]) cpSync(join(ROOT, name), join(target, name), { recursive: true });
    mkdirSync(join(target, "node_modules"));
    for (const name of readdirSync(join(ROOT, "node_modules"))) {
        // The SDK is a peer dependency, so npm installs it only in the project.
        if (name === "@pulumi" || name.startsWith(".")) continue;
        symlinkSync(join(ROOT, "node_modules", name), join(target, "node_modules", name));
    }
}

/**
 * Links the dependencies of `stacks/portal/` and `stacks/serviceProvider/` into the project's node_modules, where a
 * package manager would install them.
 */
export function installForTemplate(project: string): void {
    mkdirSync(join(project, "node_modules/@pulumi"), { recursive: true });
    symlinkSync(ROOT, join(project, "node_modules/pulumi-restore-portal"));
    for (const name of [SDK, "typescript", "@types"])
        symlinkSync(join(ROOT, "node_modules", name), join(project, "node_modules", name));
}

/**
 * Returns the node_modules folder that contains this SDK. The checkout has the newest SDK. npm installs another version
 * once, into the user's cache folder.
 */
function nodeModulesWith(version: string): string {
    if (version === NEWEST_SDK) return join(ROOT, "node_modules");
    const folder = join(CACHE, `sdk-${version}`);
    if (!existsSync(folder)) {
        const partial = `${folder}.partial-${process.pid}`;
        mkdirSync(partial, { recursive: true });
        writeFileSync(join(partial, "package.json"), JSON.stringify({ private: true }));
        const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", `${SDK}@${version}`];
        execFileSync("npm", args, { cwd: partial, stdio: "pipe" });
        renameSync(partial, folder);
    }
    return join(folder, "node_modules");
}
