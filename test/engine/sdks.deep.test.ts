// Checks the oldest and the newest supported SDK with a program that the Pulumi CLI runs, and with an inline program.
// The inline program runs once with the package installed, and once with the package linked.
import { INLINE_PROGRAM } from "../support/engine/inlineProgram";
import { install, NEWEST_SDK, OLDEST_SDK } from "../support/engine/sdk";
import { expectSuccess, Workspace } from "../support/engine/workspace";
import { TestTenant } from "../support/tenant/testTenant";

jest.setTimeout(600_000);

let tenant: TestTenant;
beforeAll(async () => (tenant = await TestTenant.start()));
afterAll(() => tenant.close());

describe.each([OLDEST_SDK, NEWEST_SDK])("with SDK %s", (sdk) => {
    let workspace: Workspace;
    beforeEach(() => (workspace = new Workspace({ env: tenant.env })));
    afterEach(() => workspace.remove());

    test.each([
        ["installed", true],
        ["linked", false],
    ])("an inline program deploys with the package %s", async (_how, copy) => {
        install(workspace.folder, { sdk, copy });
        workspace.write("inline.js", INLINE_PROGRAM);
        const { stdout } = expectSuccess(await workspace.run("node", ["inline.js"]));
        expect(JSON.parse(stdout)).toEqual({ created: { create: 2 }, again: { same: 2 } });
    });

    test("a portal is registered, previewed without changes, changed and destroyed", async () => {
        install(workspace.folder, { sdk, copy: true });
        await workspace.init();
        const portal = (portalUrl: string) => ({
            certificates: { own: { source: { generate: { name: "Portal" } } } },
            portals: { portal: { args: { displayName: "Portal", certificate: "$certificate:own", portalUrl } } },
        });
        workspace.declare(portal("https://portal.abc.com:4443"));
        await workspace.upOk();
        await workspace.previewUnchanged();
        workspace.declare(portal("https://restore.abc.com:4443"));
        await workspace.upOk();
        const application = await tenant.application(await workspace.output("applicationId-portal"));
        expect(application).toMatchObject({ spa: { redirectUris: ["https://restore.abc.com:4443"] } });
        await workspace.destroyOk();
    });
});
