// @ts-check
// Makes the JSON Schemas in docs/reference/ from the types in cli/report/.
import { join } from "node:path";
import { createGenerator } from "ts-json-schema-generator";

/** The type that each schema describes. */
const SCHEMAS = {
    "report.schema.json": {
        path: "cli/report/model.ts",
        type: "Report",
        title: "A drift report of pulumi-restore-portal",
    },
    "accepted.schema.json": {
        path: "cli/report/accepted.ts",
        type: "Decisions",
        title: "accepted.json: drift that is accepted until a date",
    },
};

/**
 * @param {string} root
 * @returns {[name: string, text: string][]}
 */
export function schemaFiles(root) {
    return Object.entries(SCHEMAS).map(([name, { path, type, title }]) => {
        const generator = createGenerator({
            path: join(root, path),
            tsconfig: join(root, "tsconfig.json"),
            type,
            // `npm run types` already checks the types. A newer report may have further members, so the schema of the
            // report allows them.
            skipTypeCheck: true,
            additionalProperties: type === "Report",
            topRef: false,
        });
        const { $schema, ...schema } = generator.createSchema(type);
        return [name, JSON.stringify({ $schema, title, ...schema })];
    });
}
