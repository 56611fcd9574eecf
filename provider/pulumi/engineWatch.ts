// Watches the Pulumi engine that started this process, and ends the process soon after its engine. If somebody kills
// the CLI, its provider process continues (measured).
import { connect } from "node:net";

const CONNECT_TIMEOUT_MS = 2_000;
const ADDRESS = /^([\w.-]+):(\d+)$/;

/** Whether this process is the native plugin. */
export const isPlugin = /pulumi-resource-restore-portal/.test(process.argv[1] ?? "");

/**
 * The engine's address is the last argument of a dynamic provider, and of the plugin. It is the same for all provider
 * processes of one deployment. `undefined`: no engine, because tests start other processes.
 */
export const engineAddress =
    isPlugin || /dynamic-provider/.test(process.argv[1] ?? "")
        ? process.argv.findLast((argument) => ADDRESS.test(argument))
        : undefined;
const address = ADDRESS.exec(engineAddress ?? "");

/**
 * Tests, when the process starts, whether the engine runs. If the engine's address does not answer then, a later
 * missing answer proves nothing.
 */
const wasRunning = address ? isListening() : Promise.resolve(false);

const WATCH_MS = 3_000;
/** If the machine was suspended, one answer may be missing. So only this many missing answers in a row count. */
const MISSES = 2;

/** Ends this process soon after its engine. Otherwise it would run forever after somebody kills the CLI. */
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

/** Returns whether the engine has ended. `false` if it did not answer when this process started. */
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
        // A busy machine may be slow; only a refused connection proves that the engine has ended.
        socket.setTimeout(CONNECT_TIMEOUT_MS, () => end(true));
    });
}
