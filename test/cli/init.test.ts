// Checks `init`: its questions on a terminal, its options without a terminal, and the files that it writes.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { givenAnswers, placeOf, withDefaults } from "../../cli/init/answers";
import { environmentBackend } from "../../cli/init/backend";
import { nextSteps, planText } from "../../cli/init/plan";
import { assertAnswers } from "../../cli/init/problems";
import { CTRL_C, DOWN, ENTER, onTerminal, type Step } from "../support/cli/onTerminal";
import { expectSuccess, run } from "../support/engine/workspace";
import { existingApplication, PORTAL_URL } from "../support/tenant/portals";
import { TestTenant } from "../support/tenant/testTenant";

jest.setTimeout(120_000);

const CLI = resolve(__dirname, "../../dist/cli/main.js");
let tenant: TestTenant;
let folder: string;
beforeAll(async () => (tenant = await TestTenant.start()));
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "init-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(() => tenant.close());

/** Returns an environment without credentials. The home folder contains no credentials either. */
const without = () => ({ PATH: process.env["PATH"], HOME: folder });
const withTenant = () => ({ ...without(), ...tenant.env });

const init = (...args: string[]) =>
    run(process.execPath, [CLI, "init", ...args], { cwd: folder, env: withTenant(), timeoutMs: 60_000 });

const ask = (steps: readonly Step[], ...args: string[]) => askWith({}, steps, ...args);
const askWith = (env: NodeJS.ProcessEnv, steps: readonly Step[], ...args: string[]) =>
    onTerminal([process.execPath, CLI, "init", ...args], steps, { cwd: folder, env: { ...withTenant(), ...env } });

function textsOf(name: string): Record<string, string> {
    const at = join(folder, name);
    const names = readdirSync(at, { recursive: true, encoding: "utf8" }).filter((file) => /\w\.\w+$/.test(file));
    return Object.fromEntries(names.map((file) => [file, readFileSync(join(at, file), "utf8")]));
}

test("the same answers give the same files, on a terminal and by flags", async () => {
    const answers: Step[] = [
        ["Microsoft Entra region", ENTER],
        ["Application", ENTER],
        ["Name of the new application", `s${ENTER}`],
        ["Certificate", ENTER],
        ["Restore Portal web address", `https://portal.abc.com${ENTER}`],
        // `init` refuses the answer above as the provider's `check` does. The person then adds the port.
        ["must have a port", `:5443${ENTER}`],
        ["customers' tenants", `y${ENTER}`],
        ["Tenants of the customers", `contoso.com, abc.com${ENTER}`],
        ["Where Pulumi keeps the state", `${DOWN}${ENTER}`],
        ["URL of the backend", `contoso${ENTER}`],
        ["Pipeline that deploys", DOWN + ENTER],
        ["Write the project?", ENTER],
    ];
    const { code, output } = await ask(answers, "--out", "asked", "--project", "portals");
    expect([code, output]).toEqual([0, expect.stringContaining("Next:") as string]);
    const flags = [
        ...["--region", "Worldwide", "--name", "s", "--certificate", "generate"],
        ...["--portal-url", "https://portal.abc.com:5443", "--customers", "contoso.com,abc.com"],
        ...["--backend", "azblob://state?storage_account=contoso", "--pipeline", "github"],
    ];
    expectSuccess(await init("--out", "given", "--project", "portals", ...flags));
    expect(textsOf("given")).toEqual(textsOf("asked"));
    const workflow = ".github/workflows/restore-portal-deploy.yml";
    expect(Object.keys(textsOf("given"))).toEqual(expect.arrayContaining(["index.ts", "Pulumi.yaml", workflow]));
    // Only projects of `pulumi new` need provider.mjs, because their package.json does not list this package.
    expect(JSON.stringify(textsOf("given"))).not.toContain("provider.mjs");
});

test("existing applications that look like a portal are listed, and certificates are left alone by default", async () => {
    const existing = await existingApplication(tenant, {
        displayName: "Veeam Restore Portal",
        spa: { redirectUris: [PORTAL_URL] },
    });
    await existingApplication(tenant, { displayName: "Payroll", spa: { redirectUris: ["https://pay.contoso.com"] } });
    const answers: Step[] = [
        ["Microsoft Entra region", ENTER],
        [`Adopt "Veeam Restore Portal" (${existing}, ${PORTAL_URL})`, DOWN + ENTER],
        ["Leave the certificates of the application alone", ENTER],
        [`(${PORTAL_URL})`, ENTER],
        ["customers' tenants", ENTER],
        ["Where Pulumi keeps the state", ENTER],
        ["Pipeline that deploys", ENTER],
        ["Write the project?", ENTER],
    ];
    tenant.clearLog();
    const { output } = await ask(answers, "--out", "portals");
    expect(output).not.toContain("Payroll");
    const config = textsOf("portals")["Pulumi.production.yaml"];
    expect(config).toContain(`portals:applicationId: ${existing}`);
    expect(config).not.toContain("certificate");
    expect(tenant.writes()).toEqual([]);
});

test.each(["Application", "Write the project?"])("Ctrl+C at %j leaves nothing", async (question) => {
    const flags = ["--name", "Portal", "--portal-url", PORTAL_URL, "--backend", "https://api.contoso.com"];
    const given = question === "Application" ? [] : [...flags, "--certificate", "generate", "--customers", "none"];
    const before: Step[] = [["Microsoft Entra region", ENTER]];
    // The options answer all questions between the region and the pipeline.
    const others: Step[] = [["Pipeline that deploys", ENTER]];
    const customers = given.length > 0 ? others : [];
    const { code, output } = await ask([...before, ...customers, [question, CTRL_C]], "--out", "portals", ...given);
    expect(code).toBe(130);
    expect(output).toContain("nothing was written");
    expect(existsSync(join(folder, "portals"))).toBe(false);
});

describe("the backend of PULUMI_BACKEND_URL", () => {
    const SECRET = "postgres://pulumi:planted~1@db.abc.com/state?password=planted~2";

    test("the question and the plan show it without its credentials", async () => {
        const flags = ["--region", "Worldwide", "--name", "Portal", "--certificate", "generate"];
        const answers: Step[] = [
            ["customers' tenants", ENTER],
            ["postgres://db.abc.com/state (PULUMI_BACKEND_URL)", ENTER],
            ["Pipeline that deploys", ENTER],
            ["Write the project?", ENTER],
        ];
        const given = [...flags, "--portal-url", PORTAL_URL, "--out", "portals"];
        const { code, output } = await askWith({ PULUMI_BACKEND_URL: SECRET }, answers, ...given);
        expect([code, output]).toEqual([
            0,
            expect.stringMatching(/backend +postgres:\/\/db\.abc\.com\/state \(PULUMI_BACKEND_URL\)/) as string,
        ]);
        expect(output + JSON.stringify(textsOf("portals"))).not.toContain("planted");
    });

    test.each([
        [SECRET, "postgres://db.abc.com/state"],
        ["https://token:x@api.contoso.com/org", "https://api.contoso.com/org"],
        ["postgres://pulumi:p/l@nted#?~1@db.abc.com/state", "postgres://db.abc.com/state"],
        ["azblob://state?storage_account=contoso", "azblob://state"],
        ["file:///home/me@abc.com/state?no_tmp_dir=true", "file:///home/me@abc.com/state"],
        ["file://~", "file://~"],
    ])("%s is shown as %s", (url, shown) => {
        expect(environmentBackend({ PULUMI_BACKEND_URL: url })).toBe(`${shown} (PULUMI_BACKEND_URL)`);
    });

    test("the plan and the next steps follow the backend that Pulumi uses", () => {
        const portal = { region: "Worldwide", portalUrl: PORTAL_URL };
        const login = { name: "portals", stack: "dev", portal };
        const settings = { ...login, backend: "file://./state" };
        const shown = () =>
            planText(settings, { folder, files: [], adoption: undefined }) +
            nextSteps(settings, { folder: "", hasCredentials: true });
        const before = process.env["PULUMI_BACKEND_URL"];
        process.env["PULUMI_BACKEND_URL"] = "https://api.contoso.com";
        const other = "file://./state; until PULUMI_BACKEND_URL is unset, Pulumi uses https://api.contoso.com";
        expect(shown()).toMatch(new RegExp(`backend +${other}.*\n[^]*pulumi stack init dev {3}# in ${other}`));
        expect(shown()).not.toContain("passphrase");
        delete process.env["PULUMI_BACKEND_URL"];
        expect(shown()).toMatch(/backend +file:\/\/\.\/state\n[^]*\nPulumi asks for a passphrase/);
        expect(nextSteps(login, { folder: "", hasCredentials: true })).toMatch(
            /\nUnless the state is in Pulumi Cloud, /,
        );
        if (before !== undefined) process.env["PULUMI_BACKEND_URL"] = before;
    });

    test.each([undefined, "", " "])("%j: pulumi login decides", (url) => {
        expect(environmentBackend({ PULUMI_BACKEND_URL: url })).toBeUndefined();
    });
});

describe("without a terminal", () => {
    test("it never waits: missing answers are named together", async () => {
        const { code, stderr } = await init();
        expect(code).toBe(2);
        expect(stderr).toContain("give either --application-id or --name, and --portal-url");
        expect(readdirSync(folder)).toEqual([]);
    });

    test("a wrong answer is refused in the words of check, and nothing is written", async () => {
        const { code, stderr } = await init("--name", "Portal", "--portal-url", "http://portal.abc.com:4443");
        expect([code, stderr]).toEqual([1, expect.stringContaining("portalUrl: must be https") as string]);
        expect(readdirSync(folder)).toEqual([]);
    });

    const portal = { name: "Portal", "portal-url": PORTAL_URL };
    const refusals: [flags: Record<string, string>, message: RegExp][] = [
        [{ ...portal, name: "" }, /displayName: must not be empty/],
        [{ ...portal, customers: "no tenant" }, /tenantId: must be a GUID or a verified domain/],
        [{ ...portal, backend: "state" }, /backend: must be the URL of a backend/],
        [
            { ...portal, backend: "postgres://me:planted@db/state" },
            /^(?!.*planted)[^]*backend: must not contain a password or token/,
        ],
        [{ ...portal, backend: "mysql://db/state?password=planted" }, /^(?!.*planted)[^]*must not contain a password/],
        [{ ...portal, certificate: "pfx", "certificate-file": "no.pfx" }, /source\.pfx\.file: .*no\.pfx/],
        [{ ...portal, certificate: "none" }, /--certificate none is only for an existing application/],
        [{ ...portal, "application-id": "x" }, /use either --application-id .* or --name/],
        [{ "application-id": "x", "portal-url": PORTAL_URL }, /applicationId: must be a GUID/],
        [{ ...portal, "certificate-file": "a.pfx" }, /--certificate-file needs --certificate pfx/],
    ];
    test.each(refusals)("%j is refused", async (flags, message) => {
        jest.spyOn(console, "log").mockImplementation(() => undefined);
        const check = async () => assertAnswers(withDefaults(givenAnswers(flags)), undefined);
        await expect(check()).rejects.toThrow(message);
    });

    test.each([
        [{ out: "pulumi" }, /; got "pulumi" from the name of the folder$/],
        [{ project: "pulumi" }, /; got "pulumi"$/],
        [{ out: "pulumi", project: "portals", stack: "a b" }, /^--stack must have .*; got "a b"$/],
    ])(
        "the name in %j is refused, and a name that the user did not give is said to be the folder's",
        (flags, reason) => {
            expect(() => placeOf(flags)).toThrow(reason);
        },
    );

    test("a closed region is refused with its reason", async () => {
        const { code, stderr } = await init("--region", "Germany");
        expect([code, stderr]).toEqual([2, expect.stringContaining("Microsoft closed") as string]);
    });
});

test.each(["file", "file/portals"])(
    "--out %s, of which a part is a file, is named before any question",
    async (out) => {
        writeFileSync(join(folder, "file"), "mine");
        const { code, stderr, stdout } = await init("--name", "Portal", "--portal-url", PORTAL_URL, "--out", out);
        expect([code, stdout]).toEqual([1, ""]);
        expect(stderr).toContain(`${join(folder, "file")} is not a folder; use another folder with --out, or rename`);
    },
);

test("a folder in the place of package.json is named before anything is written", async () => {
    mkdirSync(join(folder, "portal/package.json"), { recursive: true });
    const { code, stderr } = await init("--name", "Portal", "--portal-url", PORTAL_URL, "--out", "portal");
    const message = `${join(folder, "portal/package.json")} is a folder; use another folder with --out`;
    expect([code, stderr]).toEqual([1, expect.stringContaining(message) as string]);
});

test("a file in the place of the backend's folder is named before anything is written", async () => {
    writeFileSync(join(folder, "state"), "mine");
    const answers = ["--name", "Portal", "--portal-url", PORTAL_URL, "--backend", "file://./state"];
    const { code, stderr } = await init(...answers);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`${join(folder, "state")} is not a folder`) as string]);
    expect(readdirSync(folder)).toEqual(["state"]);
});

// In the current folder, a broken package.json can stop Node.js if it preloads a module. So the file is in a subfolder.
test.each(["{", "[]", "null"])("a package.json with %s is named before anything is written", async (text) => {
    const out = join(folder, "portal");
    mkdirSync(out);
    writeFileSync(join(out, "package.json"), text);
    const { code, stderr } = await init("--name", "Portal", "--portal-url", PORTAL_URL, "--out", "portal");
    expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/package\.json does not contain a JSON object/) as string,
    ]);
    expect(readdirSync(out)).toEqual(["package.json"]);
    expect(readFileSync(join(out, "package.json"), "utf8")).toBe(text);
});

test("no existing file is changed, but package.json gets what it lacks", async () => {
    const args = ["--name", "Portal", "--portal-url", PORTAL_URL, "--out", "."];
    const own = { name: "mine", dependencies: { "@pulumi/pulumi": "3.270.0" } };
    writeFileSync(join(folder, "package.json"), JSON.stringify(own));
    expectSuccess(await init(...args));
    const manifest = JSON.parse(textsOf(".")["package.json"] ?? "") as typeof own;
    expect(manifest).toMatchObject({ name: "mine", dependencies: { "@pulumi/pulumi": "3.270.0" } });
    expect(Object.keys(manifest.dependencies)).toContain("pulumi-restore-portal");
    const { code, stderr } = await init(...args);
    expect(code).toBe(1);
    expect(stderr).toContain("already contains Pulumi.yaml, Pulumi.production.yaml, index.ts");
});
