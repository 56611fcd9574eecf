// Demonstrates drift and its repair; `npm start` runs this file. The real engine configures a portal's application in
// an embedded tenant. This file changes the application as an administrator does by hand, and the engine shows and
// repairs the change. The demonstration leaves no process and no file behind.
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";

import { startEmulator, type Emulator } from "../emulator";
import { expectCode, run } from "./demoCommand";

const ROOT = resolve(__dirname, "../..");
const STEPS = 6;

interface Application {
    readonly appId: string;
    readonly displayName: string;
    readonly signInAudience: string;
    readonly identifierUris: readonly string[];
    readonly spa: { readonly redirectUris: readonly string[] };
    readonly api: {
        readonly oauth2PermissionScopes: readonly { readonly value: string; readonly isEnabled: boolean }[];
    };
    readonly keyCredentials: readonly {
        readonly displayName: string;
        readonly customKeyIdentifier: string;
        readonly endDateTime: string;
    }[];
}

interface Grant {
    readonly id: string;
    readonly scope: string;
}

let step = 0;
function say(title: string): void {
    console.log(`\n[${++step}/${STEPS}] ${title}\n`);
}

async function main(): Promise<void> {
    say("Starting an embedded Microsoft Entra tenant on loopback");
    const emulator = await startEmulator();
    // The folder is in the checkout, so that the program finds the checkout's node_modules. The demonstration uses a
    // copy of stacks/portal, so that your own stack files stay as they are.
    const base = join(ROOT, ".portal");
    mkdirSync(base, { recursive: true });
    const folder = mkdtempSync(join(base, "demo-"));
    const clean = async () => {
        await emulator.close();
        rmSync(folder, { recursive: true, force: true });
    };
    process.once("SIGINT", () => void clean().then(() => process.exit(130)));
    try {
        console.log(`    ${emulator.url}, tenant ${emulator.tenantId} (contoso.com)`);
        await show(emulator, folder);
    } finally {
        await clean();
    }
}

async function show(emulator: Emulator, folder: string): Promise<void> {
    for (const name of ["Pulumi.yaml", "index.ts", "tsconfig.json", "tsconfig.run.json"])
        cpSync(join(ROOT, "stacks/portal", name), join(folder, name));
    // Makes a separate project that uses the packages of the checkout, this package included.
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "demonstration", private: true }));
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(ROOT, join(folder, "node_modules/pulumi-restore-portal"), "junction");
    writeFileSync(join(folder, "Pulumi.dev.yaml"), "config:\n  portalUrl: https://portal.abc.com:4443\n");
    mkdirSync(join(folder, "state"));
    const pulumi = (args: string[]) => run(folder, emulator, args);
    await pulumi(["stack", "init", "dev"]);

    say("pulumi up registers the application with its certificate, permissions and consent");
    await expectCode(pulumi(["up", "--yes", "--skip-preview", "--suppress-progress"]), 0);
    const [application] = (
        await graph<{ value: Application[] }>(emulator, "GET", "/applications?$filter=displayName eq 'Restore Portal'")
    ).value;
    if (!application) throw new Error("pulumi up registered no application named Restore Portal");

    say("Entra now has these values, in the order of VB365's wizard");
    await table(emulator, application);

    say("Somebody changes the application by hand: takes away the web address and a consent, and adds an address");
    const path = `/applications(appId='${application.appId}')`;
    await changeByHand(emulator, path, application.appId);

    say("pulumi preview --diff --expect-no-changes names the two missing values, and exits with code 7");
    console.log(TWO_PARTS);
    const preview = await expectCode(pulumi(["preview", "--diff", "--expect-no-changes"]), 7);

    say("pulumi up restores the two missing values, and keeps the address that was added");
    await expectCode(pulumi(["up", "--yes", "--skip-preview", "--suppress-progress"]), 0);
    await table(emulator, await graph<Application>(emulator, "GET", path));
    console.log(await summary(emulator, path, application, foundIn(preview)));
    console.log(NEXT);
}

/** A redirect URI that somebody else added, which no deployment may remove. */
const THEIRS = "https://theirs.contoso.com/signin";

async function grantOfPortal(emulator: Emulator, appId: string): Promise<Grant | undefined> {
    const grantsPath = `/servicePrincipals(appId='${appId}')/oauth2PermissionGrants`;
    const { value: grants } = await graph<{ value: Grant[] }>(emulator, "GET", grantsPath);
    return grants.find(({ scope }) => scope === "access_as_user");
}

async function changeByHand(emulator: Emulator, path: string, appId: string): Promise<void> {
    const body = { spa: { redirectUris: [THEIRS] } };
    await graph(emulator, "PATCH", path, body);
    const grant = await grantOfPortal(emulator, appId);
    await graph(emulator, "DELETE", `/oauth2PermissionGrants/${grant?.id ?? ""}`);
    console.log(`    PATCH  ${path}   ${JSON.stringify(body)}`);
    console.log("    DELETE the grant of access_as_user");
}

const TWO_PARTS = `    The preview has two parts. "refresh" lists the changes in Entra since the last deployment: value in state =>
    value in Entra. "update" lists the changes that the next pulumi up writes: value in Entra => value in the program.
`;

/** Each `line` matches a change by hand in the second part of the preview, "update". */
const FINDINGS: readonly (readonly [what: string, line: RegExp])[] = [
    ["web address", /~ portalUrl *: "not registered" => "https:/],
    ["consent", /\+ +\[\d+\]: "access_as_user"/],
];

/** Returns the changes by hand that the preview names. */
function foundIn(preview: string): string[] {
    const text = stripVTControlCharacters(preview);
    return FINDINGS.filter(([, line]) => line.test(text)).map(([what]) => what);
}

/** Reads the application again, so that the summary shows the current values in Entra. */
async function summary(
    emulator: Emulator,
    path: string,
    before: Application,
    found: readonly string[],
): Promise<string> {
    const { spa } = await graph<Application>(emulator, "GET", path);
    const grant = await grantOfPortal(emulator, before.appId);
    const repaired = [
        ...before.spa.redirectUris.filter((uri) => spa.redirectUris.includes(uri)).map((uri) => `web address ${uri}`),
        ...(grant ? ["consent to access_as_user"] : []),
    ];
    const kept = spa.redirectUris.filter((uri) => uri === THEIRS);
    return `
Summary:
  changes by hand found     ${found.length}: ${found.join(", ")}
  repaired                  ${repaired.length}: ${repaired.join(", ")}
  entries of others kept    ${kept.length}: ${kept.join(", ")}`;
}

const NEXT = `
Next:
  docs/get-started.md       how to deploy your own program to a tenant on this machine
  docs/real-tenant.md       how to deploy to your own tenant
`;

async function table(emulator: Emulator, application: Application): Promise<void> {
    const { appId, spa, api, keyCredentials } = application;
    const { value: grants } = await graph<{ value: Grant[] }>(
        emulator,
        "GET",
        `/servicePrincipals(appId='${appId}')/oauth2PermissionGrants`,
    );
    const [certificate] = keyCredentials;
    const rows = [
        ["Region", "Worldwide"],
        ["Name", application.displayName],
        ["Application ID", appId],
        [
            "Certificate",
            certificate
                ? `${certificate.displayName}, ${certificate.customKeyIdentifier}, valid until ${certificate.endDateTime.slice(0, 10)}`
                : "none",
        ],
        ["Restore Portal web address", spa.redirectUris.join(", ") || "none"],
        ["Application ID URI", application.identifierUris.join(", ")],
        [
            "Scope",
            api.oauth2PermissionScopes
                .map(({ value, isEnabled }) => `${value} (${isEnabled ? "enabled" : "disabled"})`)
                .join(", "),
        ],
        ["Granted for the organization", grants.map(({ scope }) => scope).join(", ") || "nothing"],
        ["Who may sign in", application.signInAudience],
    ];
    for (const [name = "", value = ""] of rows) console.log(`    ${name.padEnd(30)}${value}`);
}

/** Sends a request as an administrator of the tenant, outside of Pulumi. */
async function graph<T>(emulator: Emulator, method: string, path: string, body?: unknown): Promise<T> {
    const { tenantId, clientId, clientSecret } = emulator.identity("admin");
    const form = {
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: clientSecret,
        scope: `${emulator.url}/.default`,
    };
    const token = await send<{ access_token: string }>(
        emulator,
        "POST",
        `/${tenantId}/oauth2/v2.0/token`,
        new URLSearchParams(form).toString(),
    );
    return send<T>(
        emulator,
        method,
        `/v1.0${path.replaceAll(" ", "%20")}`,
        body === undefined ? undefined : JSON.stringify(body),
        token.access_token,
    );
}

function send<T>(emulator: Emulator, method: string, path: string, body?: string, token?: string): Promise<T> {
    const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    return new Promise((done, fail) => {
        const outgoing = request(`${emulator.url}${path}`, { method, headers, ca: emulator.caPem }, (incoming) => {
            let text = "";
            incoming.on("data", (chunk: Buffer) => (text += chunk.toString()));
            incoming.on("end", () => {
                if ((incoming.statusCode ?? 500) >= 400) fail(new Error(`${method} ${path}: ${text}`));
                else done((text === "" ? undefined : JSON.parse(text)) as T);
            });
        });
        outgoing.on("error", fail);
        outgoing.end(body);
    });
}

main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
});
