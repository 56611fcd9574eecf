// Tests the lint rules about imports, `fetch` and long files with planted violations. Otherwise nobody would notice a
// rule that never reports a violation.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "./sandbox";

jest.setTimeout(300_000);

const IMPORTS = "@typescript-eslint/no-restricted-imports";

/** An existing file, its replacement text, the rule that must refuse this text, and the rule's message. */
type Row = readonly [what: string, file: string, planted: string, rule: string, says: RegExp];

const REFUSED: readonly Row[] = [
    [
        "rules import Graph",
        "provider/portal/rules/plan.ts",
        `import "../../entra/directory";`,
        IMPORTS,
        /Rules are pure/,
    ],
    ["rules import hooks", "provider/portal/rules/plan.ts", `import "../read";`, IMPORTS, /Rules are pure/],
    ["rules import Pulumi", "provider/consent/rules/state.ts", `import "@pulumi/pulumi";`, IMPORTS, /Rules are pure/],
    [
        "rules import the SDK of Graph",
        "provider/portal/rules/plan.ts",
        `import "@azure/identity";`,
        IMPORTS,
        /Rules are pure/,
    ],
    ["rules read files", "provider/portal/rules/plan.ts", `import "node:fs";`, IMPORTS, /Rules are pure/],
    ["rules open connections", "provider/portal/rules/plan.ts", `import "node:net";`, IMPORTS, /Rules are pure/],
    [
        "rules import the part of sync/ that writes",
        "provider/portal/rules/plan.ts",
        `import "../../sync/write";`,
        IMPORTS,
        /Rules are pure/,
    ],
    [
        "rules import another resource",
        "provider/portal/rules/plan.ts",
        `import "../../consent/rules/plan";`,
        IMPORTS,
        /Rules are pure/,
    ],
    [
        "rules call fetch",
        "provider/portal/rules/plan.ts",
        `void fetch("https://portal.abc.com");`,
        "no-restricted-globals",
        /fetch/,
    ],
    [
        "rules import inside a function",
        "provider/portal/rules/plan.ts",
        `void import("node:fs");`,
        "no-restricted-syntax",
        /must not call import\(\)/,
    ],
    [
        "a pure file of sync/ imports Graph",
        "provider/sync/rebase.ts",
        `import "../entra/session";`,
        IMPORTS,
        /files in PURE_SYNC are pure/,
    ],
    [
        "a pure file of sync/ imports a file that writes",
        "provider/sync/rebase.ts",
        `import "./write";`,
        IMPORTS,
        /files in PURE_SYNC are pure/,
    ],
    ["a resource imports another", "provider/portal/read.ts", `import "../consent/read";`, IMPORTS, /its own files/],
    [
        "a resource imports rules of another",
        "provider/consent/read.ts",
        `import "../portal/rules/state";`,
        IMPORTS,
        /its own files/,
    ],
    [
        "a folder of a resource imports another",
        "provider/certificate/pfx/der.ts",
        `import "../../server/drift";`,
        IMPORTS,
        /its own files/,
    ],
    [
        "a resource imports types of another",
        "provider/server/drift.ts",
        `import type { PortalState } from "../portal/rules/state";`,
        IMPORTS,
        /its own files/,
    ],
    ["a hook imports the SDK", "provider/portal/hooks.ts", `import "@pulumi/pulumi";`, IMPORTS, /Only pulumi\//],
    [
        "a resource imports the SDK of Graph",
        "provider/portal/read.ts",
        `import "@microsoft/microsoft-graph-client";`,
        IMPORTS,
        /Only entra/,
    ],
    [
        "the provider imports the tenant",
        "provider/portal/read.ts",
        `import "../../emulator/index";`,
        IMPORTS,
        /its own files/,
    ],
    [
        "sync/ imports a resource",
        "provider/sync/converge.ts",
        `import "../portal/rules/plan";`,
        IMPORTS,
        /Dependencies point/,
    ],
    ["entra/ imports sync/", "provider/entra/directory.ts", `import "../sync/grants";`, IMPORTS, /Dependencies point/],
    ["pulumi/ imports entra/", "provider/pulumi/hooks.ts", `import "../entra/session";`, IMPORTS, /Dependencies point/],
    [
        "inputs/ imports entra/",
        "provider/inputs/portalUrl.ts",
        `import "../entra/live";`,
        IMPORTS,
        /Dependencies point/,
    ],
    [
        "a file for all imports a folder",
        "provider/days.ts",
        `import "./inputs/portalUrl";`,
        IMPORTS,
        /imports no folder/,
    ],
    [
        "a resource file imports a hook",
        "provider/restorePortalApp.ts",
        `import "./portal/hooks";`,
        IMPORTS,
        /must not load hooks/,
    ],
    [
        "index.ts imports a hook",
        "provider/index.ts",
        `import "./portal/hooks";`,
        IMPORTS,
        /loads only resource files, shards and pulumi\/sdkOfProgram/,
    ],
    ["host.ts imports more than hooks", "provider/host.ts", `import "./portal/read";`, IMPORTS, /imports only hooks/],
    [
        "the tenant imports the provider",
        "emulator/tenant.ts",
        `import "../provider/inputs/portalUrl";`,
        IMPORTS,
        /share a mistake with them/,
    ],
    [
        "the tenant imports types of the provider",
        "emulator/signIn/bearer.ts",
        `import type { Live } from "../../provider/entra/live";`,
        IMPORTS,
        /share a mistake with them/,
    ],
    [
        "a file for commands and tenant imports one",
        "system/secretFile.ts",
        `import "../cli/print";`,
        IMPORTS,
        /only modules of Node\.js/,
    ],
    ["the page imports Node.js", "cli/report/html/page/app.tsx", `import "node:fs";`, IMPORTS, /runs in a browser/],
    ["a command imports the tenant", "cli/recover.ts", `import "../emulator/index";`, IMPORTS, /real tenants/],
    [
        "an import that no rule can check",
        "provider/portal/read.ts",
        `void import("./check");`,
        "no-restricted-syntax",
        /import the file at the top/,
    ],
    [
        "a circle",
        "provider/portalError.ts",
        `export { warn } from "./log";\nexport * from "./entra/graphErrors";`,
        "import-x/no-cycle",
        /cycle/i,
    ],
    ["a long file", "provider/days.ts", "// one more line\n".repeat(251), "max-lines", /too many lines/],
    ["a long file of tools", "tools/run.mjs", "// one more line\n".repeat(251), "max-lines", /too many lines/],
];

const ALLOWED: readonly (readonly [what: string, file: string, planted: string])[] = [
    ["rules import the types of Graph's objects", "provider/portal/rules/plan.ts", `import "../../entra/live";`],
    ["rules compute a hash", "provider/portal/rules/plan.ts", `import "node:crypto";`],
    [
        "a resource file imports types of its hooks",
        "provider/portalServer.ts",
        `import type { x } from "./server/observe";`,
    ],
    ["the page imports the report", "cli/report/html/page/app.tsx", `import type { x } from "../../model";`],
    ["a resource imports the core", "provider/portal/read.ts", `import "../sync/converge";`],
];

/** The messages that ESLint reported for each row. */
let said: string[][];
beforeAll(() => {
    const input = [...REFUSED, ...ALLOWED].map(([, file, text]) => ({ file, text: `${text}\nexport {};\n` }));
    const script = join(ROOT, "test/support/tools/lintTexts.mjs");
    const output = execFileSync(process.execPath, [script], { cwd: ROOT, input: JSON.stringify(input) });
    said = JSON.parse(output.toString()) as string[][];
});

test.each(REFUSED.map((row, index) => [row[0], row, index] as const))("%s: refused", (_what, row, index) => {
    const [, , , rule, says] = row;
    const lines = said[index]!.filter((line) => line.startsWith(`${rule}: `));
    expect(lines).toEqual([expect.stringMatching(says)]);
});

test.each(ALLOWED.map((row, index) => [row[0], index] as const))("%s: allowed", (_what, index) => {
    expect(said[REFUSED.length + index]!.filter((line) => line.startsWith(IMPORTS))).toEqual([]);
});

test("each file of a row exists", () => {
    for (const [, file] of [...REFUSED, ...ALLOWED]) expect(readFileSync(join(ROOT, file), "utf8")).not.toBe("");
});
