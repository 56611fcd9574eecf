// Checks which inputs `check` completes, and which inputs it refuses before it sends a request.
import { completeInputs, examineInputs } from "../../../provider/portal/rules/checkInputs";
import { UNKNOWN } from "../../../provider/inputs/rawInputs";
import { APP_ID } from "../../support/rules/observation";

const GIVEN = {
    identity: "organization/portals/dev/portal",
    displayName: "Restore Portal",
    portalUrl: "https://portal.abc.com:4443",
    certificate: { certificatePem: "pem" },
};
const examine = (given: Record<string, unknown>, olds: Record<string, unknown> = {}) =>
    examineInputs(completeInputs(given, olds) as never, olds).failures;

describe("completeInputs", () => {
    test("fills in each default of a new application", () => {
        expect(completeInputs(GIVEN, {})).toEqual({
            ...GIVEN,
            region: "Worldwide",
            registerCertificate: true,
            additionalPortalUrls: [],
            restApiPort: 4443,
            signInAudience: "AzureADMyOrg",
            adminConsent: true,
            restoreDeleted: false,
            implicitGrant: false,
            applicationStatus: "present",
            applicationIdUri: "api://<applicationId>",
            accessAsUserScope: "enabled",
            requiredPermissions: ["User.Read", "access_as_user"],
            grantedPermissions: ["User.Read", "access_as_user"],
            servicePrincipal: "enabled",
            retiredCertificates: [],
        });
    });

    test("completes an input that is null as one that the program leaves out", () => {
        const others = ["applicationId", "servicePrincipal", "adminConsent", "leaveAlone", "signInAudience", "owners"];
        for (const name of others)
            expect(completeInputs({ ...GIVEN, [name]: null }, {})).toEqual(completeInputs(GIVEN, {}));
        const enabled = { ...GIVEN, servicePrincipal: "enabled" };
        expect(completeInputs({ ...enabled, applicationId: null }, {})).toEqual(completeInputs(enabled, {}));
    });

    test("leaves everything of an adopted application alone that the program does not name", () => {
        const { displayName, ...rest } = GIVEN;
        expect(displayName).toBeDefined();
        const inputs = completeInputs({ ...rest, applicationId: APP_ID.toUpperCase() }, {});
        expect(inputs.applicationId).toBe(APP_ID);
        expect(Object.keys(inputs)).not.toEqual(expect.arrayContaining(["signInAudience"]));
        expect(Object.keys(inputs)).not.toEqual(expect.arrayContaining(["implicitGrant"]));
        expect(Object.keys(inputs)).not.toEqual(expect.arrayContaining(["displayName"]));
    });

    test("without consent nothing is granted", () => {
        expect(completeInputs({ ...GIVEN, adminConsent: false }, {}).grantedPermissions).toEqual([]);
    });

    test("keeps the first identity of a renamed stack or resource", () => {
        expect(completeInputs(GIVEN, { identity: "organization/portals/old/portal" }).identity).toMatch(/old/);
    });

    test("passes on unknown values of a preview unchanged", () => {
        const given = { ...GIVEN, certificate: UNKNOWN, portalUrl: UNKNOWN, adminConsent: UNKNOWN, tenantId: UNKNOWN };
        expect(completeInputs(given, {})).toMatchObject({
            certificate: UNKNOWN,
            portalUrl: UNKNOWN,
            adminConsent: UNKNOWN,
            grantedPermissions: UNKNOWN,
            tenantId: UNKNOWN,
        });
        const everything = { ...given, region: UNKNOWN, displayName: UNKNOWN, owners: [UNKNOWN], restApiPort: UNKNOWN };
        expect(examine(everything)).toEqual([]);
    });
});

describe("examineInputs refuses", () => {
    const rows: [name: string, given: Record<string, unknown>, property: string, reason: RegExp][] = [
        ["Germany", { region: "Germany" }, "region", /must not be "Germany": .*"Worldwide"/],
        ["an unknown region", { region: "Mars" }, "region", /one of "Worldwide", .*got "Mars"/],
        ["a malformed tenant", { tenantId: "con_toso" }, "tenantId", /GUID or a verified domain, got "con_toso"/],
        [
            "a malformed application",
            { displayName: undefined, applicationId: "58a" },
            "applicationId",
            /must be a GUID/,
        ],
        [
            "both applicationId and displayName",
            { applicationId: APP_ID },
            "displayName",
            /displayName \(a new one\), not both$/,
        ],
        ["neither way", { displayName: undefined }, "applicationId", /got neither/],
        ["an empty name", { displayName: " " }, "displayName", /must not be empty/],
        ["a long name", { displayName: "x".repeat(121) }, "displayName", /at most 120 characters, got 121/],
        [
            "no certificate for a new application",
            { certificate: undefined },
            "certificate",
            /is missing: without applicationId, the portal needs a certificate/,
        ],
        [
            "registerCertificate: false for a new application",
            { registerCertificate: false },
            "registerCertificate",
            /must not be false for a new/,
        ],
        ["no web address", { portalUrl: undefined }, "portalUrl", /is missing: .* such as https/],
        [
            "another port",
            { restApiPort: 4444 },
            "portalUrl",
            /restApiPort 4444\), got "https:\/\/portal\.abc\.com:4443"/,
        ],
        ["a port that is out of range", { restApiPort: 0.5 }, "restApiPort", /between 1 and 65535, got 0.5/],
        [
            "an address twice",
            { additionalPortalUrls: [GIVEN.portalUrl] },
            "additionalPortalUrls[0]",
            /not repeat portalUrl/,
        ],
        [
            "a personal audience",
            { signInAudience: "PersonalMicrosoftAccount" },
            "signInAudience",
            /one of "AzureADMyOrg"/,
        ],
        [
            "an owner by name",
            { owners: ["admin@contoso.com"] },
            "owners[0]",
            /object id \(a GUID\).*admin@contoso\.com/,
        ],
        [
            "a negative overlap",
            { certificateOverlapDays: -1 },
            "certificateOverlapDays",
            /between 0 and 3650 days, got -1/,
        ],
        ["a bad name of credentials", { credentials: "A-B" }, "credentials", /letters, digits and _.*got "A-B"/],
        ["a boolean as text", { adminConsent: "yes" }, "adminConsent", /must be a boolean, got a string/],
        ["a list as text", { additionalPortalUrls: "https://a" }, "additionalPortalUrls", /must be a list of strings/],
        ["a filled-in input", { applicationStatus: "gone" }, "applicationStatus", /filled in by the provider/],
    ];
    test.each(rows)("%s", (_name, given, property, reason) => {
        expect(examine({ ...GIVEN, ...given })).toContainEqual({
            property,
            reason: expect.stringMatching(reason) as string,
        });
    });

    test("all failures together, each with its own input", () => {
        const faults = { region: "Germany", tenantId: "x", portalUrl: "http://a/b", owners: ["me"], restApiPort: -1 };
        const properties = examine({ ...GIVEN, ...faults }).map(({ property }) => property);
        expect(new Set(properties)).toEqual(new Set(["region", "tenantId", "portalUrl", "owners[0]", "restApiPort"]));
    });

    test("a new region with the same application, but not with another one", () => {
        const olds = { applicationId: APP_ID, region: "Worldwide" };
        const given = { ...GIVEN, displayName: undefined, region: "China" };
        expect(examine({ ...given, applicationId: APP_ID }, olds)).toEqual([
            { property: "region", reason: expect.stringMatching(/"Worldwide" to "China" with the same/) as string },
        ]);
        expect(examine({ ...given, applicationId: "11111111-1111-4111-8111-111111111111" }, olds)).toEqual([]);
    });
});

test("another port in an additional address is a warning", () => {
    const inputs = completeInputs({ ...GIVEN, additionalPortalUrls: ["https://portal.abc.com:9443"] }, {});
    const { failures, warnings } = examineInputs(inputs as never, {});
    expect(failures).toEqual([]);
    expect(warnings).toEqual([
        expect.stringMatching(/^additionalPortalUrls\[0\]: .* does not have the port .*restApiPort 4443/),
    ]);
});
