// Writes a report as JUnit XML. Each stack is a test suite, and each of its rows is a test case. GitLab, Azure DevOps
// and Jenkins can show JUnit XML.
import junit, { type TestCase, type TestSuite } from "junit-report-builder";

import type { Report, Row, StackReport } from "../model";

export function renderJunit(report: Report): string {
    const builder = junit.newBuilder();
    for (const stack of report.stacks) {
        const suite = builder.testSuite().name(xml(stack.name)).timestamp(new Date(report.createdAt));
        if (stack.status === "failed") addFailure(suite, stack);
        for (const row of report.rows.filter((one) => one.stack === stack.name)) addRow(suite, row);
    }
    return `${builder.build()}\n`;
}

/** Adds a test case for the failed stack itself, so that a failed stack without rows does not count as passed. */
function addFailure(suite: TestSuite, { name, error = "" }: StackReport): void {
    suite
        .testCase()
        .className(xml(`${name}.stack`))
        .name("preview")
        .error(xml(error), "preview");
}

function addRow(suite: TestSuite, row: Row): void {
    const test = suite
        .testCase()
        .className(xml(`${row.stack}.${row.kind}`))
        .name(xml(row.name));
    const { status, words } = row;
    if (status === "unreadable") test.error(xml(words), "not readable", xml(detailsOf(row)));
    if (status === "drifted") drifted(test, row);
    if (status === "accepted") test.skipped().standardOutput(xml(words));
}

function drifted(test: TestCase, row: Row): void {
    test.failure(xml(row.words), row.signIn === "fails" ? "users cannot sign in" : "drift").stacktrace(
        xml(detailsOf(row)),
    );
}

function detailsOf({ urn, differences, checks }: Row): string {
    const named = differences.map(({ resource, property, label, liveText, declaredText, words, up }) => {
        // A portal can have several servers. The label of a server's drift names the server.
        const what = resource === urn ? property || "resource" : label;
        // The two texts of a secret are the same. Those of a replacement would read `present instead of replaced`.
        const differs = property === "" || liveText === declaredText ? words : `${liveText} instead of ${declaredText}`;
        return `${what}: ${differs}; pulumi up ${up}`;
    });
    const others = checks
        .filter(({ name }) => !differences.some(({ property }) => property === name))
        .map(({ name, message, remedy }) => `${name}: ${message}${remedy === undefined ? "" : `; ${remedy}`}`);
    return [urn, ...named, ...others].join("\n");
}

/**
 * XML forbids U+FFFE and U+FFFF. plainText.ts has already replaced all other characters that XML forbids. The library
 * escapes only the first `]]>` of a text, and a second `]]>` would end the CDATA section. So each `]]>` gets a space.
 */
function xml(text: string): string {
    return text.replace(/[\ufffe\uffff]/g, "?").replaceAll("]]>", "]] >");
}
