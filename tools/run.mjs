// @ts-check
// Runs child processes. `capture` returns their output, and `attach` connects them to the terminal.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, delimiter, join } from "node:path";

/**
 * @typedef {{ code: number, output: string }} Result
 * @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, onOutput?: (text: string) => void }} RunOptions
 */

/**
 * Runs a command to its end and returns the output of both streams. If the command cannot start, the code is 127. If it
 * is stopped after `timeoutMs`, the code is 124.
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
            // A grandchild process could keep the pipes open forever, so this function closes them.
            child.stdout.destroy();
            child.stderr.destroy();
            end(124, `\nstopped after ${Math.round((timeoutMs ?? 0) / 1000)} s`);
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
 * Runs a command with this process's own streams, passes signals on, and returns the exit code.
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
    // A terminal sends Ctrl-C to the child too. If this process passed it on, Pulumi would get a second signal and stop
    // immediately.
    const interrupt = () => void (process.stdin.isTTY || child.kill("SIGINT"));
    const terminate = () => void child.kill("SIGTERM");
    process.on("SIGINT", interrupt).on("SIGTERM", terminate).on("SIGHUP", terminate);
    return () => process.off("SIGINT", interrupt).off("SIGTERM", terminate).off("SIGHUP", terminate);
}

/**
 * Returns the npm that runs this process, or else the npm on PATH.
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
 * Returns all paths of an executable on PATH, in the order of PATH.
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
 * Returns the name of the variable PATH. Windows writes it as `Path`, and in a copy of `process.env` the case matters.
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
