// @ts-check
// Runs Node for Windows on Linux, under Wine. Each checkout has its own prefix, a folder that contains Wine's drive C:.
// CONTRIBUTING.md lists the features that Wine lacks.
import { spawn } from "node:child_process";
import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, readSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { capture, lastLine, onPath } from "./run.mjs";

/** Debian's packages. The last one contains a linker, which makes a DLL that Wine 8 lacks. */
export const PACKAGES = ["wine", "wine64", "binutils-mingw-w64-x86-64"];

const LOADERS = ["/usr/lib/wine/wine64", "/usr/bin/wine64"];
const LINKER = "x86_64-w64-mingw32-ld";
const HERE = dirname(fileURLToPath(import.meta.url));
const POLL_MS = 500;

/**
 * @typedef {{ loader: string, linker: string }} Programs
 * @typedef {{ env?: Record<string, string>, onOutput?: (text: string) => void, timeoutMs?: number }} WineOptions
 */

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Programs | undefined}
 */
export function findWine(env) {
    const loader = LOADERS.find((path) => existsSync(path));
    const linker = onPath(LINKER, env)[0];
    return loader && linker ? { loader, linker } : undefined;
}

export class Wine {
    /**
     * @param {Programs} programs
     * @param {string} folder the folder for the prefix
     * @param {NodeJS.ProcessEnv} env
     */
    constructor({ loader, linker }, folder, env) {
        this.loader = loader;
        this.linker = linker;
        this.folder = folder;
        this.prefix = join(folder, "prefix");
        this.node = join(this.prefix, "drive_c", "node", "node.exe");
        /** @type {NodeJS.ProcessEnv} */
        this.env = {
            PATH: env["PATH"],
            HOME: env["HOME"],
            LANG: "C.UTF-8",
            WINEPREFIX: this.prefix,
            WINEARCH: "win64",
            WINEDEBUG: "-all",
            WINEDLLOVERRIDES: "mscoree=;mshtml=;winemenubuilder.exe=;bcryptprimitives=n",
            // Wine adds this folder to the PATH of Windows.
            WINEPATH: "C:\\node",
            NODE_SKIP_PLATFORM_CHECK: "1",
            NODE_OPTIONS: `--require=${windowsPath(join(HERE, "wine", "underWine.cjs"))}`,
        };
    }

    /** Makes the prefix, if it is missing or not complete. */
    async prepare() {
        const system = join(this.prefix, "drive_c", "windows", "system32");
        const library = join(system, "bcryptprimitives.dll");
        if (existsSync(library)) return;
        rmSync(this.prefix, { recursive: true, force: true });
        mkdirSync(this.folder, { recursive: true });
        const made = await this.start(["wineboot", "--init"], { timeoutMs: 120_000 });
        if (!existsSync(system)) throw new Error(`Wine made no prefix: ${lastLine(made.output)}`);
        mkdirSync(dirname(this.node), { recursive: true });
        // On Windows, each drive is also a share of the machine itself. Wine lacks these shares, so this code adds the
        // share of drive C:.
        const share = join(this.prefix, "dosdevices", "unc", "localhost");
        mkdirSync(share, { recursive: true });
        symlinkSync(join(this.prefix, "drive_c"), join(share, "C$"));
        const definition = join(HERE, "wine", "bcryptprimitives.def");
        const linked = await capture(this.linker, ["-shared", "-o", `${library}.new`, definition]);
        if (linked.code !== 0) throw new Error(`linking bcryptprimitives.dll: ${linked.output.trim()}`);
        copyFileSync(`${library}.new`, library);
    }

    /**
     * @param {readonly string[]} args
     * @param {string} cwd
     * @param {WineOptions} [options]
     */
    runNode(args, cwd, options) {
        return this.start([this.node, ...args], { ...options, cwd });
    }

    /**
     * Runs a program for Windows. The standard output must be a file, because Node for Windows cannot write to a pipe
     * of Linux.
     *
     * @param {readonly string[]} command
     * @param {WineOptions & { cwd?: string }} options
     * @returns {Promise<import("./run.mjs").Result>}
     */
    start(command, { cwd, env = {}, onOutput, timeoutMs = 30 * 60_000 }) {
        mkdirSync(this.folder, { recursive: true });
        const file = join(this.folder, `output-${process.pid}-${Date.now()}`);
        const to = openSync(file, "w");
        const from = openSync(file, "r");
        const child = spawn(this.loader, command, {
            cwd,
            env: { ...this.env, ...env },
            stdio: ["ignore", to, to],
        });
        closeSync(to);
        let output = "";
        const read = () => {
            const text = readRest(from);
            output += text;
            if (text) onOutput?.(text);
        };
        const poll = setInterval(read, POLL_MS);
        const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
        return new Promise((done) => {
            const end = (/** @type {number} */ code, added = "") => {
                clearInterval(poll);
                clearTimeout(timer);
                read();
                closeSync(from);
                rmSync(file, { force: true });
                done({ code, output: output + added });
            };
            child.on("error", (error) => end(127, error.message));
            child.on("exit", (code, signal) => end(code ?? 1, signal ? `\nended by ${signal}` : ""));
        });
    }
}

/** @param {number} file */
function readRest(file) {
    const buffer = Buffer.alloc(64 * 1024);
    let text = "";
    for (;;) {
        const size = readSync(file, buffer, 0, buffer.length, null);
        if (size === 0) return text;
        text += buffer.toString("utf8", 0, size);
    }
}

/**
 * Wine shows the root folder of Linux as drive Z:.
 *
 * @param {string} path
 */
function windowsPath(path) {
    return `Z:${path}`;
}
