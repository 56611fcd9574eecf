// Builds reports from previews. Checks the words and the status of rows, and the report of a preview that failed.
import { withDecisions } from "../../../cli/report/accepted";
import { buildReport } from "../../../cli/report/build";
import type { Report, Row } from "../../../cli/report/model";
import { SELECTED } from "../../../cli/report/stackName";
import { CUSTOMER_CHANGES, NOW, PORTAL_CHANGES, readPreview, reportOf } from "../../support/report/examples";
import { exampleCertificate, streamedPreview, type Change, type StackSpec } from "../../support/report/previews";

let certificate: StackSpec["certificate"];
beforeAll(async () => {
    certificate = await exampleCertificate(365, NOW);
});

function rowOf(report: Report, name: string): Row {
    const row = report.rows.find((one) => one.name === name);
    if (!row) throw new Error(`the report has no row ${name}`);
    return row;
}

const portalWith = (change: Change) =>
    reportOf([{ certificate, portals: ["gateway"], customers: ["contoso"], changes: { gateway: change } }]);
const customerWith = (change: Change) =>
    reportOf([{ certificate, portals: ["gateway"], customers: ["contoso"], changes: { contoso: change } }]);

test("without a difference every row is as declared, and the sentence says so", () => {
    const report = reportOf([{ certificate, portals: ["gateway"], customers: ["contoso"] }]);
    expect(report.rows.map(({ name, status, words, signIn }) => [name, status, words, signIn])).toEqual([
        ["gateway", "asDeclared", "as declared", "works"],
        ["contoso", "asDeclared", "as declared", "works"],
    ]);
    expect(report.sentence).toBe("all 2 portals and customers are as declared");
    expect(report.totals).toMatchObject({ rows: 2, asDeclared: 2, drifted: 0, unreadable: 0, cannotSignIn: 0 });
});

test.each([
    ["deleted", "drifted", "the application is in deleted items until 2026-12-20: users get AADSTS700016", "signIn"],
    ["disabled", "drifted", "the application is disabled: users get AADSTS7000112", "signIn"],
    ["renamed", "drifted", 'the display name is "Renamed by hand"', "cosmetic"],
    [
        "closed",
        "drifted",
        "the application lets only users of its own organization sign in: users get AADSTS50194",
        "signIn",
    ],
    ["withoutUri", "drifted", "the Application ID URI is missing: users get AADSTS500011", "signIn"],
    ["scopeMissing", "drifted", "the scope access_as_user is missing: users get AADSTS650053", "signIn"],
    ["scopeDisabled", "drifted", "the scope access_as_user is disabled: users get AADSTS650053", "signIn"],
    ["withoutAddress", "drifted", "the web address is not registered: users get AADSTS50011 or AADSTS500113", "signIn"],
    ["addressAsWeb", "drifted", "the web address is registered as Web: users get AADSTS9002326", "signIn"],
    ["implicit", "drifted", "implicit grant is on", "widened"],
    ["principalMissing", "drifted", "the service principal is missing: users get AADSTS700016", "signIn"],
    ["principalDisabled", "drifted", "the service principal is disabled: users get AADSTS7000112", "signIn"],
    [
        "assigned",
        "drifted",
        "the service principal lets only assigned users sign in: all other users get AADSTS50105",
        "signIn",
    ],
    [
        "withoutGrants",
        "drifted",
        "admin consent to User.Read, access_as_user is missing: users get AADSTS65001",
        "signIn",
    ],
    ["withoutPermissions", "drifted", "the API permissions lack access_as_user", "cosmetic"],
    ["moved", "drifted", "the program has changed restApiPort, and the change is not deployed yet", "cosmetic"],
    ["added", "drifted", "the portal is in the program and not deployed yet", "cosmetic"],
    ["leaving", "drifted", "the program no longer has the portal", "cosmetic"],
])("a portal that is %s is %s: %s", (name, status, words, risk) => {
    const row = rowOf(portalWith(PORTAL_CHANGES[name] ?? {}), "gateway");
    expect(row).toMatchObject({ status, words });
    expect(row.differences.map((one) => one.risk)).toEqual([risk]);
});

test.each([
    ["single", "drifted", /^the customer's tenant is not ready: application is single-tenant .*AADSTS50020$/, "fails"],
    ["refused", "unreadable", /^signing in: AADSTS7000229/, "unknown"],
    ["unknownTenant", "drifted", /AADSTS90002/, "fails"],
    ["principalMissing", "drifted", /^the service principal is missing: users get AADSTS700016$/, "fails"],
    ["principalDisabled", "drifted", /^the service principal is disabled: users get AADSTS7000112$/, "fails"],
    [
        "assigned",
        "drifted",
        /^the service principal lets only assigned users sign in: all other users get AADSTS50105$/,
        "fails",
    ],
    ["withoutUserRead", "drifted", /^admin consent to User.Read is missing: users get AADSTS65001$/, "fails"],
    ["unreadGrants", "unreadable", /the credentials do not allow reading grants/, "unknown"],
])("a customer that is %s is %s", (name, status, words, signIn) => {
    const row = rowOf(customerWith(CUSTOMER_CHANGES[name] ?? {}), "contoso");
    expect(row).toMatchObject({ status, signIn, words: expect.stringMatching(words) as string });
});

describe("an input that the program marks as secret", () => {
    const names = ["displayName", "portalUrl"];
    const hidden = (change: Change) => rowOf(portalWith({ secret: names, ...change }), "gateway");

    test("is as declared, if the engine says so, and the checks of the other inputs are made", () => {
        expect(hidden({})).toMatchObject({ status: "asDeclared", words: "as declared", checks: [] });
        expect(hidden({ live: { applicationIdUri: "missing" } })).toMatchObject({
            status: "drifted",
            words: "the Application ID URI is missing: users get AADSTS500011",
        });
    });

    test("is a drift without its value, if Entra has another one", () => {
        const row = hidden({ drifted: names, changed: names });
        expect(row).toMatchObject({ status: "drifted", signIn: "fails", operation: "update" });
        expect(row.words).toBe(
            "the live value of the display name differs from the value in the program; both are hidden, because the input is secret; the live value of the web address differs from the value in the program; both are hidden, because the input is secret",
        );
        expect(row.differences.map(({ live, declared, cause, risk }) => [live, declared, cause, risk])).toEqual([
            ["[secret]", "[secret]", "drift", "cosmetic"],
            ["[secret]", "[secret]", "drift", "signIn"],
        ]);
        expect(row.checks.map(({ name, aadsts }) => [name, aadsts])).toEqual(names.map((name) => [name, undefined]));
    });

    test("is not deployed yet, if only the program has another one", () => {
        const row = hidden({ drifted: ["displayName"], changed: names });
        expect(row.differences.map(({ cause }) => cause)).toEqual(["drift", "program"]);
        expect(row.words).toContain("the program has changed portalUrl, and the change is not deployed yet");
    });

    test("cannot be accepted, because nobody could see that it has changed", () => {
        const report = portalWith({ secret: names, drifted: ["displayName"], changed: ["displayName"] });
        const decision = { resource: "gateway", property: "displayName", value: "[secret]", until: "2026-12-31" };
        const accepted = withDecisions(report, [{ ...decision, reason: "It is so", by: "anna@contoso.com" }]);
        expect(rowOf(accepted, "gateway").status).toBe("drifted");
        expect(accepted.unusedDecisions).toMatchObject([
            { why: "the value is secret, so no decision can accept it; use ignoreChanges" },
        ]);
    });
});

test("users of a customer cannot sign in while the shared application prevents it, and the row names the portal", () => {
    const row = rowOf(portalWith(PORTAL_CHANGES["withoutAddress"] ?? {}), "contoso");
    expect(row).toMatchObject({
        status: "asDeclared",
        signIn: "fails",
        signInReason: expect.stringMatching(/^its portal "gateway": the web address is not registered/) as string,
    });
    // Only users of the portal's own tenant need the service principal in this tenant. So the customer's users can
    // still sign in.
    expect(rowOf(portalWith(PORTAL_CHANGES["principalDisabled"] ?? {}), "contoso").signIn).toBe("works");
});

test("a value that is known only after another change is no difference", () => {
    const unknown = { declared: { applicationId: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" } };
    expect(rowOf(customerWith(unknown), "contoso")).toMatchObject({ status: "asDeclared", operation: "none" });
});

test("grants that nobody may read are never as declared", () => {
    const spec = { certificate, portals: ["gateway"] };
    const { applicationId } = rowOf(reportOf([spec]), "gateway");
    const warnings = [`grantedPermissions of application ${applicationId} cannot be read, so they count as unchanged`];
    expect(rowOf(reportOf([{ ...spec, warnings }]), "gateway").status).toBe("unreadable");
});

test("the preview of one stack fails: its rows are not readable, and the others are reported", () => {
    const report = reportOf([
        { certificate, stack: "one", portals: ["a"], error: "error: Preview failed: signing in failed" },
        { certificate, stack: "two", portals: ["b"], changes: { b: PORTAL_CHANGES["disabled"] ?? {} } },
    ]);
    expect(report.partial).toEqual(["stack one: signing in failed"]);
    expect(report.sentence).toMatch(/^the report is incomplete: /);
    expect(rowOf(report, "a").status).toBe("unreadable");
    expect(rowOf(report, "b").status).toBe("drifted");
    expect(report.stacks.map(({ status }) => status)).toEqual(["failed", "ok"]);
});

test("a preview that fails before it names the selected stack is named without the word stack", () => {
    const failed = { name: SELECTED, preview: readPreview(""), error: "no stack selected" };
    expect(buildReport([failed], { now: NOW, tool: "0" }).partial).toEqual(["the selected stack: no stack selected"]);
});

test("a preview without a refresh is incomplete, because it says nothing about Entra", () => {
    const text = streamedPreview({ certificate, portals: ["gateway"] });
    const lines = text.split("\n").filter((line) => !line.includes('"op":"refresh"'));
    const preview = readPreview(lines.join("\n"));
    expect(preview.isRefreshed).toBe(false);
});

test("a row links to the pages of its own tenant and cloud, and a hostile tenant name makes no link", () => {
    const report = reportOf([{ certificate, portals: ["gateway"], customers: ["contoso"] }]);
    const { links, tenantId, applicationId } = rowOf(report, "gateway");
    expect(links.application).toBe(
        `https://entra.microsoft.com/${tenantId}/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Overview/appId/${applicationId}`,
    );
    expect(rowOf(report, "contoso").links).toEqual({
        enterpriseApplication: expect.stringContaining("ManagedAppMenuBlade/~/Overview") as string,
        permissions: expect.stringContaining("ManagedAppMenuBlade/~/Permissions") as string,
    });
    const hostile = { outputs: { tenantId: "x/../?" } };
    expect(rowOf(portalWith(hostile), "gateway").links).toEqual({});
});

test("the text of neither form of the preview is needed: a saved document gives the same rows", () => {
    const spec = { certificate, portals: ["gateway"], changes: { gateway: PORTAL_CHANGES["closed"] ?? {} } };
    const events = streamedPreview(spec)
        .split("\n")
        .map(
            (line) =>
                JSON.parse(line) as Record<
                    string,
                    { metadata: { op: string; urn: string; old: unknown; new: unknown } }
                >,
        );
    const steps = events
        .flatMap(({ resOutputsEvent }) => (resOutputsEvent ? [resOutputsEvent.metadata] : []))
        .map(({ op, urn, old, new: after }) => ({ op, urn, oldState: old, newState: after }));
    const preview = readPreview(JSON.stringify({ steps, changeSummary: {} }));
    expect(preview.resources).toEqual(readPreview(streamedPreview(spec)).resources);
});

test("a permanently deleted application is a drift, though the preview would create it", () => {
    const text = streamedPreview({ certificate, portals: ["gateway"] });
    const gone = text
        .split("\n")
        .map((line) => JSON.parse(line) as { resOutputsEvent?: { metadata: { op: string; new: unknown } } })
        .map((event) => (event.resOutputsEvent?.metadata.op === "refresh" ? withoutNew(event) : event))
        .map((event) => JSON.stringify(event).replaceAll('"op":"same"', '"op":"create"'));
    const preview = readPreview(gone.join("\n"));
    expect(preview.resources[0]).toMatchObject({ operation: "create" });
    expect(preview.resources[0]?.live).toBeUndefined();
});

function withoutNew(event: { resOutputsEvent?: { metadata: { op: string; new: unknown } } }) {
    return { ...event, resOutputsEvent: { metadata: { ...event.resOutputsEvent?.metadata, new: null } } };
}
