// Checks which actor the report names if somebody removed a permission of the identity that makes the report.
import { whoOf } from "../../../../cli/report/who/decide";
import { groupsOf, type AuditRecord } from "../../../../cli/report/who/entry";
import { answersAboutRights, lacksRight } from "../../../../cli/report/who/rights";
import { IDS, record, type RecordOf } from "../../../support/report/auditRecords";

const READ = "Application.Read.All";
const GRANTS = "DelegatedPermissionGrant.ReadWrite.All";

function assignment(kind: "Add" | "Remove", role: string, of: Partial<RecordOf> = {}): AuditRecord {
    return record({
        activity:
            kind === "Add"
                ? "Add app role assignment to service principal"
                : "Remove app role assignment from service principal",
        target: ["ServicePrincipal", IDS.graph],
        second: IDS.deployer,
        properties: { "AppRole.Value": [null, role] },
        ...of,
    });
}

function who(
    records: readonly AuditRecord[],
    permissions: ReadonlySet<string> | undefined = new Set(),
): string | undefined {
    return whoOf(answersAboutRights({ id: IDS.deployer, permissions }, groupsOf(records)), new Set())?.words;
}

const BY_ANNA = "2026-11-26 14:03 UTC by anna@contoso.com (Azure portal)";

test.each([
    ["the one who removed it", [assignment("Remove", GRANTS)], `permission ${GRANTS} removed ${BY_ANNA}`],
    [
        "everybody who removed one of several",
        [assignment("Remove", GRANTS), assignment("Remove", READ, { by: "ben", at: "15:00:00" })],
        `permission ${READ} removed 2026-11-26 15:00 UTC by ben@contoso.com (Azure portal); permission ${GRANTS} removed ${BY_ANNA}`,
    ],
    [
        "the last one who removed it",
        [
            assignment("Remove", GRANTS, { by: "ben", at: "13:00:00" }),
            assignment("Add", GRANTS, { by: "ben", at: "13:30:00" }),
            assignment("Remove", GRANTS),
        ],
        `permission ${GRANTS} removed ${BY_ANNA}`,
    ],
    ["nobody, if the attempt failed", [assignment("Remove", GRANTS, { result: "failure" })], undefined],
    [
        "nobody, if it was given again",
        [assignment("Remove", GRANTS), assignment("Add", GRANTS, { at: "15:00:00" })],
        undefined,
    ],
    [
        "nobody, if another identity lost it",
        [assignment("Remove", GRANTS, { second: IDS.servicePrincipal })],
        undefined,
    ],
    ["nobody, if the identity only got it", [assignment("Add", GRANTS)], undefined],
])("names %s", (_, records, words) => {
    expect(who(records)).toBe(words);
});

test("a permission that the token has was not lost, and a user has no permissions of this kind", () => {
    expect(who([assignment("Remove", GRANTS)], new Set([GRANTS]))).toBeUndefined();
    const of = { id: IDS.deployer, permissions: undefined };
    expect(answersAboutRights(of, groupsOf([assignment("Remove", GRANTS)]))).toEqual([]);
});

test.each([
    ["the credentials do not allow reading grants", true],
    ["reading application 58a0f8e1: 403 Authorization_RequestDenied (GET /v1.0/applications)", true],
    ["signing in: AADSTS7000229: the tenant has no service principal of the deploying identity", false],
    ["reading application 58a0f8e1: 503", false],
    [undefined, false],
])("whether a permission is missing: %s", (unreadable, lacks) => {
    expect(lacksRight(unreadable === undefined ? {} : { unreadable })).toBe(lacks);
});
