// Runs handover on stack states that the test provides. Checks the written files and the error messages.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { handoverScript } from "../../cli/handoverScript";
import { shellWord } from "../../cli/shellWord";
import { CliOnState, secret, type StateEntry } from "../support/cli/cliOnState";
import { expectOwnersAlone } from "../support/ownersAlone";

const VALUES = {
    applicationId: "58a0f8e1-97bd-4804-ba69-bf1ed293e017",
    region: "USGovernment",
    portalUrl: "https://portal.abc.com:4443",
    thumbprint: "0123456789ABCDEF0123456789ABCDEF01234567",
    pfxName: "RestorePortal.pfx",
};
const PASSWORD = "correcthorsebatterystaple0000000";

let cli: CliOnState;
beforeEach(() => (cli = new CliOnState()));
afterEach(() => cli.remove());

const ended = { notAfter: "2020-01-01T00:00:00Z" };

function portal(name: string, more: { certificate?: object; outputs?: object; desired?: object } = {}): StateEntry[] {
    const certificate = {
        id: `id-${name}`,
        thumbprint: VALUES.thumbprint,
        notAfter: "2999-01-01T00:00:00Z",
        ...more.certificate,
    };
    const { applicationId, region, portalUrl } = VALUES;
    const desired = { portalUrl, additionalPortalUrls: [], certificate, ...more.desired };
    const certificates = [{ thumbprint: VALUES.thumbprint, notAfter: "2999-01-01T00:00:00Z", ours: true }];
    return [
        {
            type: "PortalCertificate",
            name: `${name}-certificate`,
            outputs: {
                certificate,
                pfx: secret(Buffer.from(`key of ${name}`).toString("base64")),
                pfxPassword: secret(PASSWORD),
                ...more.outputs,
            },
        },
        // After a refresh, the output `portalUrl` contains the live value. Only `desired` contains the desired value.
        {
            type: "RestorePortalApp",
            name,
            outputs: { applicationId, region, portalUrl: "not registered", certificate, certificates, desired },
        },
    ];
}

describe("the files", () => {
    test("are the PFX, which only its owner can read, and the script; the password is not in them or in the output", async () => {
        cli.declare(portal("portal"));
        const { code, output } = await cli.run("handover", "--out", "out");
        expect({ code, output }).toMatchObject({ code: 0 });
        const folder = join(cli.folder, "out");
        expect(readdirSync(folder).sort()).toEqual(["RestorePortal.pfx", "Set-RestorePortal.ps1"]);
        expectOwnersAlone(join(folder, "RestorePortal.pfx"));
        // Windows has no file modes, so this check does not run on Windows.
        if (process.platform !== "win32") expect(statSync(folder).mode & 0o777).toBe(0o700);
        expect(readFileSync(join(folder, "RestorePortal.pfx"), "utf8")).toBe("key of portal");
        const script = readFileSync(join(folder, "Set-RestorePortal.ps1"), "utf8");
        expect(script.replace(/\r\n/g, "\n")).toBe(handoverScript(VALUES));
        for (const text of [script, output]) expect(text).not.toContain(PASSWORD);
        expect(output).toContain("npx pulumi-restore-portal handover --show-password --portal portal");
    });

    test("are never overwritten, and then none is written", async () => {
        cli.declare(portal("portal"));
        mkdirSync(join(cli.folder, "out"));
        writeFileSync(join(cli.folder, "out/RestorePortal.pfx"), "in use");
        const { code, output } = await cli.run("handover", "--out", "out");
        expect(code).toBe(1);
        expect(output).toMatch(/RestorePortal\.pfx already exists; use another folder/);
        expect(readdirSync(join(cli.folder, "out"))).toEqual(["RestorePortal.pfx"]);
        expect(readFileSync(join(cli.folder, "out/RestorePortal.pfx"), "utf8")).toBe("in use");
    });

    test.each(["file", "file/out"])("--out %s, of which a part is a file, is named", async (out) => {
        cli.declare(portal("portal"));
        writeFileSync(join(cli.folder, "file"), "mine");
        const { code, stderr } = await cli.run("handover", "--out", out);
        const why = "nothing can be written there (a part of this path is a file)";
        expect([code, stderr]).toEqual([1, expect.stringContaining(`--out ${out}: ${why}`)]);
        expect(readFileSync(join(cli.folder, "file"), "utf8")).toBe("mine");
    });

    test("for a REST API on a separate machine are the PFX only; the output has the steps instead of a script", async () => {
        cli.declare(portal("portal"));
        const { output } = await cli.run("handover", "--out", "out", "--separate-rest-api");
        expect(readdirSync(join(cli.folder, "out"))).toEqual(["RestorePortal.pfx"]);
        expect(output).toMatch(/configurator[^]*USGovernment[^]*58a0f8e1[^]*https:\/\/portal\.abc\.com:4443/);
    });
});

test("the command for the password quotes a folder with a space", async () => {
    cli.declare(portal("portal"));
    mkdirSync(join(cli.folder, "my portals"));
    const { output } = await cli.run("handover", "--out", "out", "--cwd", "my portals");
    expect(output).toContain('--show-password --cwd "my portals" --portal portal');
});

test("the command for the password has the URN of the portal, if the user gave it", async () => {
    cli.declare(portal("portal"));
    const urn = "urn:pulumi:dev::portals::pulumi-nodejs:dynamic/restorePortal:RestorePortalApp::portal";
    const { output } = await cli.run("handover", "--out", "out", "--portal", urn);
    expect(output).toContain(`handover --show-password --portal ${urn}`);
});

test.each([
    ["my portals", "linux", '"my portals"'],
    ["$(id) `x` it's", "linux", "'$(id) `x` it'\\''s'"],
    ["a\\b", "linux", "'a\\b'"],
    ["a\\b", "win32", "a\\b"],
    ["$x it's", "win32", "'$x it''s'"],
] as const)("a shell reads the argument %j on %s as it is", (text, platform, word) => {
    expect(shellWord(text, platform)).toBe(word);
});

test("--show-password prints only the password, for a pipe", async () => {
    cli.declare(portal("portal"));
    expect(await cli.run("handover", "--show-password")).toMatchObject({
        code: 0,
        stdout: `${PASSWORD}\n`,
        stderr: "",
    });
});

describe("several portals", () => {
    beforeEach(() => cli.declare([...portal("berlin"), ...portal("paris")]));

    test("are refused with the list", async () => {
        const { code, output } = await cli.run("handover", "--out", "out");
        expect(code).toBe(2);
        expect(output).toMatch(/choose one with --portal: berlin, paris/);
        expect(existsSync(join(cli.folder, "out"))).toBe(false);
    });

    test("are distinguished by name, each with its own certificate", async () => {
        await cli.run("handover", "--out", "out", "--portal", "paris");
        expect(readFileSync(join(cli.folder, "out/RestorePortal.pfx"), "utf8")).toBe("key of paris");
        expect((await cli.run("handover", "--out", "other", "--portal", "rome")).output).toMatch(
            /no portal "rome"; it has berlin, paris/,
        );
    });
});

describe("is refused with a remedy for", () => {
    const rows: [name: string, entries: StateEntry[], message: RegExp][] = [
        ["a stack without a portal", [], /has no RestorePortalApp; run pulumi up first/],
        [
            "a portal that waits for its deletion",
            portal("portal").map((one) => ({ ...one, delete: true })),
            /has no RestorePortalApp/,
        ],
        ["a certificate of another stack", portal("portal").slice(1), /not a PortalCertificate of this stack/],
        [
            "a portal without a certificate",
            portal("portal", { desired: { certificate: undefined } }).slice(1),
            /declares no certificate for it, so there is nothing to hand over/,
        ],
        ["no PFX in state", portal("portal", { outputs: { pfx: undefined } }), /set exportPfx: true and run pulumi up/],
        [
            "a certificate that is not registered",
            portal("portal", { desired: { certificate: { thumbprint: "F".repeat(40) } } }),
            /is not registered in Entra yet; run pulumi up first/,
        ],
        [
            "a certificate that the deployment does not register",
            portal("portal", { desired: { certificate: { thumbprint: "F".repeat(40) }, registerCertificate: false } }),
            /is not registered in Entra yet; upload the certificate to the application \(Certificates & secrets\), or leave/,
        ],
        [
            "a certificate that has ended",
            portal("portal", { certificate: ended }),
            /has expired; if it is an imported .* first replace its file.*; then run pulumi up/,
        ],
    ];
    test.each(rows)("%s", async (_name, entries, message) => {
        cli.declare(entries);
        const { code, output } = await cli.run("handover", "--out", "out");
        expect(code).toBe(1);
        expect(output).toMatch(message);
        expect(output).not.toMatch(/ at .*\.js/);
        expect(existsSync(join(cli.folder, "out"))).toBe(false);
    });

    test("a Pulumi CLI that fails", async () => {
        writeFileSync(join(cli.folder, "Pulumi.yaml"), "name: portals\nruntime: nodejs\n");
        cli.replacePulumi('console.error("error: no stack named dev"); process.exit(6);');
        const { code, output } = await cli.run("handover", "--out", "out");
        expect(code).toBe(1);
        expect(output).toMatch(/no stack named dev[^]*pulumi stack export ended with exit code 6/);
    });
});

describe("the script", () => {
    const parser = join(__dirname, "../support/cli/powershellFaults.mjs");
    const faults = (script: string) =>
        JSON.parse(
            execFileSync(process.execPath, ["--liftoff-only", parser], { input: script, encoding: "utf8" }),
        ) as string[];

    test("has no syntax errors, which the parser reports if a brace is missing", () => {
        const script = handoverScript(VALUES);
        expect(faults(script)).toEqual([]);
        expect(faults(script.replace("$settings = @{", "$settings = @"))).not.toEqual([]);
        expect(faults(script.slice(0, script.lastIndexOf("}")))).not.toEqual([]);
    });

    test("quotes every value", () => {
        const script = handoverScript({ ...VALUES, portalUrl: "https://a'; Remove-Item C:\\ -Recurse; '\u2019" });
        expect(script).toContain("$PortalUri = 'https://a''; Remove-Item C:\\ -Recurse; ''\u2019\u2019'");
        expect(faults(script)).toEqual([]);
    });

    test("sets all five settings, verifies them, and deletes the PFX last", () => {
        const script = handoverScript(VALUES);
        const order = [
            "Read-Host -AsSecureString",
            "$fileThumbprint -ne $Thumbprint",
            "Set-VBORestorePortalSettings -EnableService @settings",
            "Get-VBORestorePortalSettings",
            "$actual.CertificateThumbprint -ne $Thumbprint",
            'throw "VB365',
            "Remove-Item",
        ];
        const places = order.map((text) => script.lastIndexOf(text));
        expect(places).toEqual([...places].sort((a, b) => a - b));
        expect(places).not.toContain(-1);
        const [, settings = ""] = /\$settings = @\{\n([^}]*)\}/.exec(script) ?? [];
        expect(settings.match(/\w+(?= =)/g)).toEqual([
            "ApplicationId",
            "Region",
            "PortalUri",
            "CertificateFilePath",
            "CertificatePassword",
        ]);
        expect(script).toMatch(/^[\x00-\x7f]*$/);
    });
});
