// Checks the directory audit log with a plain HTTP client: which actor an entry names, which entries a change makes,
// and how a client reads the entries.
import { portalByHand } from "../support/tenant/portalByHand";
import { PlainSignIn } from "../support/signIn/plainSignIn";
import { PORTAL_URL } from "../support/tenant/portals";
import { TestTenant, type Actor } from "../support/tenant/testTenant";
import type { AuditRecord } from "../../emulator";

const LOG = "/auditLogs/directoryAudits";
const BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0";

let tenant: TestTenant;
let anna: TestTenant;
let reader: TestTenant;
let appId: string;
let annasId: string;
let healthy: ReturnType<TestTenant["emulator"]["control"]["snapshot"]>;

beforeAll(async () => {
    tenant = await TestTenant.start();
    const user = tenant.emulator.addUser({ displayName: "Anna", isAdministrator: true });
    annasId = user.id;
    anna = tenant.actingAs({ userId: user.id, userAgent: BROWSER });
    reader = tenant.actingAs(tenant.emulator.addIdentity({ roles: ["AuditLog.Read.All"] }));
    ({ appId } = await portalByHand(tenant));
    healthy = tenant.emulator.control.snapshot();
});
beforeEach(() => {
    tenant.emulator.control.reset();
    tenant.emulator.control.restore(healthy);
    tenant.emulator.control.setLimits({ reports: 1000 });
});
afterAll(() => tenant.close());

async function read(filter?: string, more = ""): Promise<AuditRecord[]> {
    const query = filter === undefined ? "" : `?$filter=${encodeURIComponent(filter)}`;
    return (await reader.graph<{ value: AuditRecord[] }>("GET", `${LOG}${query}${more}`)).value;
}

/** Returns the log entries that the work makes. The newest entry comes first. */
async function entriesOf(work: () => Promise<unknown>): Promise<AuditRecord[]> {
    const before = new Set((await read()).map(({ id }) => id));
    await work();
    return (await read()).filter(({ id }) => !before.has(id));
}

const short = (records: readonly AuditRecord[]) =>
    records.map(({ activityDisplayName, operationType, result }) => [activityDisplayName, operationType, result]);
const valuesOf = (record: AuditRecord | undefined, name: string) => {
    const found = record?.targetResources[0]?.modifiedProperties.find((one) => one.displayName === name);
    return (
        found && [found.oldValue, found.newValue].map((text) => (text === null ? null : (JSON.parse(text) as unknown)))
    );
};

describe("who is named", () => {
    const rename = (by: TestTenant) => entriesOf(() => by.patchApplication(appId, { displayName: "Renamed" }));

    test("a person: by user principal name and id, with the browser but without a display name", async () => {
        const [entry] = await rename(anna);
        expect(entry).toMatchObject({
            category: "ApplicationManagement",
            loggedByService: "Core Directory",
            initiatedBy: { user: { id: annasId, displayName: null, userPrincipalName: "anna@contoso.com" }, app: null },
            additionalDetails: [
                { key: "User-Agent", value: BROWSER },
                { key: "AppId", value: appId },
            ],
        });
        expect(entry?.id).toMatch(/^Directory_[0-9a-f-]{36}_[0-9A-F]{5}_\d+$/);
        expect(entry?.id).toContain(entry?.correlationId);
    });

    test("the client in place of the person's name, if it is Graph PowerShell", async () => {
        const [entry] = await rename(tenant.actingAs({ userId: annasId, client: "graphPowerShell" }));
        expect(entry?.initiatedBy).toMatchObject({ user: { displayName: "Microsoft Graph Command Line Tools" } });
    });

    test("an application: by the object id of its service principal, without its Application ID", async () => {
        const [entry] = await rename(tenant);
        const { objectId } = tenant.emulator.identity("admin");
        const app = {
            appId: null,
            displayName: "Administrator",
            servicePrincipalId: objectId,
            servicePrincipalName: null,
        };
        expect(entry?.initiatedBy).toEqual({ user: null, app });
    });
});

describe("a change makes", () => {
    const servicePrincipalId = async () => (await tenant.servicePrincipal(appId)).id;
    const grantId = async () => (await tenant.grants(appId)).find(({ scope }) => scope === "User.Read")?.id ?? "";

    test("of the web address: an entry with both lists, and one of the service principal's copy before it", async () => {
        const entries = await entriesOf(() => anna.patchApplication(appId, { spa: { redirectUris: [] } }));
        expect(short(entries)).toEqual([
            ["Update application", "Update", "success"],
            ["Update service principal", "Update", "success"],
        ]);
        const address = { AddressType: 0, Address: PORTAL_URL, ReplyAddressClientType: 3 };
        const rest = { ReplyAddressIndex: null, IsReplyAddressDefault: false };
        for (const entry of entries) expect(valuesOf(entry, "AppAddress")).toEqual([[{ ...address, ...rest }], []]);
        expect(valuesOf(entries[0], "Included Updated Properties")).toEqual([null, "AppAddress"]);
        expect(new Set(entries.map(({ correlationId }) => correlationId)).size).toBe(1);
    });

    test("of a certificate: an entry with an en dash and a closing space, and two without content", async () => {
        const entries = await entriesOf(() => anna.patchApplication(appId, { keyCredentials: [] }));
        expect(entries.map(({ activityDisplayName }) => activityDisplayName).sort()).toEqual([
            "Update application",
            "Update application \u2013 Certificates and secrets management ",
            "Update service principal",
        ]);
        const entry = entries.find(({ activityDisplayName }) => activityDisplayName.includes("\u2013"));
        const [before, after] = valuesOf(entry, "KeyDescription") as string[][];
        expect(before).toEqual([expect.stringMatching(/^\[KeyIdentifier=[0-9a-f-]{36},KeyType=AsymmetricX509Cert,/)]);
        expect(after).toEqual([]);
    });

    test("of a scope: its entitlement, disabled", async () => {
        const { api } = await tenant.application(appId);
        const scopes = api.oauth2PermissionScopes.map((scope) => ({ ...scope, isEnabled: false }));
        const [entry] = await entriesOf(() =>
            anna.patchApplication(appId, { api: { oauth2PermissionScopes: scopes } }),
        );
        const [before, after] = valuesOf(entry, "Entitlement") as object[][];
        expect(before).toMatchObject([{ ClaimValue: "access_as_user", IsDisabled: false }]);
        expect(after).toMatchObject([{ ClaimValue: "access_as_user", IsDisabled: true }]);
    });

    test("of a grant: an Add and a Remove entry with the same values, on the resource", async () => {
        const id = await grantId();
        const body = { scope: "User.Read Mail.Read" };
        const entries = await entriesOf(() => anna.graph("PATCH", `/oauth2PermissionGrants/${id}`, body));
        expect(entries.map(({ operationType }) => operationType).sort()).toEqual(["Assign", "Unassign"]);
        for (const entry of entries) {
            expect(valuesOf(entry, "DelegatedPermissionGrant.Scope")).toEqual([" User.Read", " User.Read Mail.Read"]);
            expect(valuesOf(entry, "TargetId.ServicePrincipalNames")?.[1]).toContain(";00000003-0000-0000-c000-");
            expect(entry.targetResources[1]).toMatchObject({ id: await servicePrincipalId(), displayName: null });
        }
    });

    test("of a whole grant: one Remove entry", async () => {
        const id = await grantId();
        const entries = await entriesOf(() => anna.graph("DELETE", `/oauth2PermissionGrants/${id}`));
        expect(short(entries)).toEqual([["Remove delegated permission grant", "Unassign", "success"]]);
    });

    test("of a service principal: the attribute that changed", async () => {
        const path = `/servicePrincipals/${await servicePrincipalId()}`;
        const [entry] = await entriesOf(() => anna.graph("PATCH", path, { accountEnabled: false }));
        expect(valuesOf(entry, "AccountEnabled")).toEqual([[true], [false]]);
    });

    test("of a deletion, a restoration and a purge: one entry for each object, without its grants", async () => {
        const { id } = await tenant.application(appId);
        expect(short(await entriesOf(() => anna.graph("DELETE", `/applications/${id}`))).sort()).toEqual([
            ["Delete application", "Delete", "success"],
            ["Remove service principal", "Delete", "success"],
        ]);
        const deleted = `/directory/deletedItems/${id}`;
        expect((await entriesOf(() => anna.graph("POST", `${deleted}/restore`))).map(nameOf)).toEqual([
            "Restore application",
        ]);
        await anna.graph("DELETE", `/applications/${id}`);
        expect((await entriesOf(() => anna.graph("DELETE", deleted))).map(nameOf)).toEqual(["Hard Delete application"]);
    });

    test("of a refusal: the same entries as of a change, with the result failure", async () => {
        const id = await grantId();
        const body = { scope: "x".repeat(4000) };
        const entries = await entriesOf(() => anna.tryGraph("PATCH", `/oauth2PermissionGrants/${id}`, body));
        expect(entries.map(({ result }) => result)).toEqual(["failure", "failure"]);
        expect(valuesOf(entries[0], "DelegatedPermissionGrant.Scope")?.[0]).toBe(" User.Read");
        expect(valuesOf(entries[0], "MethodExecutionResult.")?.[1]).toMatch(/DirectoryValueNotFoundException$/);
    });

    test("of an administrator's consent on a page: what it makes, and an entry of its own", async () => {
        const { id } = await tenant.servicePrincipal(appId);
        await tenant.graph("DELETE", `/servicePrincipals/${id}`);
        tenant.emulator.control.signInAs({ id: annasId });
        const page = new PlainSignIn(tenant, appId, tenant.tenantId);
        const entries = await entriesOf(() => page.adminConsent({ emulator_consent: "accept" }));
        expect(entries.map(nameOf).sort()).toEqual([
            "Add delegated permission grant",
            "Add delegated permission grant",
            "Add service principal",
            "Consent to application",
        ]);
        const consent = entries.find((one) => nameOf(one) === "Consent to application");
        expect(consent?.initiatedBy).toMatchObject({
            user: { displayName: "Azure ESTS Service", userPrincipalName: "anna@contoso.com" },
        });
        expect(valuesOf(consent, "ConsentContext.OnBehalfOfAll")).toEqual([null, "True"]);
        expect(valuesOf(consent, "ConsentAction.Permissions")?.[1]).toMatch(/^\[\] => \[\[Id: .*Scope: User\.Read/);
        expect(consent?.additionalDetails).toEqual([{ key: "User-Agent", value: "EvoSTS" }]);
    });

    test("none, of a read and of an unknown object", async () => {
        const unknown = "00000000-0000-0000-0000-00000000000f";
        const entries = await entriesOf(async () => {
            await anna.application(appId);
            await anna.tryGraph("PATCH", `/applications/${unknown}`, { displayName: "x" });
        });
        expect(entries).toEqual([]);
    });

    const nameOf = ({ activityDisplayName }: AuditRecord) => activityDisplayName;
});

describe("the list", () => {
    test("has the newest entry first, and times with at most seven decimal places", async () => {
        const times = (await read()).map(({ activityDateTime }) => activityDateTime);
        expect(times.length).toBeGreaterThan(5);
        for (const time of times) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6}[1-9]|\.[1-9])?Z$/);
        expect(times).toEqual(times.toSorted((a, b) => Date.parse(b) - Date.parse(a)));
    });

    test("is filtered as Graph documents it", async () => {
        const [entry] = await entriesOf(() => anna.patchApplication(appId, { displayName: "Renamed" }));
        const { id } = await tenant.application(appId);
        const at = entry?.activityDateTime ?? "";
        const first = async (filter: string) => (await read(filter))[0]?.id;
        for (const filter of [
            `id eq '${entry?.id ?? ""}'`,
            `correlationId eq '${entry?.correlationId ?? ""}' and startswith(activityDisplayName,'Update app')`,
            `activityDateTime ge ${at} and targetResources/any(t:t/id eq '${id}')`,
            `activityDateTime ge 2026-01-01T00:00:00Z and activityDateTime le ${at} and targetResources/any(t: t/displayName eq 'Renamed')`,
            "startswith(initiatedBy/user/userPrincipalName,'anna@')",
            `initiatedBy/user/id eq '${annasId}' and loggedByService eq 'Core Directory'`,
        ]) {
            expect([filter, await first(filter)]).toEqual([filter, entry?.id]);
        }
    });

    test.each([
        "createdDateTime ge 2026-01-01T00:00:00Z",
        "result eq 'success'",
        "targetResource/any(t:t/id eq 'x')",
        "targetResources/any(t:t/type eq 'Application')",
        "initiatedBy/app/servicePrincipalId eq 'x'",
    ])("refuses the filter %s", async (filter) => {
        const { status } = await reader.tryGraph("GET", `${LOG}?$filter=${encodeURIComponent(filter)}`);
        expect(status).toBe(400);
    });

    test.each(["$select=id", "$count=true", "$search=x", "$skip=1"])("refuses the option %s", async (option) => {
        expect((await reader.tryGraph("GET", `${LOG}?${option}`)).status).toBe(400);
    });

    test("sorts a filtered list, and names the next page", async () => {
        const filter = encodeURIComponent("activityDateTime ge 2026-01-01T00:00:00Z");
        const path = `${LOG}?$filter=${filter}&$orderby=activityDateTime asc&$top=3`.replaceAll(" ", "%20");
        const page = await reader.graph<{ value: AuditRecord[]; "@odata.nextLink": string }>("GET", path);
        const times = page.value.map(({ activityDateTime }) => Date.parse(activityDateTime));
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        const next = page["@odata.nextLink"].split("/v1.0")[1] ?? "";
        const second = await reader.graph<{ value: AuditRecord[] }>("GET", next);
        expect(page.value.map(({ id }) => id)).not.toContain(second.value[0]?.id);
    });

    test("shows one entry by its id", async () => {
        const [entry] = await read();
        expect(await reader.graph("GET", `${LOG}/${entry?.id ?? ""}`)).toMatchObject({ ...entry });
    });

    test("shows an entry after its delay, and as long as the licence keeps it", async () => {
        const { control } = tenant.emulator;
        const day = 24 * 60 * 60 * 1000;
        const id = (await entriesOf(() => anna.patchApplication(appId, { displayName: "Renamed" })))[0]?.id ?? "";
        const shows = async () => (await read()).some((one) => one.id === id);
        control.setAuditLog({ delayMs: 5 * 60_000 });
        expect(await shows()).toBe(false);
        control.advanceClock(5 * 60_000);
        expect(await shows()).toBe(true);
        control.advanceClock(8 * day);
        expect(await shows()).toBe(true);
        control.setAuditLog({ licence: "Free" });
        expect(await shows()).toBe(false);
        control.setAuditLog({ licence: "P1" });
        control.advanceClock(23 * day);
        expect(await shows()).toBe(false);
    });

    test("leaves out the names that no published entry shows, if the test asks for it", async () => {
        tenant.emulator.control.setAuditLog({ namesAssumed: false });
        const [entry] = await entriesOf(() => anna.patchApplication(appId, { isDisabled: true }));
        expect(valuesOf(entry, "Included Updated Properties")).toEqual([null, ""]);
    });

    test("allows five requests in ten seconds for each application, and does not say how long to wait", async () => {
        tenant.emulator.control.setLimits({});
        const answers = [];
        for (let count = 0; count < 6; count++) answers.push(await reader.tryGraph("GET", LOG));
        expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
        expect(answers[5]?.headers["retry-after"]).toBeUndefined();
        expect((await anna.tryGraph("GET", LOG)).status).toBe(200);
    });
});

describe("who may read it", () => {
    const refusal = async (actor: Actor) => {
        const { status, body } = await tenant.actingAs(actor).tryGraph("GET", LOG);
        return [status, (body as { error?: { code: string } }).error?.code];
    };

    test("not an application without the permission", async () => {
        expect(await refusal(tenant.emulator.identity("admin"))).toEqual([
            403,
            "Authentication_MSGraphPermissionMissing",
        ]);
    });

    test("an administrator, and not another user", async () => {
        expect(await refusal({ userId: annasId })).toEqual([200, undefined]);
        const { id: userId } = tenant.emulator.addUser({ displayName: "Ben" });
        expect(await refusal({ userId })).toEqual([403, "Authentication_RequestFromUnsupportedUserRole"]);
    });

    test("nobody, if the service takes the tenant for one without a licence", async () => {
        tenant.emulator.control.setAuditLog({ licence: "refused" });
        const code = "Authentication_RequestFromNonPremiumTenantOrB2CTenant";
        expect(await refusal({ userId: annasId })).toEqual([403, code]);
    });
});
