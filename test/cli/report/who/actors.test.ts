// Checks how the report names the user or application that an entry of the audit log shows.
import { IDS, removal, REMOVED, whoFor, type RecordOf } from "../../../support/report/auditRecords";

const AT = "2026-11-26 14:03 UTC";

describe("the actor", () => {
    const rows: [who: string, of: Partial<RecordOf>, words: string][] = [
        ["a person in the portal", {}, "anna@contoso.com (Azure portal)"],
        ["a person without a client", { agent: null }, "anna@contoso.com"],
        [
            "PowerShell, which also calls itself Mozilla",
            { agent: "Mozilla/5.0 (Windows NT) PowerShell/7.3.4" },
            "anna@contoso.com (PowerShell)",
        ],
        [
            "the client that stands for the person's name",
            { client: "Microsoft Graph Command Line Tools", agent: null },
            "anna@contoso.com (Microsoft Graph Command Line Tools)",
        ],
        [
            "the Azure CLI",
            { agent: "python/3.8.9 Azure-SDK-For-Python AZURECLI/2.34.1 (MSI)" },
            "anna@contoso.com (Azure CLI)",
        ],
        [
            "a person who runs this provider",
            { agent: "pulumi-restore-portal" },
            "anna@contoso.com (pulumi-restore-portal)",
        ],
        ["a script", { agent: "python-requests/2.31.0" }, "anna@contoso.com (python-requests/2.31.0)"],
        ["another application", { by: { name: "Backup script" }, agent: null }, 'the application "Backup script"'],
        [
            "an application with the name of the deployer",
            { by: { name: "Deployer" }, agent: null },
            'the application "Deployer"',
        ],
        [
            "the deployer, by its object id",
            { by: { name: "Deployer", id: IDS.deployer.toUpperCase() }, agent: null },
            'our own deployment "Deployer"',
        ],
        [
            "a service of Microsoft",
            { by: { name: "Managed Service Identity" } },
            "Microsoft's Managed Service Identity",
        ],
        ["nobody", { by: null }, "Microsoft (the entry names nobody)"],
    ];
    test.each(rows)("%s", (_who, of, words) => {
        expect(whoFor(REMOVED, [removal(of)])).toBe(`removed ${AT} by ${words}`);
    });

    test("is shown without control characters", () => {
        expect(whoFor(REMOVED, [removal({ by: { name: "\u001b[31mred" }, agent: null })])).toBe(
            `removed ${AT} by the application "\\u001b[31mred"`,
        );
    });
});
