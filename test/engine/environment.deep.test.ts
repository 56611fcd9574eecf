// Checks on the real engine that only one resource reports a wrong environment variable. The engine must not report it
// as a problem of an input, because the engine would then print the value of the input.
import { join } from "node:path";

import { withEnv } from "../support/engine/failures";
import { Workspace, type CommandResult } from "../support/engine/workspace";
import { ConnectProxy } from "../support/network/connectProxy";
import { TestTenant } from "../support/tenant/testTenant";

jest.setTimeout(600_000);

let tenant: TestTenant;
let workspace: Workspace;
let proxy: ConnectProxy;
const portal = (name: string) => ({
    args: {
        displayName: `Restore Portal ${name}`,
        portalUrl: `https://${name}.abc.com:4443`,
        certificate: "$certificate:certificate",
    },
});

beforeAll(async () => {
    tenant = await TestTenant.start();
    proxy = await ConnectProxy.start({ refusal: "403 Forbidden" });
    workspace = await new Workspace({ env: tenant.env }).init();
    const certificates = { certificate: { source: { generate: { name: "Restore Portal" } } } };
    workspace.declare({ certificates, portals: { first: portal("first"), second: portal("second") } });
});
afterAll(async () => {
    workspace.remove();
    await proxy.close();
    await tenant.close();
});

const DAMAGED = { AZURE_CLIENT_SECRET: "$(secret)" };
const NAMED = /AZURE_CLIENT_SECRET has the name of another variable/g;
const faults: [name: string, env: () => Record<string, string>, message: RegExp][] = [
    ["a damaged secret", () => DAMAGED, NAMED],
    ["a proxy that forbids the host", () => ({ HTTPS_PROXY: proxy.url }), /variable HTTPS_PROXY\) answered 403/g],
    [
        "a missing certificate authority",
        () => ({ NODE_EXTRA_CA_CERTS: join(__dirname, "none.pem") }),
        /the file of NODE_EXTRA_CA_CERTS \(\/.*none\.pem\) does not exist/g,
    ],
    [
        "a tenant that Entra does not know",
        () => ({ AZURE_TENANT_ID: "33333333-3333-4333-8333-333333333333" }),
        /does not know this tenant.*tenant of the credentials/g,
    ],
];

function expectFaultOfEnvironment({ code, output }: CommandResult, message: RegExp): void {
    expect(code).not.toBe(0);
    expect(output).toMatch(new RegExp(message.source));
    expect(output).not.toMatch(/property \S+ value/);
    expect(output).not.toMatch(/-----BEGIN|^\s+at /m);
}

/**
 * Returns the matches in the section "Diagnostics" only, because the engine prints the same lines twice: as they
 * arrive, and later in this section.
 */
function diagnosed({ output }: CommandResult, message: RegExp): string[] {
    return (output.split("Diagnostics:")[1] ?? "").match(message) ?? [];
}

test.each(faults)("%s in a first preview is said once", async (_name, env, message) => {
    const result = await workspace.pulumi(["preview"], withEnv(env()));
    expectFaultOfEnvironment(result, message);
    expect(diagnosed(result, message)).toHaveLength(1);
});

test("a damaged secret, once the portals are deployed, is reported by one of them and changes nothing", async () => {
    await workspace.upOk();
    tenant.clearLog();
    const result = await workspace.pulumi(["preview"], withEnv(DAMAGED));
    expectFaultOfEnvironment(result, NAMED);
    // The message appears twice: the SDK prints a thrown error, and the engine prints it again.
    expect(diagnosed(result, NAMED)).toHaveLength(2);
    expect(tenant.writes()).toEqual([]);
});
