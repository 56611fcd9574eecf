// Checks decisions about drift. Each decision accepts one difference with one live value until its date. The report
// must name decisions that have no effect.
import { withDecisions, type Decision } from "../../../cli/report/accepted";
import { decisionsIn } from "../../../cli/report/acceptedFile";
import type { Report } from "../../../cli/report/model";
import { outcomeOf } from "../../../cli/report/totals";
import { NOW, reportOf } from "../../support/report/examples";
import { exampleCertificate, type StackSpec, urnOf } from "../../support/report/previews";

const DECISION: Decision = {
    resource: "gateway",
    property: "servicePrincipal",
    value: "assignment required",
    until: "2026-12-31",
    reason: "A pilot group tests the portal",
    by: "anna@contoso.com",
};

let certificate: StackSpec["certificate"];
beforeAll(async () => {
    certificate = await exampleCertificate(365, NOW);
});

const drifted = (live: Record<string, unknown>, now = NOW): Report =>
    reportOf([{ certificate, portals: ["gateway"], customers: ["contoso"], changes: { gateway: { live } } }], now);
const assigned = (now = NOW) => drifted({ servicePrincipal: "assignment required" }, now);
const statusIn = ({ rows }: Report) => rows.find(({ name }) => name === "gateway")?.status;

test("accepted drift is no failure until its date, and a failure from the next day on", () => {
    const accepted = withDecisions(assigned(), [DECISION]);
    expect(statusIn(accepted)).toBe("accepted");
    expect(accepted.rows.find(({ name }) => name === "gateway")?.differences[0]?.accepted).toEqual({
        until: "2026-12-31",
        reason: "A pilot group tests the portal",
        by: "anna@contoso.com",
    });
    expect(outcomeOf(accepted)).toBe("ok");
    const lastDay = withDecisions(assigned(new Date("2026-12-31T23:59:00Z")), [DECISION]);
    expect(statusIn(lastDay)).toBe("accepted");
    const over = withDecisions(assigned(new Date("2027-01-01T00:01:00Z")), [DECISION]);
    expect(statusIn(over)).toBe("drifted");
    expect(outcomeOf(over)).toBe("drift");
    expect(over.unusedDecisions).toMatchObject([{ resource: "gateway", why: "the entry ended on 2026-12-31" }]);
});

test("another value is a new drift, and the decision is named", () => {
    const report = withDecisions(drifted({ servicePrincipal: "disabled" }), [DECISION]);
    expect(statusIn(report)).toBe("drifted");
    expect(report.unusedDecisions).toMatchObject([{ why: "the live value is different: disabled" }]);
});

test("a second difference of the same portal stays a drift", () => {
    const both = { servicePrincipal: "assignment required", applicationIdUri: "missing" };
    expect(statusIn(withDecisions(drifted(both), [DECISION]))).toBe("drifted");
});

test("a resource is named by its URN, by its name, or by its name with the stack", () => {
    for (const resource of [urnOf("dev", "RestorePortalApp", "gateway"), "gateway", "dev/gateway"]) {
        expect(statusIn(withDecisions(assigned(), [{ ...DECISION, resource }]))).toBe("accepted");
    }
});

test("a name that several resources have accepts nothing, and says how to name one of them", () => {
    const live = { servicePrincipal: "assignment required" };
    const stacks = ["one", "two"].map((stack) => ({
        certificate,
        stack,
        portals: ["gateway"],
        changes: { gateway: { live } },
    }));
    const report = withDecisions(reportOf(stacks), [DECISION]);
    expect(report.totals.drifted).toBe(2);
    expect(report.unusedDecisions[0]?.why).toMatch(
        /^several resources have this name; write the stack before it, such as "one\/gateway"$/,
    );
    expect(withDecisions(reportOf(stacks), [{ ...DECISION, resource: "two/gateway" }]).totals.drifted).toBe(1);
    const twice = { certificate, portals: ["gateway"], customers: ["gateway"], changes: { gateway: { live } } };
    for (const resource of ["dev/gateway", "gateway"]) {
        const [unused] = withDecisions(reportOf([twice]), [{ ...DECISION, resource }]).unusedDecisions;
        const urn = urnOf("dev", "RestorePortalApp", "gateway");
        expect(unused?.why).toBe(
            `several resources of a stack have this name; write the URN instead, such as "${urn}"`,
        );
    }
});

test("a list is accepted in any order, and a decision about nothing is named", () => {
    const report = drifted({ grantedPermissions: [] });
    expect(statusIn(withDecisions(report, [{ ...DECISION, property: "grantedPermissions", value: [] }]))).toBe(
        "accepted",
    );
    const others = [
        { ...DECISION, resource: "nobody" },
        { ...DECISION, property: "owners" },
    ];
    expect(withDecisions(report, others).unusedDecisions.map(({ why }) => why)).toEqual([
        "the report has no row or difference for this resource",
        "the report has no such difference",
    ]);
});

test("a decision about what could not be read says so", () => {
    const unread = drifted({ applicationStatus: "not readable: signing in: refused" });
    const failed = { certificate, stack: "test", portals: [], error: "error: no token" };
    const partial = reportOf([{ certificate, portals: ["gateway"] }, failed]);
    const whyOf = (report: Report, resource: string) =>
        withDecisions(report, [{ ...DECISION, resource }]).unusedDecisions[0]?.why;
    const incomplete =
        "the report has no row or difference for this resource, but the report is incomplete, so the resource may exist";
    expect(whyOf(unread, "gateway")).toBe("the resource could not be read, so it is unknown whether the value differs");
    expect(whyOf(partial, "nobody")).toBe(incomplete);
    expect(whyOf(partial, "test/nobody")).toBe(incomplete);
    expect(whyOf(partial, "dev/nobody")).toBe("the report has no row or difference for this resource");
    expect(whyOf(partial, "gateway")).toBe("the report has no such difference");
});

test("accepted drift still stops the users", () => {
    const report = withDecisions(assigned(), [DECISION]);
    expect(report.totals).toMatchObject({ accepted: 1, drifted: 0, cannotSignIn: 1 });
});

test.each([
    ["not JSON", "{", /^reading accepted\.json: it is not JSON .*; correct it$/],
    ["an object", "{}", /it must be a list of decisions, such as \[/],
    ["an entry that is a text", '["x"]', /entry 1: it must be an object, such as \{ "resource": .*\}$/],
    [
        "an unknown member",
        JSON.stringify([{ ...DECISION, untill: "x" }]),
        /entry 1: "untill" is not a member; use resource/,
    ],
    ["no reason", JSON.stringify([{ ...DECISION, reason: undefined }]), /entry 1: reason is missing/],
    [
        "an empty name",
        JSON.stringify([DECISION, { ...DECISION, by: "" }]),
        /entry 2: by must be a text; only property may be empty/,
    ],
    ["no date", JSON.stringify([{ ...DECISION, until: "soon" }]), /until must be a day such as 2027-01-31, got "soon"/],
    ["a day that does not exist", JSON.stringify([{ ...DECISION, until: "2026-02-30" }]), /until must be a day/],
])("a file with %s is refused with what to do", (_, text, message) => {
    expect(() => decisionsIn(text, "accepted.json")).toThrow(message);
});

const MEMBERS = (more: object) =>
    `[\n${JSON.stringify(DECISION)},\n${JSON.stringify({ ...DECISION, ...more }, undefined, 4)}\n]\n`;

test.each([
    [
        "the member",
        MEMBERS({ until: "31.12.2026" }),
        /^reading accepted\.json: line 7, entry 2: until must be a day .*, got "31\.12\.2026"$/,
    ],
    ["an unknown member", MEMBERS({ note: "x" }), /line 10, entry 2: "note" is not a member/],
    ["the entry, if a member is missing", MEMBERS({ by: undefined }), /line 3, entry 2: by is missing/],
    ["what is no JSON", `[\n${JSON.stringify(DECISION)},\n]\n\n`, /it is not JSON \(.*line 3\); correct it$/],
    [
        "a text without quotes",
        `[\n{\n"until": 2027-01-31,\n"by": "x"\n}\n]`,
        /it is not JSON \(.*line 3\); correct it$/,
    ],
    ["the end of a file that was cut", `[\n{\n"resource": "gateway",`, /it is not JSON \(.*line 3/],
    ["a member that is called like one of Object", MEMBERS({ ["constructor"]: 1 }), /"constructor" is not a member/],
])("the line of %s is named", (_, text, message) => {
    expect(() => decisionsIn(text, "accepted.json")).toThrow(message);
});

test("texts of a decision are shown as plain text, whatever they contain", () => {
    const hostile = "\u001b[31mred\u202e\n::error::<script>";
    const accepted = withDecisions(assigned(), [{ ...DECISION, reason: hostile, by: hostile }]);
    const unused = withDecisions(assigned(), [
        { ...DECISION, resource: hostile, property: hostile, value: hostile, reason: hostile, by: hostile },
    ]);
    for (const report of [accepted, unused])
        expect(JSON.stringify(report)).not.toMatch(/\\u001b\[31m(?!red\\\\)|\u202e|\n/);
    expect(unused.unusedDecisions[0]?.by).toBe("\\u001b[31mred\\u202e : :error::<script>");
});
