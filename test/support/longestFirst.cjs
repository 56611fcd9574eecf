// Sorts the test files, so that the slowest ones run first. A new clone has no recorded durations, and a slow file at
// the end would keep a processor idle.
const Sequencer = require("@jest/test-sequencer").default;

/** Parts of the paths of slow files, the slowest first. Each run prints its ten slowest files. */
const SLOW = [
    "realLag.deep",
    "killMatrix.deep",
    "plantedBugs.deep",
    "engine/killed.deep",
    "engine/walk.deep",
    "reportEstate.deep",
    "engine/refactorings",
    "engine/rotation.deep",
    "engine/portalRows.deep",
    "Drifts.deep",
    "engine/failures",
    "engine/killed",
    "reconciliation/killMatrix",
    "walk/randomWalk",
    "requests/manyPortals.deep",
    "requests/customers.deep",
    "reconciliation/replication",
    "ownership/announced",
    "cli/doctor",
    "tools/start",
    "engine/readme",
    "engine/portalServer",
    "consent/killed",
    "engine/portal.test",
];

module.exports = class LongestFirst extends Sequencer {
    sort(tests) {
        const rank = ({ path }) => {
            const index = SLOW.findIndex((part) => path.includes(part));
            return index === -1 ? SLOW.length : index;
        };
        return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
    }
};
