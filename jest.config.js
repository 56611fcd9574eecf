/** @type {import("jest").Config} */
module.exports = {
    testEnvironment: "node",
    roots: ["<rootDir>/test"],
    testMatch: ["**/*.test.ts"],
    transform: { "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }] },
    maxWorkers: 2,
    testSequencer: "<rootDir>/test/support/longestFirst.cjs",
    // A test that fails half-way may leave its tenant listening; that must not keep the run from ending.
    forceExit: true,
};
