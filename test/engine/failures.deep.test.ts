// Checks that each failure is reported with a clear message, without a secret or a stack trace. No object may be
// created, lost or left incomplete. failures.test.ts tests other failures.
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

import { expectFailure, withEnv, withoutNonces } from "../support/engine/failures";
import { Workspace } from "../support/engine/workspace";
import { existingApplication, onePortal, PORTAL_URL } from "../support/tenant/portals";
import { TestTenant } from "../support/tenant/testTenant";

jest.setTimeout(600_000);

let tenant: TestTenant;
let workspace: Workspace;

beforeAll(async () => {
    tenant = await TestTenant.start({ tenants: 2 });
    workspace = await new Workspace({ env: tenant.env }).init();
    workspace.declare(onePortal({ displayName: "Restore Portal" }));
    await workspace.upOk();
});
afterAll(async () => {
    workspace.remove();
    await tenant.close();
});
afterEach(() => tenant.emulator.control.reset());

describe("credentials of another tenant than the state's", () => {
    const commands: [string, string[]][] = [
        ["preview", ["preview"]],
        ["up", ["up", "--yes", "--skip-preview"]],
        ["preview without refresh", ["preview", "--refresh=false"]],
        ["up without refresh", ["up", "--yes", "--skip-preview", "--refresh=false"]],
        ["refresh", ["refresh", "--yes", "--skip-preview"]],
        ["destroy", ["destroy", "--yes", "--skip-preview"]],
    ];
    test.each(commands)("are an error of %s, which changes nothing", async (_name, args) => {
        const second = tenant.emulator.identity("deployer", tenant.emulator.tenantIds[1]);
        const before = await workspace.exportState();
        const count = (await tenant.applications()).length;
        tenant.clearLog();
        expectFailure(
            tenant,
            await workspace.pulumi(args, withEnv(tenant.envOf(second))),
            /belong to tenant .* but the resource belongs to tenant/,
        );
        expect(tenant.graphRequests()).toEqual([]);
        expect(withoutNonces(await workspace.exportState())).toEqual(withoutNonces(before));
        expect((await tenant.applications()).length).toBe(count);
    });
});

describe("signing in", () => {
    const cases: [string, () => Record<string, string | undefined>, RegExp][] = [
        [
            "as an unknown client",
            () => ({ AZURE_CLIENT_ID: "11111111-1111-4111-8111-111111111111" }),
            /AADSTS700016.*check the client id/,
        ],
        [
            "to an unknown tenant",
            () => ({ AZURE_TENANT_ID: "11111111-1111-4111-8111-111111111111" }),
            /does not know this tenant|belong to tenant/,
        ],
        [
            "with variables that contradict each other",
            () => ({ ARM_CLIENT_ID: "11111111-1111-4111-8111-111111111111" }),
            /AZURE_CLIENT_ID and ARM_CLIENT_ID differ/,
        ],
        [
            "without a secret",
            () => ({ AZURE_CLIENT_SECRET: undefined }),
            /AZURE_CLIENT_ID \(or ARM_CLIENT_ID\) is set without a secret/,
        ],
    ];
    test.each(cases)("%s reports what is wrong and what to do", async (_name, env, message) => {
        expectFailure(tenant, await workspace.pulumi(["preview"], withEnv(env())), message);
    });

    /** Checks that a preview shows the portal as not readable and continues, and that `up` fails with the reason. */
    async function expectNotReadable(env: Record<string, string>, reason: RegExp): Promise<void> {
        const before = await workspace.exportState();
        const preview = await workspace.pulumi(["preview", "--diff", "--expect-no-changes"], withEnv(env));
        expectFailure(tenant, preview, reason);
        expect(preview.output).toMatch(/applicationStatus\s*: "not readable: /);
        expect(preview.code).toBe(7);
        expectFailure(tenant, await workspace.pulumi(["up", "--yes", "--skip-preview"], withEnv(env)), reason);
        await workspace.importState(before);
    }

    test("to a tenant that does not answer names the host and the reason", async () => {
        const server = createServer().listen(0, "127.0.0.1");
        await new Promise((done) => server.once("listening", done));
        const { port } = server.address() as AddressInfo;
        await new Promise((done) => server.close(done));
        const env = { ARM_METADATA_HOSTNAME: `localhost:${port}` };
        await expectNotReadable(env, new RegExp(`localhost:${port} cannot be reached \\(ECONNREFUSED`));
    });

    test("ends in time if the token endpoint does not answer", async () => {
        tenant.emulator.control.addFault({ service: "login", path: "/oauth2/v2.0/token", hangMs: 8000, count: 99 });
        await expectNotReadable({ RESTORE_PORTAL_SIGN_IN_SECONDS: "1" }, /did not answer within|cannot be reached/);
    });
});

describe("a missing permission", () => {
    const cases: [string, string[], RegExp][] = [
        [
            "to grant consent",
            ["Application.ReadWrite.OwnedBy"],
            /adminConsent.*DelegatedPermissionGrant\.ReadWrite\.All.*set adminConsent to false/,
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

    test("Application.ReadWrite.OwnedBy alone is enough if an administrator consents by hand", async () => {
        const identity = tenant.emulator.addIdentity({ roles: ["Application.ReadWrite.OwnedBy"] });
        const other = await new Workspace({ env: tenant.envOf(identity) }).init();
        other.declare(onePortal({ displayName: "Restore Portal", adminConsent: false }));
        await other.upOk();
        await other.previewUnchanged();
        await other.destroyOk();
        other.remove();
    });
});

describe("before any write, check refuses", () => {
    const cases: [string, Record<string, unknown>, RegExp][] = [
        [
            "an application that does not exist",
            { applicationId: "11111111-1111-4111-8111-111111111111" },
            /applicationId.*does not exist in tenant/,
        ],
        [
            "a region that is not the tenant's",
            { displayName: "x", region: "China" },
            /region.*so region must be "Worldwide"/,
        ],
        ["Germany", { displayName: "x", region: "Germany" }, /region.*Microsoft closed Microsoft Cloud Germany/],
        [
            "applicationId together with displayName",
            { displayName: "x", applicationId: "11111111-1111-4111-8111-111111111111" },
            /give either applicationId/,
        ],
        ["a malformed GUID", { applicationId: "58a0f8e1" }, /applicationId.*must be a GUID.*got "58a0f8e1"/],
        [
            "a port that differs from restApiPort",
            { displayName: "x", portalUrl: "https://portal.abc.com:4444" },
            /portalUrl.*restApiPort 4443/,
        ],
        ["the same URL twice", { displayName: "x", additionalPortalUrls: [PORTAL_URL] }, /must not repeat portalUrl/],
    ];
    test.each(cases)("%s", async (_name, args, message) => {
        const other = await new Workspace({ env: tenant.env }).init();
        other.declare(onePortal(args));
        tenant.clearLog();
        expectFailure(tenant, await other.up(), message);
        expect(tenant.writes()).toEqual([]);
        other.remove();
    });

    test("a portal URL that is registered on the platform Web", async () => {
        const appId = await existingApplication(tenant, { web: { redirectUris: [PORTAL_URL] } });
        const other = await new Workspace({ env: tenant.env }).init();
        other.declare(onePortal({ applicationId: appId }));
        expectFailure(tenant, await other.up(), /portalUrl.*is registered on the platform Web.*remove it there first/);
        other.remove();
    });
});

describe("one of three portals fails", () => {
    const failures: [string, Parameters<TestTenant["emulator"]["control"]["addFault"]>[0], RegExp][] = [
        [
            "403",
            { method: "PATCH", status: 403 },
            /403 Authorization_RequestDenied.*make the deploying identity .* an owner/,
        ],
        [
            "400",
            { method: "PATCH", status: 400, code: "Request_BadRequest", message: "Invalid value specified." },
            /400 Request_BadRequest.*Invalid value specified/,
        ],
        [
            "a write that Entra accepts but does not carry out",
            { method: "PATCH", noEffect: true, count: 1 },
            /Entra accepted these changes, but a read does not show them: redirectUris/,
        ],
        [
            "a proxy's page",
            { method: "PATCH", status: 502, html: true, count: 99 },
            /answered 502 .*check whether a proxy or another service answers in its place/,
        ],
    ];
    test.each(failures)(
        "by %s: the others are reported and repaired, and the message names object and remedy",
        async (_name, fault, message) => {
            const other = await new Workspace({ env: { ...tenant.env, RESTORE_PORTAL_WAIT_SECONDS: "3" } }).init();
            const names = ["one", "two", "three"];
            const program = (port: number) => ({
                certificates: { certificate: { source: { generate: { name: "Restore Portal" } } } },
                portals: Object.fromEntries(
                    names.map((name) => [
                        name,
                        {
                            args: {
                                displayName: name,
                                certificate: "$certificate:certificate",
                                restApiPort: port,
                                portalUrl: `https://${name}.abc.com:${port}`,
                            },
                        },
                    ]),
                ),
            });
            other.declare(program(4443));
            await other.upOk();
            const ids = await Promise.all(
                names.map(async (name) => (await other.outputsOf(name))["applicationId"] as string),
            );
            const [, bad = ""] = ids;
            tenant.emulator.control.addFault({ ...fault, path: `/applications(appId='${bad}')` });
            other.declare(program(5443));
            const result = await other.up("--continue-on-error");
            expectFailure(tenant, result, message);
            expect(result.output).toContain(bad);
            const uris = await Promise.all(ids.map(async (id) => (await tenant.application(id)).spa.redirectUris));
            expect(uris).toEqual([
                ["https://one.abc.com:5443"],
                ["https://two.abc.com:4443"],
                ["https://three.abc.com:5443"],
            ]);
            tenant.emulator.control.reset();
            await other.upOk();
            await other.previewUnchanged();
            await other.destroyOk();
            other.remove();
        },
    );
});
