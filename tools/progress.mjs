// @ts-check
// What set-up says while it works: short lines on stderr, so that stdout stays the command's own.

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
 * Shows that a long step is alive: a spinner on a terminal, elsewhere a line at once and one every ten seconds.
 * `detail` is asked at each of them what there is to tell.
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
 * The same for a step that prints by itself, but may be silent for long: only lines, and none on a terminal.
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
