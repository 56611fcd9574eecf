// Measures the process of the dynamic provider: its processor time, its peak memory, and the time in which at least one
// hook ran. `NODE_OPTIONS` loads this file into every Node.js process, but the file does nothing in other processes.
const { writeFileSync } = require("node:fs");
const Module = require("node:module");

const HOSTS = /^pulumi-restore-portal\/provider-host$|[\\/]emptyProvider\.js$/;

if (/dynamic-provider/.test(process.argv[1] ?? "")) {
    let running = 0;
    let since = 0;
    let busyMs = 0;
    const calls = {};

    const note = () => {
        const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
        const cpuMs = (userCPUTime + systemCPUTime) / 1000;
        const text = JSON.stringify({ busyMs, cpuMs, peakMb: maxRSS / 1024, calls });
        writeFileSync(`${process.env.HOOK_TIMES}/${process.pid}.json`, text);
    };
    const timed = (name, hook) =>
        async function (...args) {
            calls[name] = (calls[name] ?? 0) + 1;
            if (running++ === 0) since = performance.now();
            try {
                return await hook.apply(this, args);
            } finally {
                if (--running === 0) {
                    busyMs += performance.now() - since;
                    note();
                }
            }
        };
    const wrapped = new Set();
    const load = Module._load;
    Module._load = function (request, ...rest) {
        const exported = load.call(this, request, ...rest);
        if (HOSTS.test(request) && !wrapped.has(exported)) {
            wrapped.add(exported);
            for (const handler of Object.values(exported))
                for (const [name, hook] of Object.entries(handler)) handler[name] = timed(name, hook);
        }
        return exported;
    };
}
