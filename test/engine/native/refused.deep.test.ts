// Checks requests of the engine that the plugin refuses: settings of a provider, functions and components.
import "../../support/engine/nativeFace";

import { Workspace } from "../../support/engine/workspace";
import { PORTAL_URL } from "../../support/tenant/portals";
import { TestTenant } from "../../support/tenant/testTenant";

jest.setTimeout(600_000);

let tenant: TestTenant;
let workspace: Workspace;
let others: string[];
beforeAll(async () => {
    tenant = await TestTenant.start();
    others = (await tenant.applications()).map(({ appId }) => appId);
    workspace = await new Workspace({ env: tenant.env }).init();
});
afterAll(async () => {
    workspace.remove();
    await tenant.close();
});
afterEach(async () => {
    await workspace.destroyOk();
    expect(await living()).toEqual([]);
});

/** The names of the applications that the portals have registered. */
const living = async () =>
    (await tenant.applications())
        .filter(({ appId }) => !others.includes(appId))
        .map(({ displayName }) => displayName)
        .sort();

function program(text: string): void {
    workspace.write(
        "index.js",
        `const pulumi = require("@pulumi/pulumi");
const { PortalCertificate, Provider, RestorePortalApp } = require("pulumi-restore-portal");
const portal = (name, args, options) =>
    new RestorePortalApp(name, { displayName: name, portalUrl: ${JSON.stringify(PORTAL_URL)}, registerCertificate: false, ...args }, options);
${text}
`,
    );
}

test("a provider with bad settings is refused before anything is written", async () => {
    program(`portal("refused", {}, { provider: new Provider("bad", { region: "Germany" }) });`);
    tenant.clearLog();
    const { code, output } = await workspace.up();
    expect(code).not.toBe(0);
    expect(output).toMatch(/must not be "Germany"/);
    expect(tenant.writes()).toEqual([]);
});

test("functions, methods and components are refused in words", async () => {
    program(`exports.answer = pulumi.output(
    pulumi.runtime.invoke("restore-portal:index:getPortal", {}).catch((error) => String(error)),
);`);
    await workspace.upOk();
    expect(await workspace.output("answer")).toMatch(
        /restore-portal has no functions; it has the resources RestorePortalApp,/,
    );
    program(`new pulumi.ComponentResource("restore-portal:index:Portals", "portals", {}, {}, true);`);
    const { code, output } = await workspace.up();
    expect(code).not.toBe(0);
    expect(output).toMatch(/restore-portal has no components/);
});
