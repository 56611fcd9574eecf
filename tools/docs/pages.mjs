// @ts-check
// Makes the files of docs/reference/: an index, a page per resource, the error codes, the command line, the schemas.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import prettier from "prettier";
import { capture } from "../run.mjs";
import { cellsOf, table, typeCell } from "./markdown.mjs";
import { RESOURCES } from "./resources.mjs";
import { schemaFiles } from "./schemas.mjs";
import { declaration, documentedLiterals, loadedFiles } from "./source.mjs";

/** @typedef {import("./resources.mjs").Resource} Resource */

/** The pages omit these inputs, because only the provider sets them and users cannot use them. */
const INTERNAL = ["identity"];

/**
 * @param {string} root
 * @returns {Promise<Map<string, string>>} text by file name
 */
export async function referencePages(root) {
    const pages = new Map([
        ["README.md", index()],
        ...RESOURCES.map((resource) => /** @type {const} */ ([`${resource.name}.md`, resourcePage(root, resource)])),
        ["errors.md", errorsPage(root)],
        ["cli.md", await cliPage(root)],
    ]);
    const options = await prettier.resolveConfig(join(root, "docs", "reference", "README.md"));
    const formatted = [...pages, ...schemaFiles(root)].map(async ([name, text]) => {
        const parser = name.endsWith(".json") ? "json" : "markdown";
        return /** @type {const} */ ([name, await prettier.format(text, { ...options, parser })]);
    });
    return new Map(await Promise.all(formatted));
}

/** @param {string} source */
function notice(source) {
    return `<!-- Written by \`npm run docs\` from ${source}. Change the text there, not here. -->`;
}

function index() {
    const rows = [
        ...RESOURCES.map(({ name, job }) => [`[${name}](${name}.md)`, job]),
        ["[Error codes](errors.md)", "[Doctor](../doctor.md)"],
        ["[Command line](cli.md)", "[Doctor](../doctor.md), [Hand-over](../handover.md), [Recover](../recover.md)"],
        [
            "[JSON Schema of the report](report.schema.json), [of accepted.json](accepted.schema.json)",
            "[Drift report](../report.md)",
        ],
    ];
    return [
        "# Reference",
        notice("tools/docs/pages.mjs"),
        "The source is the authority: these pages are written from its docstrings, types and help texts.",
        table(["Page", "How to use it"], rows),
    ].join("\n\n");
}

/**
 * @param {string} root
 * @param {Resource} resource
 */
function resourcePage(root, { name, file, completed, job }) {
    const args = declaration(join(root, file), `${name}Args`);
    const resource = declaration(join(root, file), name);
    const [completedFile, completedName] = completed;
    const filled = declaration(join(root, completedFile), completedName).properties.filter(
        (property) => !INTERNAL.includes(property.name) && !args.properties.some((one) => one.name === property.name),
    );
    const inputNames = [...args.properties, ...filled].map((property) => property.name);
    return [
        `# ${name}`,
        notice(`${file} and ${completedFile}`),
        resource.doc,
        `How to use it: ${job}. Error codes: [errors.md](errors.md).`,
        "## Inputs",
        "`Update`: `pulumi up` changes the resource in place. `Replace`: `pulumi up` deletes the resource and makes a new one.",
        inputTable(args.properties),
        ...nestedTables(join(root, file), args.properties, false),
        ...(filled.length === 0 ? [] : ["## Inputs that the provider fills in", ...filledTables(filled)]),
        "## Outputs",
        table(
            ["Output", "Type", "Description"],
            resource.properties.map((property) => [
                `\`${property.name}\``,
                typeCell(property),
                property.doc || (inputNames.includes(property.name) ? "See the input with the same name." : ""),
            ]),
        ),
        ...nestedTables(join(root, file), resource.properties, true),
        "",
    ].join("\n\n");
}

/** @param {readonly import("./source.mjs").Property[]} properties */
function inputTable(properties) {
    return table(
        ["Input", "Type", "Default", "Effect of a change", "Description"],
        properties.map((property) => {
            const { byDefault, change, description } = cellsOf(property);
            return [`\`${property.name}\``, typeCell(property), byDefault, change, description];
        }),
    );
}

/** @param {readonly import("./source.mjs").Property[]} properties */
function filledTables(properties) {
    return [
        "You rarely set these. They exist so that a preview can name the drift, and so that `ignoreChanges` can accept it. See [Read a preview](../drift.md).",
        table(
            ["Name", "Type", "Description"],
            properties.map((property) => [
                `\`${property.name}\``,
                typeCell(property),
                property.doc || "See [Read a preview](../drift.md).",
            ]),
        ),
    ];
}

/**
 * Makes one table for each interface, and each union of object types, that the properties use.
 *
 * @param {string} file
 * @param {readonly import("./source.mjs").Property[]} properties
 * @param {boolean} isOutput
 * @param {Set<string>} [done]
 * @returns {string[]}
 */
function nestedTables(file, properties, isOutput, done = new Set()) {
    return properties.flatMap(({ refersTo }) =>
        refersTo.flatMap((name) => {
            if (done.has(name)) return [];
            done.add(name);
            const nested = declaration(file, name);
            const fields = nested.properties.map((field) => ({
                ...field,
                doc: field.doc || docOfType(nested.file, field),
            }));
            const rows = fields.map((field) => [`\`${field.name}\``, typeCell(field), field.doc]);
            const own = isOutput ? table(["Field", "Type", "Description"], rows) : inputTable(fields);
            return [
                `### ${name}`,
                ...(nested.doc ? [nested.doc] : []),
                own,
                ...nestedTables(nested.file, fields, isOutput, done),
            ];
        }),
    );
}

/**
 * @param {string} file
 * @param {import("./source.mjs").Property} property
 */
function docOfType(file, { refersTo: [name] }) {
    return name === undefined ? "" : declaration(file, name).doc;
}

/** @param {string} root */
function errorsPage(root) {
    const list = join(root, "provider/portalError.ts");
    const codes = documentedLiterals(list, "PortalErrorCode");
    const raisedBy = RESOURCES.map(({ name, hooks }) => {
        const files = [...loadedFiles(join(root, hooks))].filter((file) => file !== list);
        const texts = files.map((file) => readFileSync(file, "utf8"));
        return { name, raises: (/** @type {string} */ code) => texts.some((text) => text.includes(`"${code}"`)) };
    });
    return [
        "# Error codes",
        notice("provider/portalError.ts"),
        'The message of an error names the object, the cause and what to do. Under "Diagnostics" Pulumi prints the code before the message. A refused input has no code: its message names the property. The last column lists the resources that can report the code.',
        table(
            ["Code", "Meaning", "Resources"],
            codes.map(({ name, doc }) => [
                `\`${name}\``,
                doc,
                raisedBy
                    .filter(({ raises }) => raises(name))
                    .map((resource) => resource.name)
                    .join(", "),
            ]),
        ),
        "The command line has exit codes of its own: see [cli.md](cli.md).",
        "",
    ].join("\n\n");
}

/** @param {string} root */
async function cliPage(root) {
    const all = await help(root, []);
    const names = [...new Set([...all.matchAll(/^ {2}(\w+) /gm)].map((match) => match[1] ?? ""))];
    const sections = await Promise.all(names.map(async (name) => `## ${name}\n\n${fenced(await help(root, [name]))}`));
    return [
        "# Command line",
        notice("tools/docs/pages.mjs and the usage texts in cli/"),
        "The package contains the command `pulumi-restore-portal`. Run it in the folder of the Pulumi program with `npx pulumi-restore-portal`.",
        "## Exit codes",
        exitCodes(),
        ...sections,
        "",
    ].join("\n\n");
}

/** Lists the exit codes of all commands. cli/exitCode.ts defines the codes 0, 1, 2, 7 and 8. */
function exitCodes() {
    const rows = [
        ["0", "success; for `report`, also if accepted.json accepts every difference", "all"],
        ["1", "error; standard error says what failed, and what to do", "all"],
        ["2", "wrong command line", "all"],
        ["7", "something differs from the program, or a check failed or could not be made", "`doctor`, `report`"],
        ["8", "something could not be read, so the result is unknown; 8 takes precedence over 7", "`doctor`, `report`"],
        ["130", "interrupted by the user", "`init`"],
        ["other", "the exit code of the pulumi command that failed", "`recover`"],
    ];
    return table(["Exit code", "Meaning", "Commands"], rows);
}

/**
 * Returns the usage of one command as a code block, without the line that all commands share.
 *
 * @param {string} usage
 */
function fenced(usage) {
    return ["```text", usage.replace(/^Usage: .*/, "").replace(/^\n+|\s+$/g, ""), "```"].join("\n");
}

/**
 * @param {string} root
 * @param {readonly string[]} command
 */
async function help(root, command) {
    const script = join(root, "dist", "cli", "main.js");
    const { code, output } = await capture(process.execPath, [script, ...command, "--help"], { cwd: root });
    if (code !== 0) throw new Error(`${script} ${command.join(" ")} --help: exit code ${code}\n${output}`);
    return output;
}
