// The process that runs the hooks in tests without an engine, as the engine's provider process does: killed like it, too.
const { restorePortalApp } = require(`${process.argv[2]}/host.js`);

process.on("message", async ({ id, hook, args }) => {
    try {
        process.send({ id, result: await restorePortalApp[hook](...args) });
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
