// Checks which modules a program and the provider process load. Each module costs processor time and memory in every
// preview of every user.
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const DIST = join(__dirname, "../../dist/provider");
const HEAVY = ["@azure/identity", "@microsoft/microsoft-graph-client", "node-forge"];

/** Runs a script in a separate process, and returns the files that it loaded by require or import. */
function loadedBy(script: string): string[] {
    const source = `
        const loaded = [];
        const { registerHooks } = require("node:module");
        registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
        const load = (name) => require(${JSON.stringify(DIST)} + "/" + name);
        const run = async () => { ${script} };
        run().then(() => process.stdout.write(JSON.stringify([...loaded, ...Object.keys(require.cache)])));
    `;
    // The credentials of this machine must not decide which modules are loaded, so the script does not get them.
    const env = { PATH: process.env["PATH"] ?? "" };
    const output = execFileSync(process.execPath, ["-e", source], { encoding: "utf8", env });
    // A provider hook may print its own lines before the result, so only the last line is parsed.
    return JSON.parse(output.slice(output.lastIndexOf("\n[") + 1)) as string[];
}

function packagesIn(files: readonly string[]): string[] {
    return HEAVY.filter((name) => files.some((file) => file.includes(`/node_modules/${name}/`)));
}

const hooksIn = (files: readonly string[]) => files.filter((file) => /\/dist\/provider\/.*\/hooks\.js$/.test(file));

describe("a program", () => {
    const files = loadedBy(`load("index.js")`);

    test("loads the SDK and the resource classes", () => {
        expect(files.some((file) => file.includes("/node_modules/@pulumi/pulumi/"))).toBe(true);
        expect(files.some((file) => file.endsWith("/dist/provider/restorePortalApp.js"))).toBe(true);
    });

    test("loads no client for Microsoft and no certificate library", () => {
        expect(packagesIn(files)).toEqual([]);
    });

    test("loads no hook, and nothing that talks to Microsoft", () => {
        expect(hooksIn(files)).toEqual([]);
        expect(files.filter((file) => file.includes("/dist/provider/entra/"))).toEqual([]);
    });
});

describe("the provider process", () => {
    test("loads all hooks, but no sign-in library", () => {
        const files = loadedBy(`load("host.js")`);
        expect(new Set(hooksIn(files)).size).toBeGreaterThanOrEqual(4);
        expect(packagesIn(files)).not.toContain("@azure/identity");
    });

    test("checks inputs and makes a certificate without the sign-in library", () => {
        const files = loadedBy(`
            const { portalCertificate, restorePortalApp } = load("host.js");
            const { inputs } = await portalCertificate.check({}, { source: { generate: { name: "Portal" } } });
            const { outs } = await portalCertificate.create(inputs);
            const portal = { identity: "o/p/s/n", displayName: "Portal", portalUrl: "https://portal.abc.com:4443" };
            const { failures } = await restorePortalApp.check({}, { ...portal, certificate: outs.certificate });
            if (failures.length > 0) throw new Error(JSON.stringify(failures));
        `);
        expect(packagesIn(files)).not.toContain("@azure/identity");
    });

    test("loads the sign-in library when it needs a token", () => {
        const files = loadedBy(`
            load("host.js");
            const { publishedCloud } = load("entra/clouds.js");
            await load("entra/tokens.js").tokenRequester({ env: {} }, publishedCloud("Worldwide"), "contoso.com");
        `);
        expect(packagesIn(files)).toContain("@azure/identity");
    });
});

// Checks that `packagesIn` finds a loaded package. If it found none, the tests that forbid a package could never fail.
test.each([
    ["entra/graphClient.js", "@microsoft/microsoft-graph-client"],
    ["inputs/certificate.js", "node-forge"],
])("loading %s shows as %s", (file, name) => {
    expect(packagesIn(loadedBy(`load("${file}")`))).toEqual([name]);
});
