// @ts-check
// Child processes of set-up: captured (the output is shown only when it fails) or attached to the terminal.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, delimiter, join } from "node:path";

/**
 * @typedef {{ code: number, output: string }} Result
 * @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, onOutput?: (text: string) => void }} RunOptions
 */

/**
 * Runs to the end and returns what was printed on both streams; a command that cannot be started has code 127.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<Result>}
 */
export function capture(command, args, { cwd, env, timeoutMs, onOutput } = {}) {
    return new Promise((done) => {
        const shell = process.platform === "win32" && /\.(cmd|bat)$/i.test(command);
        const child = spawn(command, args, { cwd, env, shell, stdio: ["ignore", "pipe", "pipe"] });
        let output = "";
        /** @param {number} code */
        const end = (code, added = "") => {
            clearTimeout(timer);
            done({ code, output: output + added });
        };
        const expire = () => {
            child.kill();
            // A grandchild may keep the pipes open for ever: it is not waited for.
            child.stdout.destroy();
            child.stderr.destroy();
            end(124, `\nno end after ${Math.round((timeoutMs ?? 0) / 1000)} s`);
        };
        const timer = timeoutMs ? setTimeout(expire, timeoutMs) : undefined;
        for (const stream of [child.stdout, child.stderr])
            stream.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
                output += text;
                onOutput?.(text);
            });
        child.on("error", (error) => end(127, error.message));
        child.on("close", (code, signal) => end(code ?? 1, signal ? `\nended by ${signal}` : ""));
    });
}

/**
 * Runs with our own streams and passes signals on; returns the exit code.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<number>}
 */
export function attach(command, args, { cwd, env } = {}) {
    return new Promise((done, fail) => {
        const child = spawn(command, args, { cwd, env, stdio: "inherit" });
        const release = passSignalsOn(child);
        child.on("error", fail);
        child.on("close", (code, signal) => {
            release();
            done(code ?? (signal === "SIGINT" ? 130 : 1));
        });
    });
}

/** @param {import("node:child_process").ChildProcess} child */
function passSignalsOn(child) {
    // A terminal sends Ctrl-C to the whole group: once more from us would be a second one, which Pulumi takes for "now".
    const interrupt = () => void (process.stdin.isTTY || child.kill("SIGINT"));
    const terminate = () => void child.kill("SIGTERM");
    process.on("SIGINT", interrupt).on("SIGTERM", terminate).on("SIGHUP", terminate);
    return () => process.off("SIGINT", interrupt).off("SIGTERM", terminate).off("SIGHUP", terminate);
}

/**
 * How to call npm: the one that runs us, else the one on PATH.
 *
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ command: string, args: string[] }}
 */
export function npmCommand(args, env) {
    const script = env["npm_execpath"];
    if (script && /^npm-cli\.[cm]?js$/.test(basename(script)) && existsSync(script))
        return { command: process.execPath, args: [script, ...args] };
    return { command: process.platform === "win32" ? "npm.cmd" : "npm", args: [...args] };
}

/**
 * All places of an executable on PATH, first one first.
 *
 * @param {string} name
 * @param {NodeJS.ProcessEnv} env
 */
export function onPath(name, env) {
    const folders = (env[pathKey(env)] ?? "").split(delimiter).filter(Boolean);
    return folders.map((folder) => join(folder, executable(name))).filter((file) => existsSync(file));
}

/** @param {string} name */
export function executable(name) {
    return process.platform === "win32" ? `${name}.exe` : name;
}

/**
 * Windows spells it `Path`, and a copy of process.env no longer ignores the case.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function pathKey(env) {
    return Object.keys(env).find((key) => /^path$/i.test(key)) ?? "PATH";
}

/** @param {string} output */
export function lastLine(output) {
    const lines = output.split("\n").map((line) => line.trim());
    return lines.filter(Boolean).pop() ?? "";
}
