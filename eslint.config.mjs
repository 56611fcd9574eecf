import tseslint from "typescript-eslint";

export default tseslint.config(
    { ignores: ["dist/", "node_modules/", "coverage/"] },
    {
        files: ["**/*.ts"],
        extends: [tseslint.configs.strictTypeChecked],
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
        rules: {
            "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
            "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
            "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
            "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
            complexity: ["error", 15],
        },
    },
    {
        // Tests are tables: their blocks may be long, and literals stand where a type would only be noise.
        files: ["test/**/*.ts", "bench/**/*.ts"],
        rules: {
            "max-lines-per-function": "off",
            "max-lines": ["error", { max: 450, skipBlankLines: true, skipComments: true }],
            "@typescript-eslint/no-non-null-assertion": "off",
        },
    },
);
