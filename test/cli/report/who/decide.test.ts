// Checks which entry of the audit log the report names as the cause of a difference, and the words of the report.
import { answersFor, placesOf } from "../../../../cli/report/who/asked";
import { whoOf } from "../../../../cli/report/who/decide";
import { groupsOf, type AuditRecord } from "../../../../cli/report/who/entry";
import { keyIdOf } from "../../../../provider/sync/keyCredentials";
import type { Json } from "../../../../cli/report/model";
import {
    address,
    addressChange,
    GRAPH_NAMES,
    grantChange,
    grantEntry,
    IDS,
    ofServicePrincipal,
    OTHER_URL,
    record,
    removal,
    REMOVED,
    rowOf,
    URL,
    whoFor,
    type RecordOf,
} from "../../../support/report/auditRecords";

const both = [address(URL), address(OTHER_URL)];
const AT = "2026-11-26 14:03 UTC";

describe("the cause of one difference", () => {
    const update = (properties: RecordOf["properties"], of: Partial<RecordOf> = {}) =>
        record({ activity: "Update application", ...of, properties: properties ?? {} });
    const onServicePrincipal = (properties: RecordOf["properties"]) =>
        ofServicePrincipal({ activity: "Update service principal", properties: properties ?? {} });
    const scope = (isOff: boolean) => [{ ClaimValue: "access_as_user", IsDisabled: isOff }];
    const access = (...ids: string[]) => [
        {
            ResourceAppId: IDS.appId,
            RequiredAppPermissions: [{ EntitlementId: "own", ImpersonationAccessGrants: [20] }],
        },
        {
            ResourceAppId: "00000003-0000-0000-c000-000000000000",
            RequiredAppPermissions: ids.map((id) => ({ EntitlementId: id })),
        },
    ];
    const userRead = "e1fe6dd8-ba31-4d61-89e7-88639da4683d";
    const thumbprint = "A".repeat(40);
    const key = (id: string, name = "Portal") =>
        `[KeyIdentifier=${id},KeyType=AsymmetricX509Cert,KeyUsage=Verify,DisplayName=${name}]`;
    const certificates = "Update application \u2013 Certificates and secrets management ";
    const uri = `api://${IDS.appId}`;

    const rows: [what: string, property: string, declared: Json, live: Json, entry: AuditRecord[], did: string][] = [
        [
            "the web address on another platform",
            "portalUrl",
            URL,
            "registered as Web",
            [addressChange([address(URL)], [address(URL, 1)])],
            "removed",
        ],
        [
            "another web address",
            "additionalPortalUrls",
            [OTHER_URL],
            [],
            [addressChange(both, [address(URL)])],
            "removed",
        ],
        [
            "the name",
            "displayName",
            "Portal",
            "Renamed",
            [update({ DisplayName: [["Portal"], ["Renamed"]] })],
            "changed",
        ],
        [
            "the audience",
            "signInAudience",
            "AzureADMultipleOrgs",
            "AzureADMyOrg",
            [update({ SignInAudience: [["AzureADMultipleOrgs"], ["AzureADMyOrg"]] })],
            "changed",
        ],
        [
            "the audience by its old name",
            "signInAudience",
            "AzureADMultipleOrgs",
            "AzureADMyOrg",
            [update({ AvailableToOtherTenants: [[true], [false]] })],
            "narrowed",
        ],
        [
            "the Application ID URI",
            "applicationIdUri",
            "api://<applicationId>",
            "missing",
            [update({ AppIdentifierUri: [[uri], []] })],
            "removed",
        ],
        [
            "the scope, disabled",
            "accessAsUserScope",
            "enabled",
            "disabled",
            [update({ Entitlement: [scope(false), scope(true)] })],
            "disabled",
        ],
        [
            "the scope, removed",
            "accessAsUserScope",
            "enabled",
            "missing",
            [update({ Entitlement: [scope(true), []] })],
            "removed",
        ],
        [
            "a permission",
            "requiredPermissions",
            ["User.Read", "access_as_user"],
            ["access_as_user"],
            [update({ RequiredResourceAccess: [access(userRead, "x"), access("x")] })],
            "removed",
        ],
        [
            "a certificate of ours",
            "certificate",
            thumbprint,
            "not registered",
            [
                record({
                    activity: certificates,
                    properties: { KeyDescription: [[key("other"), key(keyIdOf(thumbprint))], [key("other")]] },
                }),
            ],
            "removed",
        ],
        [
            "a certificate with an unknown id",
            "certificate",
            thumbprint,
            "not registered",
            [record({ activity: certificates, properties: { KeyDescription: [[key("a", "Wizard")], []] } })],
            "a certificate removed",
        ],
        [
            "the application, disabled",
            "applicationStatus",
            "present",
            "disabled",
            [update({ IsDisabled: [[], [true]] })],
            "disabled",
        ],
        [
            "the application, deleted",
            "applicationStatus",
            "present",
            "in the bin until 2026-12-26",
            [record({ activity: "Delete application" })],
            "deleted",
        ],
        [
            "the application, deleted and purged",
            "applicationStatus",
            "present",
            "missing",
            [
                record({ activity: "Delete application" }),
                record({ activity: "Hard Delete application", at: "20:00:00", by: null }),
            ],
            "deleted",
        ],
        [
            "the service principal, disabled",
            "servicePrincipal",
            "enabled",
            "disabled",
            [onServicePrincipal({ AccountEnabled: [[true], [false]] })],
            "disabled",
        ],
        [
            "the service principal, unlisted",
            "servicePrincipal",
            "enabled",
            "not among enterprise applications",
            [onServicePrincipal({ Tags: [["WindowsAzureActiveDirectoryIntegratedApp"], []] })],
            "removed",
        ],
        [
            "the service principal, requiring assignment",
            "servicePrincipal",
            "enabled",
            "assignment required",
            [onServicePrincipal({ AppRoleAssignmentRequired: [[false], [true]] })],
            "set to require assignment",
        ],
        [
            "the service principal, open to all",
            "servicePrincipal",
            "assignment required",
            "enabled",
            [onServicePrincipal({ AppRoleAssignmentRequired: [[true], [false]] })],
            "opened to all users",
        ],
        [
            "the service principal, deleted",
            "servicePrincipal",
            "enabled",
            "missing",
            [ofServicePrincipal({ activity: "Remove service principal" })],
            "deleted",
        ],
        [
            "implicit grant",
            "implicitGrant",
            false,
            true,
            [update({ Oauth2AllowImplicitFlow: [[false], [true]] })],
            "turned on",
        ],
        [
            "a grant, made smaller",
            "grantedPermissions",
            ["User.Read"],
            [],
            grantChange(" User.Read Mail.Read", " Mail.Read"),
            "revoked",
        ],
        [
            "a whole grant",
            "grantedPermissions",
            ["User.Read"],
            [],
            [grantEntry("Remove", { before: " User.Read", after: null })],
            "revoked",
        ],
        [
            "a whole grant, on the other side",
            "grantedPermissions",
            ["User.Read"],
            [],
            [grantEntry("Remove", { before: null, after: " User.Read" })],
            "revoked",
        ],
        [
            "all grants, with the service principal",
            "grantedPermissions",
            ["User.Read"],
            [],
            [ofServicePrincipal({ activity: "Remove service principal" })],
            "deleted with the service principal",
        ],
        [
            "an owner",
            "owners",
            ["66666666-6666-4666-8666-666666666666"],
            [],
            [
                record({
                    activity: "Remove owner from application",
                    target: ["User", "66666666-6666-4666-8666-666666666666"],
                    second: IDS.application,
                    properties: { "Application.ObjectID": [IDS.application, null] },
                }),
            ],
            "removed",
        ],
    ];
    test.each(rows)("%s", (_what, property, declared, live, entries, did) => {
        expect(whoFor({ property, declared, live }, entries)).toMatch(new RegExp(`^${did} ${AT} by anna@contoso.com`));
    });

    test.each([
        ["portalUrl", URL, "not registered", "AppAddress", address(URL)],
        ["accessAsUserScope", "enabled", "missing", "Entitlement", scope(false)[0]],
        ["requiredPermissions", ["User.Read"], [], "RequiredResourceAccess", access(userRead)[1]],
        ["certificate", thumbprint, "not registered", "KeyDescription", key(keyIdOf(thumbprint))],
    ] as const)("%s is found between values of other forms", (property, declared, live, name, member) => {
        const empty = { ...access()[1], RequiredAppPermissions: [null] };
        const others = [null, 5, true, [], empty];
        const entry = update({ [name]: [[...others, member], others] });
        expect(whoFor({ property, declared, live }, [entry])).toMatch(/^removed /);
    });

    test.each(["certificateExpiry", "retiredCertificates", "region", "toString"])("is not asked for %s", (property) => {
        expect(whoFor({ property, declared: [], live: ["x"] }, [])).toBe("no question");
    });
});

describe("among several entries", () => {
    test("the copy of the service principal, which comes first, does not stand for the change", () => {
        const request = "77777777-7777-4777-8777-777777777777";
        const copy = ofServicePrincipal({
            activity: "Update service principal",
            request,
            at: "14:03:18",
            properties: { AppAddress: [both, [address(OTHER_URL)]] },
        });
        const change = removal({ request });
        const [asked] = placesOf({ rows: [rowOf(REMOVED)] }).flatMap((place) => place.asked);
        const answers = asked ? answersFor(asked, groupsOf([copy, change])) : [];
        expect(whoOf(answers, new Set())?.candidates).toEqual([
            {
                kind: "user",
                actor: "anna@contoso.com",
                at: "2026-11-26T14:03:20.367Z",
                client: "Azure portal",
                entry: change.id,
                correlationId: request,
            },
        ]);
    });

    test("of two people, the one whose change explains the value", () => {
        const another = addressChange([address(OTHER_URL)], [], { at: "15:00:00", by: "ben" });
        expect(whoFor(REMOVED, [another, removal()])).toBe(`removed ${AT} by anna@contoso.com (Azure portal)`);
    });

    test("of two people who set one value, the later one", () => {
        const rename = (from: string, to: string, of: object) =>
            record({ activity: "Update application", properties: { DisplayName: [[from], [to]] }, ...of });
        const entries = [rename("Portal", "A", { at: "13:00:00" }), rename("A", "B", { by: "ben" })];
        expect(whoFor({ property: "displayName", declared: "Portal", live: "B" }, entries)).toMatch(/by ben@/);
    });

    test("one who disabled the scope and another one who removed it", () => {
        const scopes = (isOff: boolean) => [{ ClaimValue: "access_as_user", IsDisabled: isOff }];
        const entries = [
            record({
                activity: "Update application",
                at: "13:00:00",
                properties: { Entitlement: [scopes(false), scopes(true)] },
            }),
            record({ activity: "Update application", by: "ben", properties: { Entitlement: [scopes(true), []] } }),
        ];
        const difference = { property: "accessAsUserScope", declared: "enabled" };
        expect(whoFor({ ...difference, live: "missing" }, entries)).toMatch(/^removed .* by ben@/);
        expect(whoFor({ ...difference, live: "disabled" }, entries.slice(0, 1))).toMatch(/^disabled .* by anna@/);
    });

    test("two people who moved the web address together are both named", () => {
        const entries = [
            addressChange([address(URL)], []),
            addressChange([], [address(URL, 1)], { at: "15:00:00", by: "ben" }),
        ];
        expect(whoFor({ ...REMOVED, live: "registered as Web" }, entries)).toBe(
            `removed ${AT} by anna@contoso.com (Azure portal); added as Web 2026-11-26 15:00 UTC by ben@contoso.com (Azure portal)`,
        );
    });

    test("two of the same moment are both shown", () => {
        const words = whoFor(REMOVED, [removal(), removal({ by: "ben" })]);
        expect(words.split("; or ").sort()).toEqual([
            `removed ${AT} by anna@contoso.com (Azure portal)`,
            `removed ${AT} by ben@contoso.com (Azure portal)`,
        ]);
    });

    test("each permission has its own cause", () => {
        const own = { target: ["ServicePrincipal", IDS.servicePrincipal] as const, by: "ben", at: "15:00:00.1" };
        const names = { "TargetId.ServicePrincipalNames": [null, `${IDS.appId};api://${IDS.appId}`] } as const;
        const entries = [
            grantEntry("Remove", { before: " User.Read", after: null }),
            grantEntry("Remove", { before: " access_as_user", after: null, of: { ...own, properties: names } }),
        ];
        const difference = { property: "grantedPermissions", declared: ["User.Read", "access_as_user"], live: [] };
        expect(whoFor(difference, entries)).toBe(
            `User.Read revoked ${AT} by anna@contoso.com (Azure portal); access_as_user revoked 2026-11-26 15:00 UTC by ben@contoso.com (Azure portal)`,
        );
        expect(whoFor(difference, entries.slice(0, 1))).toBe(
            `User.Read revoked ${AT} by anna@contoso.com (Azure portal); the log does not show who removed access_as_user`,
        );
    });

    test("an entry that is delivered twice counts once", () => {
        const entry = removal();
        expect(whoFor(REMOVED, [entry, { ...entry }])).toBe(`removed ${AT} by anna@contoso.com (Azure portal)`);
    });
});

test("grants went with a service principal, even if a new one came after it", () => {
    const gone = ofServicePrincipal({ activity: "Remove service principal" });
    const back = (activity: string) => ofServicePrincipal({ activity, at: "15:00:00", by: "ben" });
    const difference = { property: "grantedPermissions", declared: ["User.Read"], live: [] };
    expect(whoFor(difference, [gone, back("Add service principal")])).toMatch(/^deleted with .* by anna@/);
    expect(whoFor(difference, [gone, back("Restore service principal")])).toBe("late");
    const missing = { property: "servicePrincipal", declared: "enabled", live: "missing" };
    expect(whoFor(missing, [gone, back("Hard delete service principal")])).toMatch(/^deleted .* by anna@/);
});

describe("nobody is named", () => {
    const unnamed = (of: Partial<RecordOf> = {}) =>
        ofServicePrincipal({
            activity: "Update service principal",
            properties: { "Included Updated Properties": [null, ""] },
            ...of,
        });
    const disabled = { property: "servicePrincipal", declared: "enabled", live: "disabled" };

    test("after a failed attempt", () => {
        expect(whoFor(REMOVED, [removal({ result: "failure" })])).toBe("silent");
        const attempt = { result: "failure", by: "ben", at: "15:00:00" };
        expect(whoFor(REMOVED, [removal(attempt), removal()])).toMatch(/by anna@/);
    });

    test("while the log shows the state before the change", () => {
        const repair = addressChange([], both, { at: "15:00:00", by: { name: "Deployer", id: IDS.deployer } });
        expect(whoFor(REMOVED, [removal(), repair])).toBe("late");
    });

    test("by an entry about another object, another property or another client's grant", () => {
        expect(whoFor(REMOVED, [removal({ target: ["Application", IDS.graph] })])).toBe("silent");
        expect(whoFor(REMOVED, [record({ activity: "Update application", properties: { Tags: [["a"], []] } })])).toBe(
            "silent",
        );
        const other = grantEntry("Remove", { before: " User.Read", after: null, of: { second: IDS.deployer } });
        const personal = { "DelegatedPermissionGrant.ConsentType": [null, "Principal"] } as const;
        const ofUser = grantEntry("Remove", { before: " User.Read", after: null, of: { properties: personal } });
        const ownApi = {
            "TargetId.ServicePrincipalNames": [null, GRAPH_NAMES.replace("00000003", "00000004")],
        } as const;
        const ofAnotherApi = grantEntry("Remove", { before: " User.Read", after: null, of: { properties: ownApi } });
        const difference = { property: "grantedPermissions", declared: ["User.Read"], live: [] };
        expect(whoFor(difference, [other, ofUser, ofAnotherApi])).toBe("silent");
    });

    test("by the growth of a grant", () => {
        const growth = grantChange(" User.Read", " User.Read Mail.Read");
        expect(whoFor({ property: "grantedPermissions", declared: ["User.Read"], live: [] }, growth)).toBe("silent");
    });

    test("with certainty, if the entry names no property: all that changed the object are shown", () => {
        const note = "; the entry does not name the property";
        expect(whoFor(disabled, [unnamed()])).toBe(`changed ${AT} by anna@contoso.com (Azure portal)${note}`);
        expect(whoFor(disabled, [unnamed(), unnamed({ by: "ben", at: "13:00:00" })])).toBe(
            `changed ${AT} by anna@contoso.com (Azure portal)${note}; or changed 2026-11-26 13:00 UTC by ben@contoso.com (Azure portal)${note}`,
        );
    });

    test("with certainty, if such an entry is later than the one that names another value", () => {
        const properties = { AccountEnabled: [[false], [true]] } as const;
        const enabled = ofServicePrincipal({ activity: "Update service principal", at: "13:00:00", properties });
        expect(whoFor(disabled, [unnamed(), enabled])).toMatch(/^changed .* by anna@.*does not name the property$/);
        expect(whoFor(disabled, [unnamed({ at: "12:00:00" }), enabled])).toBe("late");
    });

    test("by an entry without content that only copies a change of the application", () => {
        const request = "88888888-8888-4888-8888-888888888888";
        const entries = [unnamed({ request }), removal({ request })];
        expect(whoFor(disabled, entries)).toBe("silent");
    });

    test("by an entry without content, if entries about such a change do have content", () => {
        const empty = record({
            activity: "Update application",
            properties: { "Included Updated Properties": [null, ""] },
        });
        expect(whoFor(REMOVED, [empty])).toBe("silent");
    });
});
