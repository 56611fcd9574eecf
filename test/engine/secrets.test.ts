// Searches the state, files, command lines, requests and output of a deployment, and checks that none of them contains
// a secret in plain text.
import { execFileSync } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { filesBelow } from "../support/engine/filesBelow";
import { onePortal } from "../support/tenant/portals";
import { TestTenant } from "../support/tenant/testTenant";
import { Workspace } from "../support/engine/workspace";
import { providerProcess } from "../support/engine/faces";

jest.setTimeout(300_000);

/** Returns each form that a value may have in a file. */
function spellings(value: Buffer): string[] {
    const text = value.toString("latin1");
    return [
        text,
        value.toString("base64").replace(/=+$/, ""),
        value.toString("hex"),
        value.toString("hex").toUpperCase(),
        JSON.stringify(text).slice(1, -1),
    ];
}

let tenant: TestTenant;
let workspace: Workspace;
let watch: NodeJS.Timeout;
beforeAll(async () => {
    tenant = await TestTenant.start();
    workspace = await new Workspace({ env: tenant.env }).init();
});
afterAll(async () => {
    clearInterval(watch);
    workspace.remove();
    await tenant.close();
});

test("key, PFX, password and client secret are not in plain text anywhere", async () => {
    workspace.declare(onePortal({ displayName: "Restore Portal" }));
    const argumentsSeen: string[] = [];
    watch = setInterval(() => argumentsSeen.push(...commandLines()), 50);
    const commands = [
        await workspace.upOk(),
        await workspace.preview(),
        await workspace.preview("--json"),
        await workspace.pulumi(["stack", "output"]),
        await workspace.pulumi(["stack", "--show-urns"]),
    ];
    const outputs = Object.fromEntries(commands.map(({ output }, index) => [`CLI output ${index}`, output]));
    clearInterval(watch);
    expect(argumentsSeen.some((line) => line.includes(providerProcess()))).toBe(true);

    const pfx = Buffer.from(await workspace.output("pfx-certificate"), "base64");
    const password = await workspace.output("pfxPassword-certificate");
    const key = keyOf(pfx, password, workspace.folder);
    const jwk = key.export({ format: "jwk" });
    const values: Record<string, Buffer> = {
        "private key (DER)": key.export({ type: "pkcs8", format: "der" }),
        "private exponent": Buffer.from(jwk.d ?? "", "base64url"),
        "first prime": Buffer.from(jwk.p ?? "", "base64url"),
        "private key (PEM line)": Buffer.from(
            key.export({ type: "pkcs8", format: "pem" }).toString().split("\n")[5] ?? "",
        ),
        PFX: pfx,
        "PFX password": Buffer.from(password),
        "client secret": Buffer.from(tenant.env["AZURE_CLIENT_SECRET"] ?? ""),
    };
    const places: Record<string, string> = {
        "stack export": JSON.stringify(await workspace.exportState()),
        "request log": JSON.stringify(tenant.emulator.requests()),
        ...outputs,
        "arguments of child processes": argumentsSeen.join("\n"),
        ...Object.fromEntries(filesBelow(workspace.folder).map((path) => [path, readFileSync(path, "latin1")])),
    };
    expect(Object.keys(places).length).toBeGreaterThan(8);
    const found = Object.entries(places).flatMap(([place, text]) =>
        Object.entries(values).flatMap(([name, value]) =>
            spellings(value).some((one) => one.length > 8 && text.includes(one)) ? [`${name} in ${place}`] : [],
        ),
    );
    expect(found).toEqual([]);
    // The export contains the application's id, so the search above read the real state.
    expect(places["stack export"]).toContain((await workspace.outputsOf("portal"))["applicationId"]);
    await workspace.destroyOk();
});

/** Returns the private key of the PFX. Uses openssl, because the provider returns the key only inside the PFX. */
function keyOf(pfx: Buffer, password: string, folder: string) {
    const file = join(folder, "..", `secrets-${process.pid}.pfx`);
    writeFileSync(file, pfx);
    try {
        const env = { ...process.env, PFX_PASSWORD: password };
        const pem = execFileSync(
            "openssl",
            ["pkcs12", "-in", file, "-nodes", "-nocerts", "-passin", "env:PFX_PASSWORD"],
            { encoding: "utf8", env },
        );
        return createPrivateKey(/-----BEGIN PRIVATE KEY-----[^]*-----END PRIVATE KEY-----/.exec(pem)?.[0] ?? "");
    } finally {
        execFileSync("rm", [file]);
    }
}

/** Returns the command lines of all processes that run now. */
function commandLines(): string[] {
    return readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .map((pid) => {
            try {
                return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
            } catch {
                return "";
            }
        });
}
