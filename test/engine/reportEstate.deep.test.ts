// Reports on three portals and 200 customers in four stacks, first unchanged and then broken in many ways. The JSON,
// JUnit and Markdown forms must agree with doctor, and no output may contain a secret.
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Report } from "../../cli/report/model";
import { issueCertificate } from "../../provider/certificate/issue";
import { issueCertificates } from "../support/tenant/certificates";
import { damage } from "../support/hooks/drifts";
import { doctorLines, missingCodes, reportLines, type Doctor } from "../support/report/doctorRows";
import { Estate, portalArgs } from "../support/report/estate";
import { runCli, runReport, type Reported } from "../support/report/reportCli";
import { parseXml } from "../support/report/xml";
import type { TestTenant } from "../support/tenant/testTenant";

jest.setTimeout(1_800_000);

const STACKS = ["one", "two", "three", "four"] as const;
const SHARE = 50;

let estate: Estate;
/** Application IDs by stack. The customers of stack four belong to the portal of stack one. */
const apps: Record<string, string> = {};

const customersOf = (stack: (typeof STACKS)[number]) => {
    const start = STACKS.indexOf(stack) * SHARE;
    return estate.customers.slice(start, start + SHARE);
};
const customer = (stack: (typeof STACKS)[number], number: number): TestTenant =>
    estate.home.neighbour(customersOf(stack)[number] ?? "");

beforeAll(async () => {
    estate = await Estate.start(STACKS.length * SHARE);
    const customers = (stack: (typeof STACKS)[number], portal: string) =>
        customersOf(stack).map((tenantId, number) => ({ name: `${stack}-${number}`, portal, tenantId }));
    // Stack three's certificate expires in ten days. The program gives it as PEM, so the provider cannot renew it.
    const issued = await issueCertificate({ name: "Restore Portal", keySize: 2048, validDays: 10, now: new Date() });
    const ending = { certificatePem: issued.certificatePem };
    estate.declare("one", { portals: { first: portalArgs() }, customers: customers("one", "first") });
    estate.declare("two", { portals: { second: portalArgs() }, customers: customers("two", "second") });
    estate.declare("three", {
        portals: { third: portalArgs({ certificate: ending }) },
        customers: customers("three", "third"),
    });
    for (const stack of ["one", "two", "three"]) await estate.deploy(stack);
    apps["one"] = await estate.applicationId("one", "first");
    apps["two"] = await estate.applicationId("two", "second");
    apps["three"] = await estate.applicationId("three", "third");
    estate.declare("four", { portals: {}, customers: customers("four", apps["one"]) });
    await estate.deploy("four");
});
afterAll(() => estate.close());

const report = (...args: string[]) => runReport(estate.workspace, "--all", "--parallel", "2", ...args);

async function doctors(stacks: readonly string[]): Promise<Doctor[]> {
    const found: Doctor[] = [];
    for (const stack of stacks) {
        const { stdout, stderr } = await runCli(estate.workspace, ["doctor", "--json", "--stack", stack]);
        if (stdout === "") throw new Error(stderr);
        found.push(JSON.parse(stdout) as Doctor);
    }
    return found;
}

/** Doctor's checks that a report leaves out: each customer has its own row, and only `--deep` adds `token`. */
const ONLY_DOCTOR = ["customers", "token"];

/** Compares a report with doctor. The tenants must not have changed since the report. */
async function expectDoctorsRows({ report: made }: Reported, left = ONLY_DOCTOR): Promise<void> {
    const said = await doctors(made.stacks.filter(({ status }) => status === "ok").map(({ name }) => name));
    const rows = made.rows.filter(({ stack }) =>
        made.stacks.some(({ name, status }) => name === stack && status === "ok"),
    );
    expect(reportLines({ rows })).toEqual(doctorLines(said, left));
    expect(missingCodes(said, rows, left)).toEqual([]);
}

/** Checks that JUnit has every row of the report, and that the Markdown table has the rows with problems. */
function expectSameRows({ report: made, files }: Reported): void {
    // JUnit has one test case for each row, and one for each failed stack.
    const cases = parseXml(files["report.xml"] ?? "")
        .children.flatMap(({ children }) => children)
        .filter(({ attributes }) => attributes["classname"]?.endsWith(".stack") !== true);
    const named = (element: string) =>
        cases
            .filter(({ children }) => children.some(({ name }) => name === element))
            .map(({ attributes }) => attributes["name"])
            .sort();
    const rows = (status: string) =>
        made.rows
            .filter((row) => row.status === status)
            .map(({ name }) => name)
            .sort();
    expect(named("failure")).toEqual(rows("drifted"));
    expect(named("error")).toEqual(rows("unreadable"));
    expect(cases).toHaveLength(made.rows.length);
    const markdown = files["report.md"] ?? "";
    const problems = markdown.slice(markdown.indexOf("### Problems"), markdown.indexOf("<details>"));
    const inTable = [...problems.matchAll(/^\| \*\*.*?<code>.*?<\/code> \| <code>(.*?)<\/code>/gm)].map(
        ([, name]) => name,
    );
    const problematic = [...rows("drifted"), ...rows("unreadable")];
    // If the text would become too long, the table ends early and says how many rows are left out.
    const left = Number(/(\d+) more (?:row is|rows are) in the HTML and JSON reports/.exec(problems)?.[1] ?? 0);
    expect(markdown.length).toBeLessThanOrEqual(60_000);
    expect(inTable).toHaveLength(problematic.length - left);
    expect(problematic).toEqual(expect.arrayContaining(inTable));
}

const statusOf = ({ rows }: Report, name: string) => rows.find((row) => row.name === name)?.status;
const wordsOf = ({ rows }: Report, name: string) => rows.find((row) => row.name === name)?.words;

/** Removes a role of the deploying identity in this tenant. */
async function withoutRole(tenant: TestTenant, index: number): Promise<void> {
    const { clientId } = estate.home.emulator.identity("deployer");
    const path = `/servicePrincipals(appId='${clientId}')/appRoleAssignments`;
    const { value } = await tenant.graph<{ value: { id: string }[] }>("GET", path);
    await tenant.graph("DELETE", `${path}/${value[index]?.id ?? ""}`);
}

async function breakCustomers(): Promise<Record<string, RegExp>> {
    const { clientId } = estate.home.emulator.identity("deployer");
    const one = apps["one"] ?? "";
    await customer("one", 0).graph("DELETE", `/servicePrincipals(appId='${one}')`);
    await damage("servicePrincipal", "disabled")(customer("one", 1), one);
    await damage("servicePrincipal", "set to require assignment")(customer("one", 2), one);
    await damage("servicePrincipal", "removed from the enterprise applications")(customer("one", 3), one);
    await damage("grantedPermissions", "User.Read revoked")(customer("four", 0), one);
    await damage("grantedPermissions", "access_as_user replaced by another scope")(customer("four", 1), one);
    await damage("grantedPermissions", "both revoked")(customer("four", 2), one);
    await customer("one", 4).graph("DELETE", `/servicePrincipals(appId='${clientId}')`);
    await withoutRole(customer("one", 5), 0);
    await withoutRole(customer("one", 6), 1);
    return {
        "one-0": /^the service principal is missing: users get AADSTS700016$/,
        "one-1": /^the service principal is disabled: users get AADSTS7000112$/,
        "one-2": /^the service principal lets only assigned users sign in: all other users get AADSTS50105$/,
        "one-3": /^the service principal is not among enterprise applications$/,
        "four-0": /^admin consent to User\.Read is missing: users get AADSTS65001$/,
        "four-1": /^admin consent to access_as_user is missing: users get AADSTS65001$/,
        "four-2": /^admin consent to User\.Read, access_as_user is missing: users get AADSTS65001$/,
    };
}

test("an estate as declared: every row says so, doctor agrees, and nothing is written to Entra", async () => {
    estate.home.clearLog();
    const made = await report();
    expect(made.report.totals).toMatchObject({ rows: 203, drifted: 1, unreadable: 0, asDeclared: 202 });
    // The certificate expires in ten days. Doctor fails if a certificate expires in less than 14 days.
    expect(wordsOf(made.report, "third")).toMatch(/^certificates: certificate [0-9A-F]{40} expires on .*, in 9 days$/);
    expect(made.report.totals.certificatesEnding).toBe(1);
    expect(estate.home.writes()).toEqual([]);
    expectSameRows(made);
    await expectDoctorsRows(made);
    expect(made.code).toBe(7);
});

test("everything that can differ is a row, in the words and with the codes of doctor; the next runs say new, still and gone", async () => {
    const { home, workspace } = estate;
    const healthy = home.emulator.control.snapshot();
    const history = join(workspace.folder, "history");
    mkdirSync(history);
    const [one = "", two = "", three = ""] = [apps["one"], apps["two"], apps["three"]];
    await damage("applicationIdUri", "removed")(home, two);
    await damage("accessAsUserScope", "removed")(home, two);
    await damage("portalUrl", "removed")(home, two);
    await damage("certificate", "removed")(home, two);
    await damage("signInAudience", "altered")(home, two);
    await damage("servicePrincipal", "disabled")(home, two);
    await damage("grantedPermissions", "both revoked")(home, two);
    await damage("applicationStatus", "disabled")(home, three);
    await damage("accessAsUserScope", "disabled")(home, three);
    await damage("portalUrl", "moved to the platform Web")(home, three);
    await damage("servicePrincipal", "set to require assignment")(home, three);
    await damage("grantedPermissions", "User.Read revoked")(home, three);
    await damage("implicitGrant", "ID tokens turned on")(home, three);
    const [foreign = ""] = await issueCertificates(1);
    const { keyCredentials } = await home.application(one);
    const start = new Date(Date.now() - 60_000).toISOString();
    const end = new Date(Date.now() + 30 * 24 * 60 * 60 * 1000).toISOString();
    const added = {
        type: "AsymmetricX509Cert",
        usage: "Verify",
        key: foreign,
        startDateTime: start,
        endDateTime: end,
        displayName: "Of others",
    };
    await home.patchApplication(one, { keyCredentials: [...keyCredentials, added] });
    const words = await breakCustomers();
    const unreadable = ["one-4", "one-5", "one-6"];

    const first = await report("--history", history);
    expect(first.code).toBe(8);
    for (const [name, pattern] of Object.entries(words)) expect(wordsOf(first.report, name)).toMatch(pattern);
    for (const name of unreadable) expect(statusOf(first.report, name)).toBe("unreadable");
    const second = first.report.rows.find(({ name }) => name === "second");
    expect(second?.differences.map(({ property }) => property)).toEqual(
        expect.arrayContaining([
            "accessAsUserScope",
            "applicationIdUri",
            "certificate",
            "grantedPermissions",
            "portalUrl",
            "servicePrincipal",
            "signInAudience",
        ]),
    );
    // If an application is for one organization only, no customer can sign in.
    expect(wordsOf(first.report, "two-7")).toMatch(/^the customer's tenant is not ready: .*: users get AADSTS50020$/);
    const third = first.report.rows.find(({ name }) => name === "third");
    expect(third?.differences.map(({ property }) => property)).toEqual(
        expect.arrayContaining([
            "applicationStatus",
            "accessAsUserScope",
            "portalUrl",
            "servicePrincipal",
            "implicitGrant",
        ]),
    );
    // A certificate that others added expires in 30 days: somebody must act soon, but the portal works.
    expect(first.report.rows.find(({ name }) => name === "first")).toMatchObject({
        status: "asDeclared",
        checks: [{ name: "certificates", status: "warning" }],
    });
    expectSameRows(first);
    await expectDoctorsRows(first);

    // With `--deep`, the rows also contain the check `token`.
    const deep = await report("--deep");
    await expectDoctorsRows(deep, ["customers"]);
    expectNoSecret([first, deep], history);

    home.emulator.control.restore(healthy);
    await damage("servicePrincipal", "disabled")(customer("one", 1), one);
    await damage("servicePrincipal", "disabled")(customer("two", 0), two);
    const next = await report("--history", history);
    const changes = Object.fromEntries(
        next.report.rows.flatMap(({ name, differences }) => differences.map(({ change }) => [name, change])),
    );
    expect(changes).toEqual({ "one-1": "still", "two-0": "new" });
    // The customers of the second portal can sign in again too, so their differences are also gone.
    const gone = new Set(next.report.gone.map(({ name }) => name).filter((name) => !name.startsWith("two-")));
    expect([...gone].sort()).toEqual(["four-0", "four-1", "four-2", "one-0", "one-2", "one-3", "second", "third"]);

    const today = new Date().toISOString().slice(0, 10);
    const decision = {
        property: "servicePrincipal",
        value: "disabled",
        reason: "The contract has ended",
        by: "anna@contoso.com",
    };
    workspace.write(
        "accepted.json",
        JSON.stringify([
            { ...decision, resource: "one-1", until: today },
            { ...decision, resource: "two-0", until: "2026-01-31" },
        ]),
    );
    const accepted = await report("--history", history, "--accepted", join(workspace.folder, "accepted.json"));
    expect([statusOf(accepted.report, "one-1"), statusOf(accepted.report, "two-0")]).toEqual(["accepted", "drifted"]);
    expect(accepted.report.unusedDecisions).toMatchObject([
        { resource: "two-0", why: "the entry ended on 2026-01-31" },
    ]);
    expect(accepted.report.gone).toEqual([]);
    home.emulator.control.restore(healthy);
});

test("a portal that is deleted, or without a service principal", async () => {
    const { home } = estate;
    const healthy = home.emulator.control.snapshot();
    const [one = "", two = "", three = ""] = [apps["one"], apps["two"], apps["three"]];
    await damage("applicationStatus", "deleted")(home, one);
    await home.graph("DELETE", `/servicePrincipals(appId='${two}')`);
    await damage("grantedPermissions", "access_as_user replaced by another scope")(home, three);
    const first = await report();
    expect(first.code).toBe(7);
    expect(wordsOf(first.report, "first")).toMatch(/^the application is in deleted items until .*AADSTS700016$/);
    expect(wordsOf(first.report, "second")).toBe("the service principal is missing: users get AADSTS700016");
    // These 103 rows are the three portals and the 100 customers of the first portal.
    expect(first.report.totals.cannotSignIn).toBe(103);
    expectSameRows(first);
    await expectDoctorsRows(first);
    home.emulator.control.restore(healthy);
});

test("a portal that cannot be read, and a stack whose preview fails, hide none of the others", async () => {
    const { home, workspace } = estate;
    const path = `applications(appId='${apps["two"] ?? ""}')`;
    home.emulator.control.addFault({ path, status: 403, code: "Authorization_RequestDenied", count: 1000 });
    const program = workspace.read("program.json");
    workspace.write("program.json", program.replace('"three":', '"renamed":'));
    const made = await report();
    workspace.write("program.json", program);
    await expectDoctorsRows(made);
    home.emulator.control.clearFaults();
    expect(made.code).toBe(8);
    expect(statusOf(made.report, "second")).toBe("unreadable");
    expect(made.report.stacks.map(({ name, status }) => [name, status]).sort()).toEqual([
        ["four", "ok"],
        ["one", "ok"],
        ["three", "failed"],
        ["two", "ok"],
    ]);
    expect(made.report.partial).toHaveLength(1);
    expect(made.report.rows.filter(({ stack, status }) => stack === "three" && status !== "unreadable")).toEqual([]);
    expect(made.report.totals).toMatchObject({ rows: 203, asDeclared: 151 });
    expectSameRows(made);
});

/** Deploys stack three again with a certificate that expires in a few minutes. Returns the time at which it expires. */
async function withShortCertificate(): Promise<number> {
    const end = Math.floor(Date.now() / 1000) * 1000 + 4 * 60_000;
    // The validity of a new certificate begins ten minutes before it is issued.
    const now = new Date(end - 10 * DAY_MS + 10 * 60_000);
    const { certificatePem } = await issueCertificate({ name: "Restore Portal", keySize: 2048, validDays: 10, now });
    const customers = customersOf("three").map((tenantId, at) => ({ name: `three-${at}`, portal: "third", tenantId }));
    estate.declare("three", { portals: { third: portalArgs({ certificate: { certificatePem } }) }, customers });
    await estate.up("three");
    return end;
}

const DAY_MS = 24 * 60 * 60 * 1000;

test("a certificate that has ended, a tenant that Entra no longer knows, and customers that do not answer", async () => {
    const { control } = estate.home.emulator;
    const end = await withShortCertificate();
    const healthy = control.snapshot();
    control.removeTenant(customer("two", 0).tenantId);
    control.addFault({ service: "login", path: customer("two", 1).tenantId, status: 503, count: 10_000 });
    await new Promise((done) => setTimeout(done, Math.max(0, end + 1000 - Date.now())));

    const made = await report();
    expect(made.code).toBe(8);
    expect(wordsOf(made.report, "third")).toMatch(/^certificateExpiry: must not be expired, but it expired on /);
    const named = Object.fromEntries(made.report.rows.map((row) => [row.name, row]));
    expect(named["third"]).toMatchObject({ status: "drifted", signIn: "fails" });
    expect(named["third"]?.signInReason).toContain("AADSTS700027");
    expect(named["three-3"]?.signInReason).toMatch(/^its portal "third": certificateExpiry: must not be expired/);
    const ended = made.report.certificates.filter(({ state }) => state === "ended");
    expect(ended).toMatchObject([{ current: true, daysLeft: -1 }]);
    expect(named["two-0"]).toMatchObject({ status: "drifted", signIn: "fails" });
    expect(named["two-0"]?.words).toContain("AADSTS90002");
    expect(named["two-1"]).toMatchObject({ status: "unreadable", signIn: "unknown" });
    expectSameRows(made);
    await expectDoctorsRows(made);
    control.clearFaults();
    control.restore(healthy);
});

test("rights that are missing in the portal's own tenant, and a portal whose tenant Entra no longer knows", async () => {
    const { home } = estate;
    const { control } = home.emulator;
    const healthy = control.snapshot();
    await withoutRole(home, 1);
    const grants = await report();
    expect(grants.code).toBe(8);
    for (const name of ["first", "second", "third"]) expect(statusOf(grants.report, name)).toBe("unreadable");
    expect(wordsOf(grants.report, "first")).toMatch(/^the credentials do not allow reading grants/);
    expectSameRows(grants);
    await expectDoctorsRows(grants);

    await withoutRole(home, 0);
    const nothing = await report();
    expect(wordsOf(nothing.report, "first")).toMatch(/403 Authorization_RequestDenied/);
    expect(statusOf(nothing.report, "four-7")).toBe("asDeclared");
    expectSameRows(nothing);
    await expectDoctorsRows(nothing);

    control.restore(healthy);
    control.removeTenant(home.tenantId);
    const unknown = await report();
    control.restore(healthy);
    expect(unknown.code).toBe(8);
    const failing = unknown.report.stacks.filter(({ status }) => status === "failed");
    expect(failing.map(({ name }) => name)).toEqual(expect.arrayContaining(["one", "two", "three"]));
    for (const { error } of failing)
        expect(error).toMatch(/does not know this tenant; correct tenantId, or the tenant of the credentials/);
    const wrong = unknown.report.rows.filter(({ stack, status }) => stack !== "four" && status !== "unreadable");
    expect(wrong).toEqual([]);
    expectSameRows(unknown);
});

function expectNoSecret(made: readonly Reported[], history: string): void {
    const { home } = estate;
    const secrets = [home.env["AZURE_CLIENT_SECRET"] ?? "", "BEGIN PRIVATE KEY", "pfxPassword", "MII"];
    const kept = readdirSync(history).map((name) => readFileSync(join(history, name), "utf8"));
    for (const { files, output } of made) {
        for (const text of [...Object.values(files), output, ...kept]) {
            for (const secret of secrets) expect(text.includes(secret)).toBe(false);
        }
    }
}
