// Simulates the clock of a process that runs hooks. A pause takes no time, and the test advances the tenant's clock by
// the same time.
exports.useTestClock = (folder) => {
    if (!process.env.TEST_SIMULATED_CLOCK) return;
    let sleeps = 0;
    const sleeping = new Map();
    const start = process.env.RESTORE_PORTAL_TEST_TIME;
    let offset = start ? Date.parse(start) - Date.now() : 0;
    require(`${folder}/entra/clock.js`).useClock({
        now: () => new Date(Date.now() + offset),
        sleep: (ms) =>
            new Promise((done) => {
                offset += ms;
                sleeping.set(++sleeps, done);
                process.send({ sleep: ms, id: sleeps });
            }),
        random: () => Math.random(),
    });
    process.on("message", ({ slept }) => {
        if (slept === undefined) return;
        sleeping.get(slept)();
        sleeping.delete(slept);
    });
};
