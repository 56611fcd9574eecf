/** @type {import("jest").Config} */
module.exports = {
    testEnvironment: "node",
    roots: ["<rootDir>/test"],
    // `*.deep.test.ts` are whole matrices, walks and corpora: `npm run test:deep` runs them, `npm test` the others.
    testMatch: ["**/*.test.ts"],
    transform: { "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }] },
    // The programs of stacks/ are templates with a package.json of their own.
    moduleNameMapper: { "^pulumi-restore-portal$": "<rootDir>/dist/provider/index.js" },
    maxWorkers: 2,
    // A test that starts processes takes seconds on a busy machine.
    testTimeout: 60_000,
    reporters: ["default", "<rootDir>/tools/slowestFiles.mjs", "<rootDir>/tools/failedTests.mjs"],
    testSequencer: "<rootDir>/test/support/longestFirst.cjs",
    // A test that fails may leave its tenant listening. The run must end all the same.
    forceExit: true,
};
