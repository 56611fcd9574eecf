// Ends this process soon after the Pulumi engine that started it has ended. Otherwise the process would run forever
// after somebody kills the CLI (measured).
import { connect } from "node:net";

const CONNECT_TIMEOUT_MS = 2_000;
const ADDRESS = /^([\w.-]+):(\d+)$/;

export const isPlugin = /pulumi-resource-restore-portal/.test(process.argv[1] ?? "");

/**
 * The engine's address, from the arguments of this process. The engine gives the same address to all provider processes
 * of a deployment. `undefined`: no engine started this process, as in tests.
 */
export const engineAddress =
    isPlugin || /dynamic-provider/.test(process.argv[1] ?? "")
        ? process.argv.findLast((argument) => ADDRESS.test(argument))
        : undefined;
const address = ADDRESS.exec(engineAddress ?? "");

/** Whether the engine answered when this process started. If it did not, a later missing answer proves nothing. */
const wasRunning = address ? isListening() : Promise.resolve(false);

const WATCH_MS = 3_000;
/**
 * After this number of missing answers in a row, this process ends. A single answer may be missing because the machine
 * was suspended.
 */
const MISSES = 2;

async function watchEngine(): Promise<void> {
    if (!(await wasRunning)) return;
    let misses = 0;
    const look = async () => {
        misses = (await isListening()) ? 0 : misses + 1;
        if (misses === MISSES) process.exit(1);
    };
    setInterval(() => void look(), WATCH_MS).unref();
}
void watchEngine();

/** Returns whether the engine has ended. Returns `false` if the engine did not answer when this process started. */
export async function engineHasEnded(): Promise<boolean> {
    return (await wasRunning) && !(await isListening());
}

function isListening(): Promise<boolean> {
    return new Promise((done) => {
        const socket = connect({ host: address?.[1] ?? "", port: Number(address?.[2]) });
        const end = (isRunning: boolean) => {
            socket.destroy();
            done(isRunning);
        };
        socket.once("connect", () => end(true));
        socket.once("error", () => end(false));
        // A slow answer may come from a busy machine, so the engine counts as running.
        socket.setTimeout(CONNECT_TIMEOUT_MS, () => end(true));
    });
}
