// Breaks a customer's consent as a person, as another application and as our own deployment. The audit log of the
// customer's tenant must name the right one of them. One change is made in the tenant of the portal.
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
import type { TestTenant } from "../../../support/tenant/testTenant";

jest.setTimeout(120_000);

const WRITE = ["Application.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All", "Directory.Read.All"];

let provider: ServiceProvider;
let attribution: Attribution;
let actors: readonly TestTenant[];
let deployed: ResourceState | undefined;
let start: ReturnType<TestTenant["emulator"]["control"]["snapshot"]>;

beforeAll(async () => {
    provider = await ServiceProvider.start();
    const { home, deployer, control } = provider;
    const { emulator } = home;
    const { tenantId } = provider.customer();
    const { id: userId } = emulator.addUser({ tenantId, displayName: "Anna", isAdministrator: true });
    const script = emulator.addIdentity({ tenantId, roles: WRITE, displayName: "Backup script" });
    actors = [
        provider.customer().actingAs({ userId, userAgent: BROWSER }),
        provider.customer().actingAs(script),
        provider.customer().actingAs({ ...deployer, tenantId }),
    ];
    // The service provider's identity reads the customer's log too.
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
        await apply(actors[index] as TestTenant);
        const report = reportOf([await previewed(stackOf(), provider.args(), "PortalTenantConsent")]);
        const { rows, notes } = await attribution.attribute(report);
        expect(whoIn({ rows })[property]?.words).toContain(words);
        expect(notes).toEqual([]);
    });
});

test("the narrowed audience is looked up in the tenant of the portal", async () => {
    const { emulator } = provider.home;
    const { id: userId } = emulator.addUser({ displayName: "Ben", isAdministrator: true });
    const ben = provider.home.actingAs({ userId, userAgent: BROWSER });
    await ben.patchApplication(provider.app.appId, { signInAudience: "AzureADMyOrg" });
    const { rows: customers } = reportOf([await previewed(stackOf(), provider.args(), "PortalTenantConsent")]);
    const home = { tenantId: provider.home.tenantId, applicationId: provider.app.appId, objectId: provider.app.id };
    const portal = { ...rowOf({}, { ...home, urn: "urn:portal" }), differences: [] };
    const reader = emulator.addIdentity({ roles: ["Application.Read.All", "AuditLog.Read.All"] });
    const withReader = new Attribution(provider.home, provider.home.envOf(reader));
    const { rows } = await withReader.attribute(
        reportOfRows([portal, ...customers.map((row) => ({ ...row, portal: "urn:portal" }))]),
    );
    await withReader.end();
    expect(whoIn({ rows })["status"]?.words).toMatch(/^changed .* by ben@contoso.com \(Azure portal\)$/);
});
