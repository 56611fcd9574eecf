// Makes a drift report of a stack on the real engine, from the preview to every form.
import { damage } from "../support/hooks/drifts";
import { Estate, portalArgs } from "../support/report/estate";
import { runReport } from "../support/report/reportCli";

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

test("a report names what somebody changed by hand, says it in every form, and writes nothing to Entra", async () => {
    const { home, workspace } = estate;
    const appId = await estate.applicationId("dev", "gateway");
    await damage("portalUrl", "removed")(home, appId);
    await damage("grantedPermissions", "User.Read revoked")(home.neighbour(estate.customers[1] ?? ""), appId);
    home.clearLog();
    const { code, report, files, stdout } = await runReport(workspace, "--stack", "dev");
    expect(home.writes()).toEqual([]);
    expect(code).toBe(7);
    const rows = report.rows.map(({ name, status, words }) => [name, status, words]);
    expect(rows).toEqual([
        ["gateway", "drifted", "the web address is not registered: users get AADSTS50011 or AADSTS500113"],
        ["customer-1", "drifted", "admin consent to User.Read is missing: users get AADSTS65001"],
        ["customer-0", "asDeclared", "as declared"],
    ]);
    expect(report.totals).toMatchObject({ rows: 3, drifted: 2, asDeclared: 1, cannotSignIn: 3, consentMissing: 1 });
    expect(report.certificates).toMatchObject([{ current: true, renews: true, ours: true, state: "valid" }]);
    expect(report.versions.engine).toMatch(/^v3\./);
    expect(stdout).toContain("2 of 3 portals and customers differ from the program");
    expect(files["report.md"]).toContain("the web address is not registered: users get AADSTS50011");
    expect(files["report.xml"]).toMatch(/<testsuite name="dev" [^>]*tests="3" failures="2"/);
});
