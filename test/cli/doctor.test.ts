// Runs doctor against the embedded tenant. Doctor must name every part of a working portal that the test breaks by
// hand, and must never report "ok" for a part that makes a sign-in fail or that doctor cannot check.
// doctor.deep.test.ts also breaks parts that do not prevent sign-in.
import type { CertificateState } from "../../provider/certificate/inputs";
import { DiagnosedPortal, PORTAL, SOURCE, type Check } from "../support/cli/diagnosedPortal";
import { BROKEN_ROWS } from "../support/signIn/brokenRows";
import { generateState } from "../../provider/certificate/makeState";
import type { CliOnState } from "../support/cli/cliOnState";
import type { TestTenant } from "../support/tenant/testTenant";

jest.setTimeout(120_000);

const DAY_MS = 24 * 60 * 60 * 1000;

let subject: DiagnosedPortal;
let tenant: TestTenant;
let cli: CliOnState;
let appId: string;

beforeAll(async () => {
    subject = await DiagnosedPortal.start();
    ({ tenant, cli, appId } = subject);
});
afterAll(() => subject.close());
beforeEach(() => subject.reset());

const diagnose = () => subject.diagnose();

test("if a portal works, all checks are ok, the exit code is 0, and doctor writes nothing", async () => {
    tenant.clearLog();
    const { code, checks, of } = await diagnose();
    expect({ failed: of("failed"), unknown: of("unknown") }).toEqual({ failed: [], unknown: [] });
    expect(code).toBe(0);
    expect(checks.length).toBeGreaterThanOrEqual(20);
    expect(tenant.writes()).toEqual([]);
    const signIns = tenant.emulator.requests().filter(({ path }) => path.includes("/oauth2/v2.0/token"));
    expect(signIns.map(({ body }) => (body as { client_id: string }).client_id)).toContain(appId);
});

describe("each broken row", () => {
    test.each(BROKEN_ROWS)("$name fails as $property, AADSTS$code", async ({ property, breakIt, code: aadsts }) => {
        await breakIt(tenant, appId);
        const { code, checks } = await diagnose();
        expect(code).toBe(7);
        const check = checks.find(({ name }) => name === property);
        expect(check).toMatchObject({ status: "failed", aadsts, remedy: expect.stringMatching(/\w/) as string });
    });
});

test("the token check shows the token service's refusal, its code and a remedy", async () => {
    await BROKEN_ROWS.find(({ property }) => property === "certificate")!.breakIt(tenant, appId);
    const { checks } = await diagnose();
    const token = checks.find(({ name }) => name === "token");
    expect(token).toMatchObject({ status: "failed", aadsts: 700027 });
    expect(token?.message).toMatch(/^AADSTS700027: .*The key was not found/);
    expect(token?.remedy).toMatch(/pulumi up.*handover/);
});

describe("the remedy for an application", () => {
    const adopted = (more = {}) => {
        const { managed, desired } = subject.portal as Record<"managed" | "desired", object>;
        const app = { ...subject.portal, managed: { ...managed, created: false }, desired: { ...desired, ...more } };
        subject.declare({ app });
    };
    const purge = async () => {
        const { id } = await tenant.application(appId);
        await tenant.graph("DELETE", `/applications/${id}`);
        await tenant.graph("DELETE", `/directory/deletedItems/${id}`);
    };
    const disable = () => BROKEN_ROWS.find(({ name }) => name === "the service principal is disabled")!;
    const rows: [string, () => unknown, () => Promise<void>, string, RegExp, RegExp][] = [
        [
            "that the stack registered and somebody purged",
            () => undefined,
            purge,
            "applicationStatus",
            /^run pulumi up --refresh, which registers a new application; then enter/,
            /^run pulumi up --refresh, which creates or restores/,
        ],
        [
            "that the program adopted and somebody purged",
            adopted,
            purge,
            "applicationStatus",
            /^use another applicationId/,
            /^follow the remedy of the check "applicationStatus" or "servicePrincipal"$/,
        ],
        [
            "whose disabled service principal the program leaves alone",
            () => adopted({ leaveAlone: ["servicePrincipal"] }),
            () => disable().breakIt(tenant, appId),
            "servicePrincipal",
            /^remove servicePrincipal from leaveAlone and run pulumi up, or ask the owner/,
            /^follow the remedy of the check "applicationStatus" or "servicePrincipal"$/,
        ],
        [
            "without the certificate, which the deployment does not register",
            () => adopted({ registerCertificate: false }),
            () => BROKEN_ROWS.find(({ property }) => property === "certificate")!.breakIt(tenant, appId),
            "certificate",
            /^upload the certificate to the application \(Certificates & secrets\), or leave registerCertificate out/,
            /^follow the remedy of the check "certificate" or "certificateExpiry"$/,
        ],
    ];
    test.each(rows)("%s", async (_which, declare, breakIt, name, remedy, ofToken) => {
        declare();
        await breakIt();
        const { checks } = await diagnose();
        const remedyOf = (check: string) => checks.find((one) => one.name === check)?.remedy;
        expect(remedyOf(name)).toMatch(remedy);
        expect(remedyOf("token")).toMatch(ofToken);
    });
});

test("if the program does not grant consent, the check still fails and names the consent page", async () => {
    await BROKEN_ROWS.find(({ property }) => property === "grantedPermissions")!.breakIt(tenant, appId);
    const left = { adminConsent: false, grantedPermissions: [] };
    const { desired } = subject.portal as { desired: object };
    subject.declare({ app: { ...subject.portal, ...left, desired: { ...desired, ...left } } });
    const { checks } = await diagnose();
    const granted = checks.find(({ name }) => name === "grantedPermissions");
    expect(granted).toMatchObject({
        status: "failed",
        remedy: expect.stringContaining("/adminconsent?client_id=") as string,
    });
});

describe("is never ok", () => {
    test("for inputs that Graph refuses to read", async () => {
        tenant.emulator.control.addFault({ status: 403, code: "Authorization_RequestDenied", count: 1000 });
        const { code, of } = await diagnose();
        expect(code).toBe(8);
        expect(of("ok").filter((name) => !name.startsWith("server."))).toEqual([
            "discovery",
            "token",
            "certificateExpiry",
        ]);
    });

    test("for grants that the credentials may not read", async () => {
        tenant.emulator.control.addFault({
            path: "oauth2PermissionGrants",
            status: 403,
            code: "Authorization_RequestDenied",
            count: 1000,
        });
        expect((await diagnose()).of("unknown")).toEqual(["grantedPermissions"]);
    });

    test("for a key that state does not contain", async () => {
        subject.declare({ withPfx: false });
        const { code, of } = await diagnose();
        expect(of("unknown")).toEqual(["token"]);
        expect(code).toBe(7);
    });

    test("for consent of a service principal that is missing", async () => {
        await BROKEN_ROWS.find(({ name }) => name === "the service principal is missing")!.breakIt(tenant, appId);
        expect((await diagnose()).of("ok")).not.toContain("grantedPermissions");
    });

    test("for inputs of an application that is deleted", async () => {
        await BROKEN_ROWS.find(({ name }) => name === "the application is deleted")!.breakIt(tenant, appId);
        const { of } = await diagnose();
        expect(of("failed")).toEqual(expect.arrayContaining(["token", "applicationStatus"]));
        expect(of("ok").filter((name) => !name.startsWith("server."))).toEqual(["discovery", "certificateExpiry"]);
    });
});

test.each([
    ["replacedOn", { replacedOn: "yesterday" }],
    ["notAfter", { notAfter: "soon" }],
])("a state whose %s is not a date cannot be read, and the check says what to do", async (name, date) => {
    const [certificate] = subject.portal["certificates"] as object[];
    subject.declare({ app: { ...subject.portal, certificates: [{ ...certificate, ...date }] } });
    const { code, checks } = await diagnose();
    const message = new RegExp(
        `application ${appId}: certificates\\[0\\]\\.${name} is .* instead of a time.*; restore`,
    );
    expect([code, checks]).toMatchObject([8, [{ name: "state", status: "unknown" }]]);
    expect(checks[0]?.message).toMatch(message);
});

describe("a certificate", () => {
    const expiryOf = async (issued: CertificateState) => {
        cli.declare([
            { type: "PortalCertificate", name: "certificate", outputs: { ...issued } },
            {
                type: "RestorePortalApp",
                name: "portal",
                outputs: { ...subject.portal, certificate: issued.certificate },
            },
        ]);
        return (await diagnose()).checks.find(({ name }) => name === "certificateExpiry");
    };
    const issuedBefore = (days: number) => {
        const { source, pfxEncryption, status } = subject.certificate;
        return generateState(
            "certificate-1",
            { source, pfxEncryption, status },
            SOURCE,
            new Date(Date.now() - days * DAY_MS),
        );
    };

    test("that has expired fails with the error that users get", async () => {
        const check = await expiryOf(await issuedBefore(400));
        expect(check).toMatchObject({
            status: "failed",
            aadsts: 700027,
            remedy: "run pulumi up, which renews the certificate, and then npx pulumi-restore-portal handover",
        });
        expect(check?.message).toMatch(/must not be expired, but it expired on/);
    });

    test("that begins in the future fails without the advice to replace it", async () => {
        const check = await expiryOf(await issuedBefore(-20));
        expect(check?.message).toMatch(/must already be valid, but it begins on .*; check the clock/);
        expect(check).not.toHaveProperty("remedy");
    });

    test("that is due for renewal fails with the text of the preview", async () => {
        const check = await expiryOf(await issuedBefore(350));
        expect(check).toMatchObject({
            status: "failed",
            message: expect.stringMatching(/^due for renewal: ends/) as string,
        });
        expect(check).not.toHaveProperty("aadsts");
    });

    test("whose PFX in state is damaged cannot be checked", async () => {
        cli.declare([
            {
                type: "PortalCertificate",
                name: "certificate",
                outputs: { ...subject.certificate, pfx: "bm9uc2Vuc2U=" },
            },
            { type: "RestorePortalApp", name: "portal", outputs: subject.portal },
        ]);
        expect((await diagnose()).of("unknown")).toEqual(["token"]);
    });
});

test("several portals: each has its own report, and --portal chooses", async () => {
    const other = { ...subject.portal, applicationId: "11111111-2222-4333-8444-555555555555" };
    cli.declare([
        { type: "RestorePortalApp", name: "berlin", outputs: subject.portal },
        { type: "RestorePortalApp", name: "paris", outputs: other },
    ]);
    const both = JSON.parse((await cli.run("doctor", "--json")).stdout) as {
        portals: { portal: string; checks: Check[] }[];
    };
    expect(both.portals.map((one) => one.portal)).toEqual(["berlin", "paris"]);
    const status = both.portals.map(({ checks }) => checks.find(({ name }) => name === "applicationStatus")?.status);
    expect(status).toEqual(["ok", "failed"]);
    const { stdout } = await cli.run("doctor", "--portal", "paris");
    expect(stdout).toMatch(/^paris: application 11111111/);
    expect(stdout).not.toContain("berlin");
});

describe("the portal server", () => {
    test("fails by name if it differs, with the command for VB365", async () => {
        subject.server.configure({ isEnabled: false, restorePortalUri: "https://old.abc.com:4443" });
        const { checks, of } = await diagnose();
        expect(of("failed")).toEqual(["server.isEnabled", "server.portalUrl"]);
        expect(checks.find(({ name }) => name === "server.portalUrl")?.remedy).toContain(`-PortalUri ${PORTAL}`);
    });

    test("is unknown if it cannot be read, or does not report a field", async () => {
        subject.server.answerWith({ drop: true });
        expect((await diagnose()).of("unknown")).toEqual(["server.serverStatus"]);
        subject.server.answerWith(undefined);
        subject.server.setVersions(["v6"]);
        expect((await diagnose()).of("unknown")).toEqual(["server.portalUrl", "server.authority"]);
    });

    test("is compared with the portal's application, even if the resource still has an older one", async () => {
        const old = "11111111-2222-4333-8444-555555555555";
        const { serverState } = subject;
        subject.serverState = {
            ...serverState,
            desired: { ...(serverState["desired"] as object), applicationId: old },
        };
        subject.server.configure({ applicationId: old });
        subject.declare({});
        expect((await diagnose()).of("failed")).toEqual(["server.applicationId"]);
    });
});

test("for people: one line per check, the remedy below it, and colours only on a terminal", async () => {
    await BROKEN_ROWS.find(({ name }) => name === "the web address is registered as Web")!.breakIt(tenant, appId);
    subject.declare({ withServer: false });
    const { stdout, code } = await cli.run("doctor");
    expect(code).toBe(7);
    expect(stdout).toMatch(
        /^ {2}FAIL {2}portalUrl +registered as Web instead of https:\/\/portal\.abc\.com:4443 \(AADSTS9002326\)\n +run pulumi up/m,
    );
    expect(stdout).toMatch(/^ {2}ok {4}discovery/m);
    expect(stdout).toMatch(/: \d+ ok, 1 failed, 0 could not be made$/m);
    expect(stdout).not.toContain("\u001b");
    cli.env["FORCE_COLOR"] = "1";
    const coloured = await cli.run("doctor");
    delete cli.env["FORCE_COLOR"];
    expect(coloured.stdout).toMatch(/\u001b\[31mFAIL\u001b\[39m {2}portalUrl/);
    expect(coloured.stdout).toMatch(/\u001b\[32mok {2}\u001b\[39m {2}discovery/);
});
