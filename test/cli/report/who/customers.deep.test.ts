// Breaks a customer's consent as a person, as another application and as our own deployment. The report must name the
// right actor, from the audit log of the customer's tenant. The last test changes the portal's application in its own
// tenant.
import { ServiceProvider } from "../../../support/consent/customers";
import type { HooksStack, ResourceState } from "../../../support/hooks/hooksStack";
import {
    allowAuditLog,
    Attribution,
    previewed,
    reportOf,
    reportOfRows,
    whoIn,
} from "../../../support/report/attribution";
import { BROWSER, rowOf } from "../../../support/report/auditRecords";
import type { Actor, TestTenant } from "../../../support/tenant/testTenant";

jest.setTimeout(120_000);

const WRITE = [
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Directory.Read.All",
];

let provider: ServiceProvider;
let attribution: Attribution;
let actors: readonly TestTenant[];
let somebodyElse: TestTenant;
let denied: TestTenant;
let deployed: ResourceState | undefined;
let start: ReturnType<TestTenant["emulator"]["control"]["snapshot"]>;

beforeAll(async () => {
    provider = await ServiceProvider.start();
    const { home, deployer, control } = provider;
    const { emulator } = home;
    const { tenantId } = provider.customer();
    const { id: userId } = emulator.addUser({ tenantId, displayName: "Anna", isAdministrator: true });
    const script = emulator.addIdentity({ tenantId, roles: WRITE, displayName: "Backup script" });
    const ben = emulator.addUser({ tenantId, displayName: "Ben", isAdministrator: true });
    somebodyElse = provider.customer().actingAs({ userId: ben.id, userAgent: BROWSER });
    const reads = ["Application.Read.All", "Directory.Read.All"];
    denied = provider
        .customer()
        .actingAs(emulator.addIdentity({ tenantId, roles: reads, displayName: "Denied script" }));
    actors = [
        provider.customer().actingAs({ userId, userAgent: BROWSER }),
        provider.customer().actingAs(script),
        provider.customer().actingAs({ ...deployer, tenantId }),
    ];
    // The identity that deploys the consents also reads the audit log of the customer's tenant.
    await allowAuditLog(provider.customer(), deployer.clientId);
    attribution = new Attribution(home, home.env);
    deployed = (await provider.deployed()).state;
    start = control.snapshot();
});
afterAll(async () => {
    await attribution.end();
    await provider.close();
});
beforeEach(() => {
    provider.control.reset();
    provider.control.restore(start);
});

function stackOf(): HooksStack {
    const stack = provider.stack();
    stack.state = deployed;
    return stack;
}

const path = () => `/servicePrincipals(appId='${provider.app.appId}')`;
const revoke = async (tenant: TestTenant, scopes: readonly string[]) => {
    for (const grant of await tenant.grants(provider.app.appId))
        if (scopes.includes(grant.scope)) await tenant.graph("DELETE", `/oauth2PermissionGrants/${grant.id}`);
};

const ROWS: readonly [what: string, property: string, apply: (tenant: TestTenant) => Promise<unknown>][] = [
    [
        "the service principal, disabled",
        "servicePrincipal",
        (it) => it.graph("PATCH", path(), { accountEnabled: false }),
    ],
    ["the service principal, deleted", "servicePrincipal", (it) => it.graph("DELETE", path())],
    ["the service principal, unlisted", "servicePrincipal", (it) => it.graph("PATCH", path(), { tags: [] })],
    [
        "assignment, required",
        "servicePrincipal",
        (it) => it.graph("PATCH", path(), { appRoleAssignmentRequired: true }),
    ],
    ["User.Read, revoked", "grantedPermissions", (it) => revoke(it, ["User.Read"])],
    ["access_as_user, revoked", "grantedPermissions", (it) => revoke(it, ["access_as_user"])],
    ["consent, withdrawn", "grantedPermissions", (it) => revoke(it, ["User.Read", "access_as_user"])],
];

describe.each([
    [0, "a person", "by anna@contoso2.com (Azure portal)"],
    [1, "another application", 'by the application "Backup script"'],
    [2, "our own deployment", 'by our own deployment "Deployment pipeline"'],
])("%i: %s is named", (index, _name, words) => {
    test.each(ROWS)("%s", async (_what, property, apply) => {
        // A refused attempt comes before the change, and a change of something else comes after it.
        await expect(apply(denied)).rejects.toThrow(/403/);
        await apply(actors[index] as TestTenant);
        if ((await somebodyElse.tryGraph("GET", path())).status === 200)
            await somebodyElse.graph("PATCH", path(), { notes: "checked" });
        const report = reportOf([await previewed(stackOf(), provider.args(), "PortalTenantConsent")]);
        const { rows, notes } = await attribution.attribute(report);
        expect(whoIn({ rows })[property]?.words).toContain(words);
        expect(whoIn({ rows })[property]?.words).not.toMatch(/Denied|ben@/);
        expect(notes).toEqual([]);
    });
});

describe("two people changed the same: the one who made it as it is now is named, and not the other", () => {
    test.each(ROWS)("%s", async (_what, property, apply) => {
        const stack = stackOf();
        await apply(somebodyElse);
        await stack.refresh();
        await stack.up(provider.args());
        await apply(actors[0] as TestTenant);
        const { rows } = await attribution.attribute(
            reportOf([await previewed(stack, provider.args(), "PortalTenantConsent")]),
        );
        expect(whoIn({ rows })[property]?.words).toContain("by anna@contoso2.com (Azure portal)");
        expect(whoIn({ rows })[property]?.words).not.toMatch(/ben@|; or |does not name/);
    });
});

describe("who took a permission from the identity that reads", () => {
    const unread = () => {
        const { tenantId } = provider.customer();
        const unreadable = "the credentials do not allow reading grants";
        const more = { kind: "customer", tenantId, status: "unreadable", unreadable, differences: [] } as const;
        return reportOfRows([rowOf({}, more)]);
    };

    test.each([
        [0, "a person", /by anna@contoso2\.com \(Azure portal\)$/],
        [1, "another application", /by the application "Backup script"$/],
    ])("%i: %s", async (index, _name, words) => {
        const { clientId } = provider.deployer;
        const assignments = `/servicePrincipals(appId='${clientId}')/appRoleAssignments`;
        const { value } = await provider.customer().graph<{ value: { id: string }[] }>("GET", assignments);
        await expect(denied.graph("DELETE", `${assignments}/${value[1]?.id ?? ""}`)).rejects.toThrow(/403/);
        await actors[index]?.graph("DELETE", `${assignments}/${value[1]?.id ?? ""}`);
        // A token contains the permissions that the identity had when Entra issued the token. So a new process requests
        // a new token.
        const later = new Attribution(provider.home, provider.home.env);
        const { rows, notes } = await later.attribute(unread());
        await later.end();
        expect(notes).toEqual([]);
        expect(rows[0]?.who?.words).toMatch(/^permission DelegatedPermissionGrant\.ReadWrite\.All removed \d{4}-/);
        expect(rows[0]?.who?.words).toMatch(words);
    });

    test("is one line, if the log does not tell it", async () => {
        const { rows, notes } = await attribution.attribute(unread());
        expect(rows).toEqual(unread().rows);
        expect(notes).toEqual([
            expect.stringMatching(
                /^nobody is named for 1 unreadable row in tenant .*no entry about a permission that was removed from/,
            ),
        ]);
    });
});

test.each([
    ["a person", /^changed .* by ben@contoso\.com \(Azure portal\)$/],
    ["another application", /^changed .* by the application "Clean-up script"$/],
    ["our own deployment", /^changed .* by our own deployment "Portal pipeline"$/],
])("the audience that %s narrowed is looked up in the tenant of the portal", async (name, words) => {
    const { home, app } = provider;
    const { emulator } = home;
    const { id: userId } = emulator.addUser({ displayName: "Ben", isAdministrator: true });
    // The identity that deploys the portals of this tenant is not the one that deploys the customers' consents.
    const deployer = emulator.addIdentity({ roles: WRITE, displayName: "Portal pipeline" });
    const by: Readonly<Record<string, Actor>> = {
        "a person": { userId, userAgent: BROWSER },
        "another application": emulator.addIdentity({ roles: WRITE, displayName: "Clean-up script" }),
        "our own deployment": deployer,
    };
    await home.actingAs(by[name]!).patchApplication(app.appId, { signInAudience: "AzureADMyOrg" });
    const { rows: customers } = reportOf([await previewed(stackOf(), provider.args(), "PortalTenantConsent")]);
    const address = { tenantId: home.tenantId, applicationId: app.appId, objectId: app.id };
    const portal = { ...rowOf({}, { ...address, urn: "urn:portal" }), differences: [] };
    const reader = emulator.addIdentity({ roles: ["Application.Read.All", "AuditLog.Read.All"] });
    const withReader = new Attribution(home, home.envOf(reader));
    const { rows } = await withReader.attribute(
        reportOfRows([portal, ...customers.map((row) => ({ ...row, portal: "urn:portal" }))]),
        { deployers: [deployer.clientId] },
    );
    await withReader.end();
    expect(whoIn({ rows })["status"]?.words).toMatch(words);
});
