// Checks the output of `npm run emulator`, the files that it writes, and the commands that it prints.
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

import { changeByHand, startText } from "../../emulator/startText";
import { makeWizardPortal } from "../../emulator/wizardPortal";
import { existingApplication } from "../support/tenant/portals";
import { expectOwnersAlone } from "../support/ownersAlone";
import { TestTenant } from "../support/tenant/testTenant";

jest.setTimeout(60_000);

const MAIN = resolve(__dirname, "../../dist/emulator/main.js");
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "emulator-main-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Starts the command, and waits until it has printed export lines or an error. Returns this output and the process. */
async function started(args: readonly string[], env: Record<string, string> = {}): Promise<[string, ChildProcess]> {
    const child = spawn(process.execPath, [MAIN, ...args], {
        env: { PATH: process.env["PATH"] ?? "", ...env },
        stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    await new Promise<void>((done) => {
        for (const stream of [child.stdout, child.stderr]) {
            stream.on("data", (data: Buffer) => {
                text += data.toString();
                if (/^(export|--|Usage)/m.test(text)) done();
            });
        }
    });
    return [text, child];
}

async function ended(child: ChildProcess): Promise<void> {
    const end = new Promise((done) => child.once("exit", done));
    child.kill("SIGINT");
    await end;
}

test("--save-env writes what --export prints, for its owner alone, and the machine's own authorities stay", async () => {
    const company = join(folder, "company.pem");
    writeFileSync(company, "-----BEGIN CERTIFICATE-----\nCOMPANY\n-----END CERTIFICATE-----\n");
    const file = join(folder, "entra.env");
    const [text, child] = await started(["--save-env", file, "--export"], { NODE_EXTRA_CA_CERTS: company });
    try {
        const lines = readFileSync(file, "utf8").trim().split("\n");
        expect(lines.map((line) => line.split("=")[0])).toContain("AZURE_CLIENT_SECRET");
        const exported = lines.map((line) => line.replace(/^(\w+)=(.*)$/, "export $1='$2'"));
        expect(text.split("\n").filter((line) => line.startsWith("export "))).toEqual(exported);
        expectOwnersAlone(file);
        const caFile = lines.find((line) => line.startsWith("NODE_EXTRA_CA_CERTS="))?.split("=")[1] ?? "";
        expect(readFileSync(caFile, "utf8")).toContain("COMPANY");
    } finally {
        await ended(child);
    }
});

test.each([
    [["--tenants", "many"], /--tenants must be a whole number of at least 1, got "many"/],
    [["--region", "Mars"], /--region must be one of/],
])("wrong options %j are refused", async (args, reason) => {
    const [text] = await started(args);
    expect(text).toMatch(reason);
});

test("a person sees tenants, users, consent links, and a change by hand that works", async () => {
    const tenant = await TestTenant.start({ tenants: 2, isServiceProvider: true });
    try {
        const { emulator } = tenant;
        const shown = { region: "Worldwide", envPath: undefined, portalServerUrl: undefined, wizardPortal: undefined };
        const text = startText(emulator, { ...shown, isServiceProvider: true });
        for (const tenantId of emulator.tenantIds) expect(text).toContain(tenantId);
        expect(text).toContain(`export AZURE_TENANT_ID='${emulator.tenantId}'`);
        expect(text).toMatch(/ \(administrator\)/);
        const clientId = emulator.env["AZURE_CLIENT_ID"] ?? "";
        expect(text).toContain(`${emulator.url}/${emulator.tenantIds[1] ?? ""}/adminconsent?client_id=${clientId}`);
        const appId = await existingApplication(tenant, { spa: { redirectUris: ["https://portal.abc.com:4443"] } });
        const script = changeByHand(emulator).join("\n").replace("<Application ID>", appId);
        await promisify(execFile)("sh", ["-ec", script]);
        expect((await tenant.application(appId)).spa.redirectUris).toEqual([]);
    } finally {
        await tenant.close();
    }
});

test("an application of the wizard is complete, and the deploying identity owns it", async () => {
    const tenant = await TestTenant.start();
    try {
        const appId = await makeWizardPortal(tenant.emulator);
        expect(await tenant.application(appId)).toMatchObject({
            displayName: "VB365 Restore Portal",
            identifierUris: [`api://${appId}`],
            spa: { redirectUris: ["https://portal.abc.com:4443"] },
            keyCredentials: [{ usage: "Verify" }],
        });
        expect((await tenant.grants(appId)).map(({ scope }) => scope).sort()).toEqual(["User.Read", "access_as_user"]);
        const path = `/applications(appId='${appId}')/owners`;
        const { value: owners } = await tenant.graph<{ value: { id: string }[] }>("GET", path);
        expect(owners.map(({ id }) => id)).toContain(tenant.emulator.identity("deployer").objectId);
    } finally {
        await tenant.close();
    }
});
