// @ts-check
// Tells ESLint which files a file may import. DESIGN.md describes the layers. Each list contains the imports that a
// folder may have in addition to its own files. So nobody may import a new folder until it is in a list.

/** Files in `provider/` that each folder of `provider/` may import. */
const LEAVES = [
    "days",
    "fileSize",
    "log",
    "plainText",
    "portalError",
    "projectFolder",
    "secretTexts",
    "sentences",
    "settings",
    "shape",
    "shapes",
    "stateShape",
];
const RESOURCES = ["restorePortalApp", "portalCertificate", "portalTenantConsent", "portalServer"];
/** Rules may import these files of `sync/`, because the files send no requests. */
const PURE_SYNC = [
    "clearing",
    "consentRelease",
    "consentWords",
    "handOver",
    "grants",
    "holders",
    "identity",
    "keyCredentials",
    "liveConsent",
    "owned",
    "ownership",
    "ownershipCodes",
    "permissions",
    "rebase",
    "tags",
    "textSettings",
];

const LAYERS = {
    inputs: [],
    pulumi: ["inputs/"],
    // A PFX file may contain the certificate of the deploying identity, so this layer reads PFX files.
    entra: ["inputs/", "pulumi/", "certificate/pfx/readPfx"],
    sync: ["entra/", "inputs/", "pulumi/"],
};
const BELOW_RESOURCES = ["sync/", "entra/", "inputs/", "pulumi/"];

/** @typedef {{ regex: string, message: string, allowTypeImports?: boolean }} Pattern */

const NO_MICROSOFT = { regex: "^@(azure|microsoft)/", message: "Only entra/ talks to Microsoft. Move the code there." };
const NO_PULUMI = {
    regex: "^@pulumi/",
    message: "Only pulumi/ and the resource files import Pulumi. Move the code there.",
};
const NO_ENGINE_OR_ENTRA = [NO_MICROSOFT, NO_PULUMI];

/**
 * Forbids imports from the rest of `provider/`, except from `allowed` and `LEAVES`.
 *
 * @param {number} depth of the importing folder below `provider/`; 0 stands for `provider/` itself
 * @param {readonly string[]} allowed paths below `provider/`; a path of a folder ends in `/`
 * @param {string} message
 * @returns {Pattern}
 */
function onlyFrom(depth, allowed, message) {
    const up = depth === 0 ? "\\./" : "\\.\\./".repeat(depth);
    const listed = [...allowed, ...LEAVES].map((path) => (path.endsWith("/") ? path : `${path}$`)).join("|");
    return { regex: `^${up}(?!${listed})`, message };
}

/**
 * @param {string | string[]} files
 * @param {readonly Pattern[]} patterns
 * @param {string[]} [ignores]
 */
function forbid(files, patterns, ignores = []) {
    return {
        files: [files].flat(),
        ignores,
        rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns }] },
    };
}

const PURE_IMPORTS =
    "inputs/, entra/live, node:crypto, node:util, and the files in PURE_SYNC and LEAVES (tools/importRules.mjs)";
const PURE_MESSAGE = `Rules are pure: they import only rules of their own resource, ${PURE_IMPORTS}.`;
const PURE_SYNC_MESSAGE = `The files in PURE_SYNC are pure: they import only ${PURE_IMPORTS}.`;
const PURE = { regex: "^(?!\\.)(?!node:(crypto|util)$)", message: PURE_MESSAGE };
const PURE_FILES = ["inputs/", "entra/live", ...PURE_SYNC.map((name) => `sync/${name}`)];

/** Matches the folder of any resource, also a new one: every folder that is not a layer. */
const A_RESOURCE = `!(${Object.keys(LAYERS).join("|")})`;
const RESOURCE_MESSAGE =
    "From this repository, a resource's folder imports only its own files, sync/, entra/, inputs/, pulumi/ and the " +
    "files in LEAVES (tools/importRules.mjs). Code that two resources need belongs to sync/ or inputs/.";

export const importRules = [
    ...Object.entries(LAYERS).map(([folder, allowed]) =>
        forbid(`provider/${folder}/**/*.ts`, [
            ...(folder === "entra" ? [] : [NO_MICROSOFT]),
            ...(folder === "pulumi" ? [] : [NO_PULUMI]),
            onlyFrom(
                1,
                allowed,
                `Dependencies point down only: ${folder}/ may import ${allowed.join(", ") || "no other folder"}.`,
            ),
        ]),
    ),
    forbid(
        PURE_SYNC.map((name) => `provider/sync/${name}.ts`),
        [
            { ...PURE, message: PURE_SYNC_MESSAGE },
            onlyFrom(1, ["inputs/", "entra/live"], PURE_SYNC_MESSAGE),
            { regex: `^\\./(?!(${PURE_SYNC.join("|")})$)`, message: PURE_SYNC_MESSAGE },
        ],
    ),
    forbid(`provider/${A_RESOURCE}/*.ts`, [...NO_ENGINE_OR_ENTRA, onlyFrom(1, BELOW_RESOURCES, RESOURCE_MESSAGE)]),
    forbid(
        `provider/${A_RESOURCE}/*/**/*.ts`,
        [...NO_ENGINE_OR_ENTRA, onlyFrom(2, BELOW_RESOURCES, RESOURCE_MESSAGE)],
        ["provider/*/rules/**"],
    ),
    forbid("provider/*/rules/**/*.ts", [
        PURE,
        { regex: "^\\.\\./(?!\\.\\./)", message: PURE_MESSAGE },
        onlyFrom(2, PURE_FILES, PURE_MESSAGE),
    ]),
    forbid("provider/index.ts", [
        ...NO_ENGINE_OR_ENTRA,
        {
            regex: `^\\.{1,2}/(?!(${RESOURCES.join("|")}|shards|pulumi/sdkOfProgram)$)`,
            message:
                "Every program loads index.ts, so index.ts loads only resource files, shards and pulumi/sdkOfProgram.",
        },
    ]),
    forbid(
        RESOURCES.map((name) => `provider/${name}.ts`),
        [
            NO_MICROSOFT,
            {
                ...onlyFrom(
                    0,
                    ["pulumi/"],
                    "Programs load this file and must not load hooks, or code that only hooks need: import types only.",
                ),
                allowTypeImports: true,
            },
        ],
    ),
    forbid("provider/host.ts", [
        ...NO_ENGINE_OR_ENTRA,
        {
            regex: "^\\./(?!\\w+/hooks$)",
            message: "The provider process needs only hooks, so host.ts imports only hooks.",
        },
    ]),
    forbid(
        "provider/*.ts",
        [...NO_ENGINE_OR_ENTRA, onlyFrom(0, [], "Every folder may import this file, so this file imports no folder.")],
        [
            "provider/index.ts",
            "provider/host.ts",
            "provider/shapes.ts",
            ...RESOURCES.map((name) => `provider/${name}.ts`),
        ],
    ),
    forbid("provider/shapes.ts", [
        ...NO_ENGINE_OR_ENTRA,
        { ...onlyFrom(0, [], "Every program loads this file, so it imports types only."), allowTypeImports: true },
    ]),
    forbid("plugin/**/*.ts", [
        NO_MICROSOFT,
        {
            regex: "^@pulumi/(?!pulumi/proto/)",
            message: "The plugin implements Pulumi's provider protocol itself, so it does not load Pulumi's SDK.",
        },
        {
            regex: "(^|/)(emulator|cli)/",
            message:
                "The plugin only passes Pulumi's calls to the provider, so it imports nothing from emulator/ and cli/.",
        },
    ]),
    forbid("system/**/*.ts", [
        { regex: "^(?!node:)", message: "cli/ and emulator/ use system/, so system/ imports only modules of Node.js." },
    ]),
    forbid("emulator/**/*.ts", [
        {
            regex: "(^|/)(provider|cli)/|^pulumi-restore-portal",
            message: "The emulator imports nothing from provider/ and cli/, so it cannot share a mistake with them.",
        },
    ]),
    forbid("cli/**/*.ts", [
        {
            regex: "(^|/)emulator(/|$)",
            message: "The commands work on real tenants, so they import nothing from emulator/.",
        },
    ]),
    forbid("cli/report/html/page/*.{ts,tsx}", [
        {
            regex: "^(?!\\./|preact(/hooks)?$|preact-render-to-string$)(?!\\.\\./\\.\\./model$)",
            message:
                "The page runs in a browser, so it imports only its own files, Preact, and the types of the report.",
        },
    ]),
    {
        files: ["provider/**/*.ts", "emulator/**/*.ts"],
        rules: {
            "no-restricted-syntax": [
                "error",
                {
                    selector: "ImportExpression[source.value=/^\\./]",
                    message: "The import rules cannot check an import() expression: import the file at the top.",
                },
            ],
        },
    },
    {
        files: ["provider/*/rules/**/*.ts", ...PURE_SYNC.map((name) => `provider/sync/${name}.ts`)],
        rules: {
            "no-restricted-globals": ["error", "fetch", "process", "setTimeout", "setInterval"],
            "no-restricted-syntax": [
                "error",
                {
                    selector: "ImportExpression",
                    message: "Rules and the files in PURE_SYNC must not call import(): import the file at the top.",
                },
            ],
        },
    },
];
