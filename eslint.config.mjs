import importX from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

import { importRules } from "./tools/importRules.mjs";

/** Source files that may have more lines, each with its reason. */
const LONG_FILES = /** @type {{ file: string, reason: string }[]} */ ([]);
const MAX_LINES = 250;

export default tseslint.config(
    { ignores: ["dist/", "sdks/", "node_modules/", "coverage/"] },
    {
        files: ["**/*.{ts,tsx}"],
        extends: [tseslint.configs.strictTypeChecked],
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
        rules: {
            "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
            "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
            "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
            "max-lines": ["error", MAX_LINES],
            complexity: ["error", 15],
        },
    },
    {
        // Each template has a tsconfig.json, which expects the package in its own node_modules.
        files: ["stacks/**/*.ts"],
        languageOptions: { parserOptions: { projectService: false, project: ["./tsconfig.json"] } },
    },
    ...LONG_FILES.map(({ file }) => ({ files: [file], rules: { "max-lines": "off" } })),
    { files: ["tools/**/*.mjs"], rules: { "max-lines": ["error", MAX_LINES] } },
    {
        // Tests are tables. Their blocks may be long, and they may use plain values without types.
        files: ["test/**/*.ts", "bench/**/*.ts"],
        rules: {
            "max-lines-per-function": "off",
            "max-lines": ["error", { max: 450, skipBlankLines: true, skipComments: true }],
            "@typescript-eslint/no-non-null-assertion": "off",
        },
    },
    {
        files: ["{provider,plugin,system,emulator,tools}/**/*.ts", "cli/**/*.{ts,tsx}"],
        plugins: { "import-x": importX },
        settings: {
            "import-x/parsers": { "@typescript-eslint/parser": [".ts"] },
            "import-x/resolver-next": [importX.createNodeResolver({ extensions: [".ts", ".tsx", ".js"] })],
        },
        // Circles of type imports do no harm at run time, and this rule ignores them.
        rules: { "import-x/no-cycle": ["error", { ignoreExternal: true }] },
    },
    {
        // Node.js's own `fetch` ignores HTTPS_PROXY.
        files: ["provider/**/*.ts", "plugin/**/*.ts", "cli/**/*.ts"],
        ignores: ["provider/entra/network.ts"],
        rules: {
            "no-restricted-globals": [
                "error",
                { name: "fetch", message: "Requests go through provider/entra/network.ts, which honours proxies." },
            ],
        },
    },
    ...importRules,
);
