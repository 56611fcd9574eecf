// Checks that each failure is reported with a clear message, without a secret or a stack trace. No object may be
// created, lost or left incomplete. failures.deep.test.ts tests more failures.
import { expectFailure, withEnv } from "../support/engine/failures";
import { Workspace } from "../support/engine/workspace";
import { everythingOf, onePortal } from "../support/tenant/portals";
import { TestTenant } from "../support/tenant/testTenant";

jest.setTimeout(600_000);

let tenant: TestTenant;
let workspace: Workspace;

beforeAll(async () => {
    tenant = await TestTenant.start();
    workspace = await new Workspace({ env: tenant.env }).init();
    workspace.declare(onePortal({ displayName: "Restore Portal" }));
    await workspace.upOk();
});
afterAll(async () => {
    workspace.remove();
    await tenant.close();
});
afterEach(() => tenant.emulator.control.reset());

describe("signing in", () => {
    const cases: [string, () => Record<string, string | undefined>, RegExp][] = [
        [
            "with a wrong secret",
            () => ({ AZURE_CLIENT_SECRET: "wrong-secret-value" }),
            /AADSTS7000215.*correct the client secret/,
        ],
    ];
    test.each(cases)("%s reports what is wrong and what to do", async (_name, env, message) => {
        expectFailure(tenant, await workspace.pulumi(["preview"], withEnv(env())), message);
    });

    test("without credentials still checks the inputs, shows the plan, and reports that Entra was not read", async () => {
        const none = { AZURE_CLIENT_ID: undefined, AZURE_CLIENT_SECRET: undefined, AZURE_TENANT_ID: undefined };
        const fresh = await new Workspace({ env: { ...tenant.env } }).init();
        fresh.declare(onePortal({ displayName: "Restore Portal" }));
        tenant.clearLog();
        const { code, output } = await fresh.pulumi(["preview", "--diff", "--refresh=false"], withEnv(none));
        expect(output.match(/no credentials are set in the environment/g)).toHaveLength(1);
        expect(output).toMatch(/3 to create/);
        expect(code).toBe(0);
        expect(tenant.graphRequests()).toEqual([]);
        fresh.declare(onePortal({ displayName: "Restore Portal", portalUrl: "http://portal.abc.com:4443" }));
        expectFailure(tenant, await fresh.pulumi(["preview", "--refresh=false"], withEnv(none)), /must be https/);
        fresh.remove();
    });
});

describe("a missing permission", () => {
    const cases: [string, string[], RegExp][] = [
        [
            "to write applications",
            ["DelegatedPermissionGrant.ReadWrite.All"],
            /credentials.*lacks the Microsoft Graph application permission Application\.ReadWrite\.OwnedBy; a Global Administrator/,
        ],
    ];
    test.each(cases)("%s is named before any write", async (_name, roles, message) => {
        const other = await new Workspace({ env: tenant.envOf(tenant.emulator.addIdentity({ roles })) }).init();
        other.declare(onePortal({ displayName: "Restore Portal" }));
        tenant.clearLog();
        expectFailure(tenant, await other.up(), message);
        expect(tenant.writes()).toEqual([]);
        other.remove();
    });

    test("an application that the identity does not own is refused before anything is written", async () => {
        const { appId } = await tenant.graph<{ appId: string }>("POST", "/applications", { displayName: "Not ours" });
        const other = await new Workspace({ env: tenant.env }).init();
        other.declare(onePortal({ applicationId: appId }));
        const before = await everythingOf(tenant, appId);
        expectFailure(tenant, await other.up(), /applicationId.*is not an owner of application .*add it as an owner/);
        expect(await everythingOf(tenant, appId)).toEqual(before);
        other.remove();
    });
});

describe("before any write, check refuses", () => {
    test("all wrong inputs together", async () => {
        const other = await new Workspace({ env: tenant.env }).init();
        other.declare(onePortal({ region: "Mars", portalUrl: "http://portal.abc.com:4444/x", tenantId: "a b" }));
        const { output } = await other.up();
        for (const part of [
            "must be one of",
            "must be https",
            "must not have a path",
            "GUID or a verified domain",
            "got neither",
        ]) {
            expect(output).toContain(part);
        }
        other.remove();
    });
});

test("a portal whose application may not be read is named in the preview, which continues", async () => {
    const id = (await workspace.outputsOf("portal"))["applicationId"] as string;
    tenant.emulator.control.addFault({
        method: "GET",
        path: `/applications(appId='${id}')`,
        status: 403,
        count: 9,
    });
    const { output } = await workspace.preview();
    expect(output).toMatch(
        /applicationStatus\s*: "not readable: reading application .* 403 Authorization_RequestDenied/,
    );
    tenant.emulator.control.reset();
    await workspace.previewUnchanged();
});
