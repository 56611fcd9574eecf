// Runs the hooks in tests without an engine. It replaces the engine's provider process.
const Module = require("node:module");

// Hooks do not use the SDK, and loading it takes four times as long as loading the hooks. Only tests of memory load it.
if (!process.env.TEST_WITH_SDK) {
    const load = Module._load;
    Module._load = function (request, ...rest) {
        return request === "@pulumi/pulumi" ? { CustomResource: class {} } : load.call(this, request, ...rest);
    };
}

const host = require(`${process.argv[2]}/host.js`);
// The exported functions of one module of the commands, or else the hooks of a resource.
const resource = process.argv[4] ? require(process.argv[4]) : host[process.argv[3]];

/** The functions that a test may call in addition to the hooks. */
const about = { peakMemoryMb: () => process.resourceUsage().maxRSS / 1024 };

/**
 * The name `check` means a hook of the process's own resource. The name `portalCertificate.check` means a hook of
 * another resource.
 */
function functionOf(name) {
    const [other, hook] = name.split(".");
    return hook === undefined ? (resource[name] ?? about[name]) : host[other][hook];
}

require("./testClock.cjs").useTestClock(process.argv[2]);

process.on("message", async ({ id, hook, args, slept }) => {
    if (slept !== undefined) return;
    try {
        process.send({ id, result: await functionOf(hook)(...args) });
    } catch (error) {
        const { message, name, properties, id: resourceId } = error;
        process.send({
            id,
            error: { message, name, ...(resourceId ? { halfDone: { id: resourceId, properties } } : {}) },
        });
    }
});
process.on("disconnect", () => process.exit());
process.send({ ready: true });
