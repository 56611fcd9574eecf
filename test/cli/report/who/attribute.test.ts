// Checks that `report --who` reads the audit log with few requests, and sends a throttled request again. If the log
// cannot be read or does not show the change, the report gets one more line, which gives the reason. Everything else in
// the report must stay the same.
import type { Report } from "../../../../cli/report/model";
import { Attribution, reportOfRows } from "../../../support/report/attribution";
import { BROWSER, rowOf } from "../../../support/report/auditRecords";
import { SignedInUser } from "../../../support/tenant/signedInUser";
import { portalByHand } from "../../../support/tenant/portalByHand";
import { PORTAL_URL } from "../../../support/tenant/portals";
import { TestTenant, type Application } from "../../../support/tenant/testTenant";

jest.setTimeout(60_000);

const READ = ["Application.Read.All", "AuditLog.Read.All"];
const DAY_MS = 24 * 60 * 60 * 1000;

let tenant: TestTenant;
let anna: TestTenant;
let attribution: Attribution;
let application: Application;
let servicePrincipalId: string;
let healthy: ReturnType<TestTenant["emulator"]["control"]["snapshot"]>;

beforeAll(async () => {
    tenant = await TestTenant.start();
    const { emulator } = tenant;
    const { id: userId } = emulator.addUser({ displayName: "Anna", isAdministrator: true });
    anna = tenant.actingAs({ userId, userAgent: BROWSER });
    attribution = new Attribution(tenant, tenant.envOf(emulator.addIdentity({ roles: READ })));
    const { appId } = await portalByHand(tenant);
    application = await tenant.application(appId);
    servicePrincipalId = (await tenant.servicePrincipal(appId)).id;
    healthy = emulator.control.snapshot();
});
beforeEach(() => {
    tenant.emulator.control.reset();
    tenant.emulator.control.restore(healthy);
});
afterAll(async () => {
    await attribution.end();
    await tenant.close();
});

const removed = { property: "portalUrl", declared: PORTAL_URL, live: "not registered" };

function report(differences: readonly object[] = [removed]): Report {
    const { appId: applicationId, id: objectId } = application;
    const row = rowOf({}, { applicationId, objectId, servicePrincipalId, tenantId: tenant.tenantId });
    const [blank] = row.differences;
    const made = differences.map((one) => ({ ...blank, ...one })) as typeof row.differences;
    return reportOfRows([{ ...row, differences: made }]);
}

const remove = (by = anna) => by.patchApplication(application.appId, { spa: { redirectUris: [] } });
const whoIn = ({ rows }: Report) => rows[0]?.differences[0]?.who?.words;
const audits = () => tenant.graphRequests().filter(({ path }) => path.startsWith("/auditLogs"));

test("one object costs one request, and an entry has its id", async () => {
    await remove();
    tenant.clearLog();
    const { rows, notes } = await attribution.attribute(report());
    expect(audits()).toHaveLength(1);
    expect(notes).toEqual([]);
    const who = rows[0]?.differences[0]?.who;
    expect(who?.words).toMatch(/^removed \d{4}-\d\d-\d\d \d\d:\d\d UTC by anna@contoso\.com \(Azure portal\)$/);
    const entries = tenant.emulator.control.snapshot()[0]?.auditLog ?? [];
    const entry = entries.findLast(({ activityDisplayName }) => activityDisplayName === "Update application");
    expect(who?.candidates).toMatchObject([{ entry: entry?.id, correlationId: entry?.correlationId }]);
});

test("nothing is read if nothing differs, or if time made the difference", async () => {
    tenant.clearLog();
    const ended = { property: "retiredCertificates", declared: [], live: ["A".repeat(40)] };
    const before = report([ended]);
    expect(await attribution.attribute(before)).toEqual(before);
    const empty = reportOfRows([]);
    expect(await attribution.attribute(empty)).toEqual(empty);
    expect(tenant.graphRequests()).toEqual([]);
});

describe("the report is the same but for one line", () => {
    const expectOneLine = async (line: RegExp, given = report(), by = attribution) => {
        const result = await by.attribute(given);
        expect({ ...result, notes: [] }).toEqual(given);
        expect(result.notes).toEqual([expect.stringMatching(line)]);
    };

    test("without the right", async () => {
        await remove();
        const without = new Attribution(tenant, tenant.env);
        await expectOneLine(
            /^nobody is named for 1 difference in tenant \S+: .*lack .*AuditLog\.Read\.All; grant it/,
            report(),
            without,
        );
        await without.end();
    });

    test("if the service takes the tenant for one without a licence", async () => {
        await remove();
        tenant.emulator.control.setAuditLog({ licence: "refused" });
        await expectOneLine(
            /no Entra ID P1 licence; if it has one, grant Directory\.Read\.All .*; if it has none, read the audit log in/,
        );
    });

    test("while the log lags", async () => {
        tenant.emulator.control.setAuditLog({ delayMs: 10 * 60_000 });
        tenant.emulator.control.advanceClock(60 * 60_000);
        await remove();
        await expectOneLine(/does not show the change yet; entries can come 15 minutes late/);
        tenant.emulator.control.advanceClock(10 * 60_000);
        expect(whoIn(await attribution.attribute(report()))).toMatch(/by anna@/);
    });

    test("beyond the retention, which depends on the licence", async () => {
        await remove();
        tenant.emulator.control.advanceClock(8 * DAY_MS);
        expect(whoIn(await attribution.attribute(report()))).toMatch(/by anna@/);
        tenant.emulator.control.setAuditLog({ licence: "Free" });
        await expectOneLine(
            /no entry about the change; Entra keeps the log for 30 days, and without Entra ID P1 for 7 days/,
        );
        const since = new Date(Date.now() - 40 * DAY_MS).toISOString();
        await expectOneLine(/the change is older than the audit log/, report([{ ...removed, since }]));
    });

    test("in a cloud without the log, without any request", async () => {
        const [row] = report().rows;
        tenant.clearLog();
        await expectOneLine(
            /China \(21Vianet\) does not offer/,
            reportOfRows([{ ...(row as Report["rows"][number]), region: "China" }]),
        );
        expect(tenant.graphRequests()).toEqual([]);
    });

    test("if the tenant does not answer in time", async () => {
        await remove();
        tenant.emulator.control.addFault({ path: "/auditLogs/", hangMs: 3000 });
        const given = report();
        const { rows, notes } = await attribution.attribute(given, { limitMs: 300 });
        expect(rows).toEqual(given.rows);
        expect(notes).toEqual([expect.stringMatching(/reading the audit log took longer than/)]);
    });
});

describe("drift that an earlier report already showed before the entry of the log", () => {
    const earlier = { since: new Date(Date.now() - DAY_MS).toISOString() };
    const again = /; the report of [\d-]{10} already showed the same value, so somebody corrected it in between$/;

    test("was corrected in between, if the entry is the cause", async () => {
        await remove();
        expect(whoIn(await attribution.attribute(report([{ ...removed, ...earlier }])))).toMatch(again);
    });

    test("may also have an older cause, if the entry is only a possible one", async () => {
        tenant.emulator.control.setAuditLog({ namesAssumed: false });
        await anna.graph("PATCH", `/servicePrincipals/${servicePrincipalId}`, { appRoleAssignmentRequired: true });
        const assigned = { property: "servicePrincipal", declared: "enabled", live: "assignment required", ...earlier };
        expect(whoIn(await attribution.attribute(report([assigned])))).toMatch(
            /does not name the property; the report of .* in between, or an older change is the cause$/,
        );
    });
});

describe("a row that cannot be read because a right is missing", () => {
    const unread = () => {
        const [row] = report([]).rows;
        const unreadable = "reading the application: 403 Authorization_RequestDenied";
        return reportOfRows([{ ...(row as Report["rows"][number]), status: "unreadable", unreadable }]);
    };

    test("leads an application to the log, which has no entry about a lost permission", async () => {
        const { notes } = await attribution.attribute(unread());
        expect(notes).toEqual([
            expect.stringMatching(/the audit log has no entry about a permission that was removed/),
        ]);
    });

    test("leads a user to the roles, because the log is not searched for lost roles", async () => {
        const cli = new SignedInUser(tenant, ["AuditLog.Read.All", "Directory.Read.All"]);
        const user = new Attribution(tenant, cli.env);
        const { notes } = await user.attribute(unread());
        expect(notes).toEqual([expect.stringMatching(/; check the roles of the signed-in user$/)]);
        await user.end();
        cli.remove();
    });
});

test("two differences of one reason have one line", async () => {
    const name = { property: "displayName", declared: "Portal", live: "Renamed" };
    const { notes } = await attribution.attribute(
        report([
            { ...removed, declared: "https://x.abc.com:1" },
            { ...removed, declared: "https://y.abc.com:1" },
            name,
        ]),
    );
    expect(notes).toHaveLength(2);
    expect(notes[0]).toMatch(/^nobody is named for 2 differences/);
});

test("a deployment with the right recognizes itself, and a throttled request is sent again", async () => {
    const { emulator } = tenant;
    const own = emulator.addIdentity({ roles: [...READ, "Application.ReadWrite.All"], displayName: "Own pipeline" });
    await remove(tenant.actingAs(own));
    emulator.control.addFault({ path: "/auditLogs/", status: 429 });
    const itself = new Attribution(tenant, tenant.envOf(own));
    expect(whoIn(await itself.attribute(report()))).toMatch(/by our own deployment "Own pipeline"$/);
    await itself.end();
});
