// The order of test files: those that take minutes go first, since a fresh clone knows no durations and a long one at the
// end would keep a processor idle.
const Sequencer = require("@jest/test-sequencer").default;

const LONG = ["realLag", "killMatrix", "plantedBugs", "engine/killed", "engine/walk", "engine/portal.test"];

module.exports = class LongestFirst extends Sequencer {
    sort(tests) {
        const rank = ({ path }) => {
            const found = LONG.findIndex((name) => path.includes(name));
            return found === -1 ? LONG.length : found;
        };
        return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
    }
};
