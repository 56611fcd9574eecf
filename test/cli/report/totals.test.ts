// Checks the sentence that sums up a report.
import type { Row, RowStatus } from "../../../cli/report/model";
import { summed } from "../../../cli/report/totals";
import { rowOf } from "../../support/report/auditRecords";
import { reportOfRows } from "../../support/report/attribution";

const row = (status: RowStatus, signIn: Row["signIn"] = "works") => rowOf({}, { status, signIn });

test.each<[string, Row[], isPartial: boolean]>([
    ["the stacks have no portal and no customer", [], false],
    ["nothing could be read", [], true],
    ["1 of 1 portals and customers is as declared", [row("asDeclared")], false],
    ["all 2 portals and customers are as declared", [row("asDeclared"), row("asDeclared")], false],
    [
        "the report is incomplete: all 2 portals and customers in it are as declared",
        [row("asDeclared"), row("asDeclared")],
        true,
    ],
    [
        "2 of 4 portals and customers differ from the program; 1 could not be read; users of 1 cannot sign in",
        [row("drifted", "fails"), row("drifted"), row("unreadable"), row("asDeclared")],
        false,
    ],
    [
        "1 of 2 portals and customers differs from the program or has a failed check",
        [rowOf({}, { status: "drifted", signIn: "works", differences: [] }), row("asDeclared")],
        false,
    ],
    [
        "1 of 2 portals, customers, servers and certificates differs from the program",
        [rowOf({}, { status: "drifted", signIn: "works", kind: "server" }), row("asDeclared")],
        false,
    ],
    [
        "the report is incomplete: 1 of 2 portals and customers could not be read",
        [row("unreadable"), row("asDeclared")],
        true,
    ],
    [
        "users of 1 of 1 portals and customers cannot sign in; 1 has only accepted differences",
        [row("accepted", "fails")],
        false,
    ],
    ["2 of 2 portals and customers have only accepted differences", [row("accepted"), row("accepted")], false],
])("%s", (sentence, rows, isPartial) => {
    const partial = isPartial ? ["stack two: no token"] : [];
    expect(summed({ ...reportOfRows(rows), partial }).sentence).toBe(sentence);
});
