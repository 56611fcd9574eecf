// Finds the templates of this package, and the source from which it was installed. A new project installs this package
// from the same source.
import { existsSync, readFileSync, readdirSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

import type { Files } from "./files";

const NAME = "pulumi-restore-portal";

function ownFolder(): string {
    return dirname(require.resolve(`${NAME}/package.json`));
}

/**
 * The script that installs this package after `pulumi new`. `init` and `export` list the package in package.json, so
 * they leave the script out.
 */
const INSTALLER = "provider.mjs";

/** Returns the files of a folder of `stacks/`, without the script that `INSTALLER` names. */
export function templateFiles(name: string): Files {
    const folder = join(ownFolder(), "stacks", name);
    const names = readdirSync(folder).filter((file) => !["node_modules", INSTALLER].includes(file));
    return new Map(names.sort().map((file) => [file, readFileSync(join(folder, file), "utf8")]));
}

/**
 * Returns the source of this package as an entry for the package.json in `folder`: a path to a tarball or clone, a git
 * URL, or a version in the registry.
 */
export function ownPackageSpec(folder: string): string {
    const own = ownFolder();
    const modules = join(sep, "node_modules", NAME);
    if (!own.endsWith(modules)) return pathSpec(folder, realpathSync(own));
    const root = own.slice(0, -modules.length);
    const source = installedFrom(root);
    const [, path] = /^(?:file|link):(.*)$/.exec(source ?? "") ?? [];
    if (path !== undefined) return pathSpec(folder, isAbsolute(path) ? path : resolve(root, path));
    if (source !== undefined && /^git[+:]|^github:/.test(source)) return source;
    return `^${ownVersion()}`;
}

/**
 * npm keeps the source in its own lock file. If another package manager installed the package, package.json contains
 * the source.
 */
function installedFrom(root: string): string | undefined {
    const lock = read(join(root, "node_modules", ".package-lock.json"));
    const entry = lock.packages?.[`node_modules/${NAME}`];
    if (entry?.resolved !== undefined) return entry.link === true ? `file:${entry.resolved}` : entry.resolved;
    return read(join(root, "package.json")).dependencies?.[NAME];
}

interface Manifest {
    readonly dependencies?: Readonly<Record<string, string>>;
    /** Only npm's lock file contains this member. */
    readonly packages?: Readonly<Record<string, { readonly resolved?: string; readonly link?: boolean }>>;
}

function read(file: string): Manifest {
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Manifest) : {};
}

function pathSpec(folder: string, target: string): string {
    return `file:${relative(resolve(folder), target).split(sep).join("/")}`;
}

export function ownVersion(): string {
    const text = readFileSync(join(ownFolder(), "package.json"), "utf8");
    return (JSON.parse(text) as { readonly version: string }).version;
}
