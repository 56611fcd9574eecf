// @ts-check
// Prints the progress of long steps on stderr, because stdout belongs to the command itself.

const TICK_MS = 10_000;
const SPINNER_MS = 100;
const FRAMES = ["|", "/", "-", "\\"];

/** @param {string} line */
export function say(line) {
    process.stderr.write(`${line}\n`);
}

/** @param {number} since milliseconds, as Date.now() gives them */
export function elapsed(since) {
    const seconds = (Date.now() - since) / 1000;
    if (seconds < 10) return `${seconds.toFixed(1)} s`;
    if (seconds < 60) return `${Math.round(seconds)} s`;
    const whole = Math.round(seconds);
    return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/**
 * Shows that a long step is still running. On a terminal, this function shows a spinner. Otherwise, it prints one line
 * immediately and one every ten seconds. Each update calls `detail` for more text.
 *
 * @template T
 * @param {string} label
 * @param {() => Promise<T>} work
 * @param {() => string} [detail]
 * @returns {Promise<T>}
 */
export async function withProgress(label, work, detail = () => "") {
    const since = Date.now();
    const state = () => [elapsed(since), detail()].filter(Boolean).join(", ");
    const stop = process.stderr.isTTY ? spin(() => `${label} (${state()})`) : tick(label, state);
    try {
        return await work();
    } finally {
        stop();
    }
}

/**
 * Shows that a step is still running. The step prints its own output, but it may be silent for a long time. If stderr
 * is not a terminal, this function prints a line every 30 seconds.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withTicks(work) {
    const since = Date.now();
    const timer = process.stderr.isTTY ? undefined : setInterval(() => say(`  ... ${elapsed(since)}`), 3 * tickMs());
    try {
        return await work();
    } finally {
        clearInterval(timer);
    }
}

/** @param {() => string} text */
function spin(text) {
    let frame = 0;
    const draw = () => {
        const width = (process.stderr.columns || 80) - 3;
        process.stderr.write(`\r\x1b[2K${FRAMES[frame++ % FRAMES.length]} ${text().slice(0, width)}`);
    };
    draw();
    const timer = setInterval(draw, SPINNER_MS);
    return () => {
        clearInterval(timer);
        process.stderr.write("\r\x1b[2K");
    };
}

/**
 * @param {string} label
 * @param {() => string} state
 */
function tick(label, state) {
    say(`${label} ...`);
    const timer = setInterval(() => say(`  ... ${state()}`), tickMs());
    return () => clearInterval(timer);
}

function tickMs() {
    return Number(process.env["RESTORE_PORTAL_TICK_MS"]) || TICK_MS;
}
