// Reads an audit log with many pages for many objects. The number of requests must depend only on the number of pages,
// and the rate of the requests must stay within Graph's limit.
import type { Row } from "../../../../cli/report/model";
import { Attribution, reportOfRows } from "../../../support/report/attribution";
import { BROWSER, rowOf } from "../../../support/report/auditRecords";
import { portalByHand } from "../../../support/tenant/portalByHand";
import { PORTAL_URL } from "../../../support/tenant/portals";
import { TestTenant } from "../../../support/tenant/testTenant";

jest.setTimeout(120_000);

let tenant: TestTenant;

beforeAll(async () => {
    tenant = await TestTenant.start();
});
afterAll(() => tenant.close());

const guid = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;

test("a hundred portals of one tenant cost as many requests as its log has pages, five in ten seconds", async () => {
    const { emulator, tenantId } = tenant;
    const { id: userId } = emulator.addUser({ displayName: "Anna", isAdministrator: true });
    const anna = tenant.actingAs({ userId, userAgent: BROWSER });
    const reader = emulator.addIdentity({ roles: ["Application.Read.All", "AuditLog.Read.All"] });
    const { appId: applicationId } = await portalByHand(tenant);
    const { id: objectId } = await tenant.application(applicationId);
    const note = async (count: number) => {
        for (let number = 0; number < count; number++)
            await anna.patchApplication(applicationId, { notes: `${number}` });
    };
    await anna.patchApplication(applicationId, { spa: { redirectUris: [] } });
    await note(330);
    const removed = { property: "portalUrl", declared: PORTAL_URL, live: "not registered" };
    const rows = Array.from({ length: 100 }, (_, index): Row => {
        const ids = { objectId: index === 0 ? objectId : guid(index), servicePrincipalId: guid(1000 + index) };
        return rowOf(removed, { applicationId, tenantId, ...ids });
    });
    tenant.clearLog();
    const attribution = new Attribution(tenant, tenant.envOf(reader));
    const { rows: named, notes } = await attribution.attribute(reportOfRows(rows));
    await attribution.end();
    expect(named[0]?.differences[0]?.who?.words).toMatch(/^removed .* by anna@/);
    expect(notes).toEqual([
        expect.stringMatching(/^nobody is named for 99 differences in tenant \S+: the audit log has no entry/),
    ]);
    const audits = tenant.graphRequests().filter(({ path }) => path.startsWith("/auditLogs"));
    expect(audits.length).toBeGreaterThan(6);
    expect(audits.length).toBeLessThanOrEqual(20);
    expect(audits.every(({ status }) => status === 200)).toBe(true);
    const times = audits.map(({ at }) => at);
    times.slice(5).forEach((at, index) => expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(10_000));
});
