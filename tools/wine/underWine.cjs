// Every Node process under Wine loads this file, because Wine 8 differs from Windows in two ways.
const childProcess = require("node:child_process");

// Wine refuses the keep-alive options that Node sets on connections of `fetch` and of agents. So this file turns these
// options off.
process.binding("tcp_wrap").TCP.prototype.setKeepAlive = () => 0;

// On Windows a process needs no variable of its parent's environment. Under Wine it needs these variables.
const NEEDED = ["WINEPREFIX", "WINEDEBUG", "WINEARCH", "WINEDLLOVERRIDES", "NODE_SKIP_PLATFORM_CHECK", "NODE_OPTIONS"];
const needed = NEEDED.filter((name) => process.env[name] !== undefined).map((name) => `${name}=${process.env[name]}`);

/** @param {{ envPairs?: string[] }} options */
function completed(options) {
    if (!options.envPairs) return options;
    const names = new Set(options.envPairs.map((pair) => pair.slice(0, pair.indexOf("="))));
    const missing = needed.filter((pair) => !names.has(pair.slice(0, pair.indexOf("="))));
    return { ...options, envPairs: [...options.envPairs, ...missing] };
}

const { spawn } = childProcess.ChildProcess.prototype;
childProcess.ChildProcess.prototype.spawn = function (options) {
    return spawn.call(this, completed(options));
};
const binding = process.binding("spawn_sync");
const spawnSync = binding.spawn;
binding.spawn = (options) => spawnSync(completed(options));
