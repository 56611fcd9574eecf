// Makes a drift report with `--who` on the real engine. The report must name who broke a portal and who broke a
// customer's consent. If the audit log of a tenant cannot be read, one line must say so.
import { damage } from "../support/hooks/drifts";
import { allowAuditLog } from "../support/report/attribution";
import { BROWSER } from "../support/report/auditRecords";
import { Estate, portalArgs } from "../support/report/estate";
import { runCli, runReport } from "../support/report/reportCli";
import type { Report } from "../../cli/report/model";

jest.setTimeout(180_000);

let estate: Estate;
beforeAll(async () => {
    estate = await Estate.start(2);
    const customers = estate.customers.map((tenantId, index) => ({
        name: `customer-${index}`,
        portal: "gateway",
        tenantId,
    }));
    estate.declare("dev", { portals: { gateway: portalArgs() }, customers });
    await estate.deploy("dev");
});
afterAll(() => estate.close());

/** Returns the report without its times and without the parts that `--who` adds. */
function withoutWho(report: Report): unknown {
    const left = ["createdAt", "notes", "seconds", "who"];
    return JSON.parse(JSON.stringify(report, (key, value: unknown) => (left.includes(key) ? undefined : value)));
}

test("report --who names a person and an application, and is else the report without it", async () => {
    const { home, workspace, customers } = estate;
    const [first = "", second = ""] = customers;
    const { clientId } = home.emulator.identity("deployer");
    await allowAuditLog(home, clientId);
    await allowAuditLog(home.neighbour(first), clientId);
    const appId = await estate.applicationId("dev", "gateway");
    const { id: userId } = home.emulator.addUser({ displayName: "Anna", isAdministrator: true });
    const roles = ["Application.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All", "Directory.Read.All"];
    const script = home.emulator.addIdentity({ tenantId: first, roles, displayName: "Clean-up script" });
    await damage("portalUrl", "removed")(home.actingAs({ userId, userAgent: BROWSER }), appId);
    await damage("grantedPermissions", "User.Read revoked")(home.neighbour(first).actingAs(script), appId);
    await damage("servicePrincipal", "disabled")(home.neighbour(second), appId);

    const plain = await runReport(workspace, "--stack", "dev");
    home.clearLog();
    const { code, report, files, stdout } = await runReport(workspace, "--stack", "dev", "--who");
    expect(code).toBe(plain.code);
    expect(withoutWho(report)).toEqual(withoutWho(plain.report));
    const who = report.rows.flatMap(({ name, differences }) => differences.map((one) => [name, one.who?.words]));
    expect(who).toEqual(
        expect.arrayContaining([
            ["gateway", expect.stringMatching(/^removed .* UTC by anna@contoso\.com \(Azure portal\)$/)],
            ["customer-0", expect.stringMatching(/^revoked .* UTC by the application "Clean-up script"$/)],
            ["customer-1", undefined],
        ]),
    );
    const line = new RegExp(`nobody is named for 1 difference in tenant ${second}: .*AuditLog\\.Read\\.All`);
    expect(report.notes).toEqual([expect.stringMatching(line)]);
    expect(stdout).toMatch(line);
    // The Markdown form writes an HTML comment after the @. Otherwise GitHub could notify its user `contoso`.
    expect(files["report.md"]).toMatch(/removed .* UTC by anna.{1,12}contoso\.com \(Azure portal\)/);
    const reads = home.graphRequests().filter(({ path }) => path.startsWith("/auditLogs"));
    expect(reads.length).toBeLessThanOrEqual(4);
    expect(home.writes()).toEqual([]);
});

test("report --who names who took a permission of the deploying identity away", async () => {
    const { home, workspace, customers } = estate;
    const tenant = home.neighbour(customers[0] ?? "");
    const { id: userId } = home.emulator.addUser({
        tenantId: tenant.tenantId,
        displayName: "Ben",
        isAdministrator: true,
    });
    const { clientId } = home.emulator.identity("deployer");
    const assignments = `/servicePrincipals(appId='${clientId}')/appRoleAssignments`;
    const { value } = await tenant.graph<{ value: { id: string }[] }>("GET", assignments);
    await tenant.actingAs({ userId, userAgent: BROWSER }).graph("DELETE", `${assignments}/${value[1]?.id ?? ""}`);
    const { code, report, files } = await runReport(workspace, "--stack", "dev", "--who");
    expect(code).toBe(8);
    const row = report.rows.find(({ name }) => name === "customer-0");
    expect(row).toMatchObject({ status: "unreadable" });
    const words =
        /^permission DelegatedPermissionGrant\.ReadWrite\.All removed .* by ben@contoso2\.com \(Azure portal\)$/;
    expect(row?.who?.words).toMatch(words);
    expect(files["report.md"]).toContain("permission DelegatedPermissionGrant.ReadWrite.All removed");
});

test.each([
    [["--deployer", "58a0f8e1-97bd-4804-ba69-bf1ed293e017"], /--deployer is only used with --who/],
    [["--who", "--deployer", "pipeline"], /--deployer must be an Application ID \(a GUID\), not "pipeline"/],
])("report %j is refused before the first preview", async (args, message) => {
    const { code, output } = await runCli(estate.workspace, ["report", ...args]);
    expect(code).toBe(2);
    expect(output).toMatch(message);
});
