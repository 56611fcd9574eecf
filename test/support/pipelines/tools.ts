// Provides the programs that check and run pipelines, and the servers that store Pulumi's state. Each program is
// downloaded once, into the user's cache folder. rsync and PostgreSQL are downloaded only if the machine lacks them.
// Nothing is installed on the machine.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import { librariesOf, unpackDebian } from "../debianPackage";
import { onPath } from "./onPath";

const CACHE = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "pulumi-restore-portal", "pipelines");

/**
 * Fills a folder of the cache once, and returns its path. Another run may fill it at the same moment, so each run fills
 * a folder of its own and then renames this folder.
 */
function kept(name: string, fill: (folder: string) => void): string {
    const folder = join(CACHE, name);
    if (existsSync(folder)) return folder;
    const partial = `${folder}.partial-${process.pid}`;
    mkdirSync(partial, { recursive: true });
    try {
        fill(partial);
        if (!existsSync(folder)) renameSync(partial, folder);
    } finally {
        rmSync(partial, { recursive: true, force: true });
    }
    return folder;
}

/** Returns the path of actionlint, which checks GitHub workflows. Go builds it from its module. */
export function actionlint(): string {
    const folder = kept("actionlint-1.7.12", (target) => {
        const env = { ...process.env, GOBIN: target, GOWORK: "off", CGO_ENABLED: "0" };
        execFileSync("go", ["install", "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"], { env, stdio: "pipe" });
    });
    return join(folder, "actionlint");
}

/** Runs a tool of PyPI. */
export function pythonTool(tool: "zizmor" | "check-jsonschema", args: readonly string[], cwd: string): string {
    const versions = { zizmor: "zizmor==1.32.0", "check-jsonschema": "check-jsonschema==0.39.0" };
    const folder = kept(versions[tool].replace("==", "-"), (target) => {
        const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", target];
        execFileSync("python3", [...pip, versions[tool]], { stdio: "pipe" });
    });
    const env = { ...process.env, PYTHONPATH: folder, NO_COLOR: "1" };
    return execFileSync(join(folder, "bin", tool), args, { cwd, env, encoding: "utf8", stdio: "pipe" });
}

/** Returns the script that starts Azurite, which replaces Azure Blob Storage. */
export function azurite(): string {
    const folder = kept("azurite-3.37.0", (target) => {
        const options = ["--no-audit", "--no-fund", "--ignore-scripts", "--prefix", target];
        execFileSync("npm", ["install", ...options, "azurite@3.37.0"], { cwd: target, stdio: "pipe" });
    });
    return join(folder, "node_modules/azurite/dist/src/blob/main.js");
}

export interface Program {
    readonly command: string;
    readonly env: NodeJS.ProcessEnv;
}

/** Returns rsync, with which gitlab-ci-local copies files. */
export function rsync(): Program {
    const installed = onPath("rsync");
    if (installed !== undefined) return { command: installed, env: {} };
    const root = unpacked("rsync");
    return { command: join(root, "usr/bin/rsync"), env: { LD_LIBRARY_PATH: librariesOf(root) } };
}

function unpacked(name: string): string {
    return kept(`debian-${name}`, (target) => unpackDebian(name, target));
}

/**
 * Finds or downloads a PostgreSQL server. Here, `command` is the folder with its programs. A downloaded server is
 * copied to `target`: a test that runs as root starts the server as another user, who may not read root's cache folder.
 */
export function postgres(target: string): Program {
    const installed = serverIn("/");
    if (installed !== undefined) return { command: installed, env: {} };
    const root = join(target, "server");
    cpSync(unpacked("postgresql"), root, { recursive: true, verbatimSymlinks: true });
    const folder = serverIn(root);
    if (folder === undefined) throw new Error("Debian's package postgresql has no server");
    return { command: folder, env: { LD_LIBRARY_PATH: librariesOf(root) } };
}

function serverIn(root: string): string | undefined {
    const versions = join(root, "usr/lib/postgresql");
    const folders = existsSync(versions) ? readdirSync(versions).map((name) => join(versions, name, "bin")) : [];
    return folders.find((folder) => existsSync(join(folder, "postgres")));
}
