// Renders reports in each form. JSON, JUnit and Markdown must name the same problems, Markdown must keep its limit of
// characters, and texts from outside must not become markup.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import Ajv from "ajv";

import { withDecisions } from "../../../cli/report/accepted";
import { FORMAT_NAMES, rendered } from "../../../cli/report/formats";
import { renderJson } from "../../../cli/report/forms/json";
import { renderJunit } from "../../../cli/report/forms/junit";
import { MAX_CHARACTERS, renderMarkdown } from "../../../cli/report/forms/markdown";
import { MarkdownPage } from "../../../cli/report/forms/markdownPage";
import { plain } from "../../../provider/plainText";
import type { Json, Report, Row } from "../../../cli/report/model";
import { exampleReport, NOW, PORTAL_CHANGES, reportOf } from "../../support/report/examples";
import { exampleCertificate, type Change, type StackSpec } from "../../support/report/previews";
import { parseXml, type XmlElement } from "../../support/report/xml";

let report: Report;
let certificate: StackSpec["certificate"];
beforeAll(async () => {
    report = await exampleReport({ portals: 200, customers: 300, stacks: 4 });
    certificate = await exampleCertificate(365, NOW);
});

const open = (rows: readonly Row[]) => rows.filter(({ status }) => status === "drifted" || status === "unreadable");

function testCases(xml: string): XmlElement[] {
    return parseXml(xml).children.flatMap((suite) => suite.children);
}

test("JUnit has one test case for each portal and customer, and fails those that JSON and Markdown name", () => {
    const cases = testCases(renderJunit(report));
    expect(cases).toHaveLength(report.rows.length);
    const named = (element: string) =>
        cases
            .filter(({ children }) => children.some(({ name }) => name === element))
            .map(({ attributes: { classname = "", name = "" } }) => `${classname.split(".")[0] ?? ""} ${name}`)
            .sort();
    const rowsOf = (status: Row["status"]) =>
        (JSON.parse(renderJson(report)) as Report).rows
            .filter((row) => row.status === status)
            .map(({ stack, name }) => `${stack} ${name}`)
            .sort();
    expect(named("failure")).toEqual(rowsOf("drifted"));
    expect(named("error")).toEqual(rowsOf("unreadable"));
    const markdown = renderMarkdown(report);
    const problems = markdown.slice(markdown.indexOf("### Problems"), markdown.indexOf("<details>"));
    expect(problems.split("\n").filter((line) => line.startsWith("| **"))).toHaveLength(open(report.rows).length);
    for (const { name } of open(report.rows))
        expect(problems).toContain(`<code>${name.replaceAll("_", "&#95;")}</code>`);
});

describe("JUnit names in the details of a row", () => {
    const changed = (gateway: Change) => reportOf([{ certificate, portals: ["gateway"], changes: { gateway } }]);

    test("the values of a difference", () => {
        expect(renderJunit(changed(PORTAL_CHANGES["renamed"] ?? {}))).toContain(
            "displayName: Renamed by hand instead of gateway; pulumi up changes it to ",
        );
    });

    test("a secret value and a replaced resource in words, because they have no values to show", () => {
        const names = ["displayName"];
        expect(renderJunit(changed({ secret: names, drifted: names, changed: names }))).toContain(
            "displayName: the live value of the display name differs from the value in the program; both are hidden, because the input is secret; pulumi up ",
        );
        expect(renderJunit(changed({ operation: "replace" }))).toContain(
            "resource: pulumi up replaces the resource; pulumi up deletes the resource and creates it again",
        );
    });

    test("the server of a difference, because a portal can have several", () => {
        const made = changed(PORTAL_CHANGES["renamed"] ?? {});
        const rows = made.rows.map((row) => ({
            ...row,
            differences: ["one", "two"].map((server) => ({
                ...(row.differences[0] as Row["differences"][number]),
                ...{
                    resource: `${row.urn}-${server}`,
                    property: "isEnabled",
                    label: `isEnabled of server "${server}"`,
                },
                ...{ liveText: "false", declaredText: "true" },
            })),
        }));
        const details = renderJunit({ ...made, rows });
        for (const server of ["one", "two"])
            expect(details).toContain(`isEnabled of server "${server}": false instead of true; pulumi up `);
    });
});

test("JSON follows the published schema, which refuses a report without its version", () => {
    const path = join(__dirname, "../../../docs/reference/report.schema.json");
    const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(path, "utf8")) as object);
    expect(validate(JSON.parse(renderJson(report)))).toBe(true);
    expect(validate({ ...report, version: undefined })).toBe(false);
    expect(validate({ ...report, rows: [{ ...report.rows[0], status: "fine" }] })).toBe(false);
});

describe("Markdown", () => {
    test("of 1,000 portals and 1,000 customers, all of them broken, has at most 60,000 characters", () => {
        const names = (prefix: string) =>
            Array.from({ length: 1000 }, (_, index) => `${prefix}-${index}-${"x".repeat(60)}`);
        const [portals, customers] = [names("portal"), names("customer")];
        const change = { live: { servicePrincipal: "missing", grantedPermissions: [] } };
        const changes = Object.fromEntries([...portals, ...customers].map((name) => [name, change]));
        const large = reportOf([{ certificate, portals, customers, changes }]);
        const markdown = renderMarkdown(large);
        expect(markdown.length).toBeLessThanOrEqual(MAX_CHARACTERS);
        expect(markdown.length).toBeGreaterThan(MAX_CHARACTERS / 2);
        expect(markdown).toMatch(/\d+ more rows are in the HTML and JSON reports\./);
        expect(markdown.match(/<details>/g)).toHaveLength((markdown.match(/<\/details>/g) ?? []).length);
        expect(markdown).toContain("| 0 | 2000 | 0 | 0 | 2000 |");
    });

    test("says in the singular that one row is omitted", () => {
        const page = new MarkdownPage(400);
        page.table("title", ["name"], [["short"], ["x".repeat(200)]]);
        expect(page.end()).toMatch(/^1 more row is in the HTML and JSON reports\.$/m);
    });

    test("of a hundred stacks that fail with long texts still has its numbers and its problems", () => {
        const failing = Array.from({ length: 100 }, (_, index) => {
            const error = `error: ${"@|<`".repeat(2000)}`;
            return { certificate, stack: `failed${index}`, portals: [], error };
        });
        const changes = { gateway: PORTAL_CHANGES["closed"] ?? {} };
        const markdown = renderMarkdown(reportOf([...failing, { certificate, portals: ["gateway"], changes }]));
        expect(markdown.length).toBeLessThanOrEqual(MAX_CHARACTERS);
        expect(markdown).toContain("| 0 | 1 | 0 | 0 | 1 | 0 | 0 |");
        expect(markdown).toContain("### Problems");
        expect(markdown.match(/\*\*Incomplete:\*\*/g)?.length).toBeGreaterThan(2);
    });

    test("of a failed stack begins with that it is incomplete, and never says that all is as declared", () => {
        const failed = renderMarkdown(
            reportOf([{ certificate, portals: ["a"], error: "error: Preview failed: no token" }]),
        );
        expect(failed).toMatch(/^## Restore portals: incomplete report\n\n> \*\*Incomplete:\*\* stack dev: no token/);
    });
});

/** Texts that break the output of a form, unless the form escapes or shortens them. */
const HOSTILE = [
    "<script>alert(1)</script>",
    "a | b | c",
    "`code` ```fence```",
    "\u001b[31mred\u001b[0m",
    "x".repeat(10_000),
    "\u202egnirts\u202c",
    "]]> <failure/> &amp; &#x1b;",
    "@everyone #1 !2 https://evil.contoso.com",
    "[link](javascript:alert(1)) ![image](https://evil.contoso.com/x.png)",
    "*bold* _it_ ~~gone~~ $x$",
    "\uffff\u0000\ud800",
    "line\n## heading\n- item\n::error::command ##vso[task.complete]",
];

describe.each(HOSTILE.map((text) => [text.slice(0, 40), text]))("the name %j", (_, text) => {
    let hostile: Report;
    beforeAll(() => {
        const changes = { gateway: { live: { displayName: text, owners: [text] }, declared: { owners: [] } } };
        const error = `error: ${text}`;
        hostile = reportOf([
            { certificate, portals: ["gateway"], changes },
            { certificate, stack: `stack ${text}`.replaceAll(":", ""), portals: [], error },
        ]);
    });

    test("is one line of plain text in JSON", () => {
        const [row] = (JSON.parse(renderJson(hostile)) as Report).rows;
        expect(row?.words).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
        expect(row?.differences.map(({ property }) => property)).toEqual(["displayName", "owners"]);
    });

    test("leaves JUnit well-formed, with the same test cases", () => {
        const cases = testCases(renderJunit(hostile));
        expect(cases.map(({ attributes }) => attributes["name"])).toEqual(["gateway", "preview"]);
        expect(cases.map(({ children }) => children.map(({ name }) => name))).toEqual([["failure"], ["error"]]);
    });

    test("adds no row, cell, heading, tag, link or mention to Markdown", () => {
        const markdown = renderMarkdown(hostile);
        const problems = markdown.split("\n").filter((line) => line.startsWith("| **"));
        expect(problems).toHaveLength(1);
        for (const row of markdown.split("\n").filter((line) => line.startsWith("|"))) {
            expect([1, 5, 6, 7, 8]).toContain(cellsIn(row) - 0);
        }
        expect(markdown.match(/^#+ .*$/gm)).toEqual(["## Restore portals: incomplete report", "### Problems"]);
        const withoutOurs = markdown.replace(/<\/?(details|summary|code|br)>|<!-- -->/g, "");
        expect(withoutOurs).not.toMatch(/<[a-z/!]/i);
        expect(markdown).not.toMatch(/@everyone|https:\/\/evil|(?<!\\)\]\(javascript|!\[/);
        expect(markdown.length).toBeLessThan(MAX_CHARACTERS);
    });
});

describe.each(HOSTILE.map((text) => [text.slice(0, 40), text]))(
    "resources, stacks and decisions named %j",
    (_, text) => {
        let hostile: Report;
        beforeAll(() => {
            const name = text.replaceAll("::", "--");
            const spec = { certificate, stack: name.replaceAll(":", ""), portals: [name], customers: [`${name}2`] };
            const changes = { [`${name}2`]: { live: { status: `not readable: ${text}` } } };
            const made = reportOf([{ ...spec, changes, warnings: [text] }]);
            const decision = {
                resource: text,
                property: text,
                value: text,
                until: "2026-12-31",
                reason: text,
                by: text,
            };
            hostile = withDecisions({ ...made, notes: [plain(text)] }, [decision]);
        });

        test("every text of the report is one line of plain text", () => {
            expect(hostile.rows).toHaveLength(2);
            // The length is not checked: the report keeps long texts. Only Markdown and the HTML page shorten them.
            const texts = textsIn(hostile as unknown as Json);
            for (const one of texts) expect(one).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e]|^::error::/u);
        });

        test("JUnit stays well-formed, and Markdown keeps its tables and headings", () => {
            expect(testCases(renderJunit(hostile))).toHaveLength(2);
            const markdown = renderMarkdown(hostile);
            for (const row of markdown.split("\n").filter((line) => line.startsWith("|"))) {
                expect([4, 5, 6, 7]).toContain(cellsIn(row));
            }
            expect(markdown.match(/^#+ .*$/gm)).toEqual([
                "## Restore portals: 1 not readable, 0 drifted",
                "### Problems",
            ]);
            expect(markdown.replace(/<\/?(details|summary|code|br)>|<!-- -->/g, "")).not.toMatch(/<[a-z/!]/i);
        });
    },
);

function textsIn(value: Json): string[] {
    if (typeof value === "string") return [value];
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Counts the cells of a table row. An escaped `|` is text. */
function cellsIn(row: string): number {
    return row.replace(/\\./g, "").split("|").length - 2;
}

test("every form of the table can be rendered", () => {
    for (const name of FORMAT_NAMES) expect(rendered(report, name).length).toBeGreaterThan(100);
});
