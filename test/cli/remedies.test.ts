// Checks which remedy doctor gives for a difference, and how doctor counts the customers that are not ready.
import { failed, ok, unknown, type Check } from "../../cli/diagnosis/check";
import { customersCheck } from "../../cli/diagnosis/customersCheck";
import { consentWords, portalWords } from "../../cli/diagnosis/differenceWords";
import { remedyFor, type Difference, type RemedyFacts } from "../../cli/diagnosis/signInErrors";

const FACTS = { managed: {}, adminConsent: true, consentUrl: "https://abc.com", desired: {} } as unknown as RemedyFacts;
const CREATED = { ...FACTS, managed: { created: true } } as unknown as RemedyFacts;
const LEAVING = { ...FACTS, desired: { leaveAlone: ["portalUrl"] } } as unknown as RemedyFacts;
const BY_HAND = { ...FACTS, adminConsent: false };
const difference = (name: Difference["name"], live: unknown): Difference => ({
    name,
    live,
    desired: "",
    application: undefined,
});

test.each<[string, Difference, RemedyFacts, RegExp]>([
    ["a part that differs", difference("portalUrl", "not registered"), FACTS, /^run pulumi up, which repairs it$/],
    [
        "a part in leaveAlone",
        difference("portalUrl", "not registered"),
        LEAVING,
        /^remove portalUrl from leaveAlone and run pulumi up, or ask/,
    ],
    [
        "an additional address of a part in leaveAlone",
        difference("additionalPortalUrls", []),
        LEAVING,
        /^remove portalUrl from leaveAlone and run pulumi up, or ask/,
    ],
    [
        "an audience that the program does not set",
        difference("signInAudience", "PersonalMicrosoftAccount"),
        FACTS,
        /^set signInAudience in the program and run pulumi up$/,
    ],
    ["another part beside leaveAlone", difference("certificate", "not registered"), LEAVING, /^run pulumi up/],
    [
        "a certificate that the deployment does not register",
        difference("certificate", "not registered"),
        { ...FACTS, desired: { registerCertificate: false } } as unknown as RemedyFacts,
        /^upload the certificate to the application \(Certificates & secrets\), or leave registerCertificate out/,
    ],
    ["consent by hand", difference("grantedPermissions", []), BY_HAND, /^ask an administrator to consent at https:/],
    [
        "a registered application that is gone",
        difference("applicationStatus", "missing"),
        CREATED,
        /^run pulumi up --refresh, which registers a new/,
    ],
    [
        "an adopted application that is gone",
        difference("applicationStatus", "missing"),
        FACTS,
        /^use another applicationId/,
    ],
    [
        "a registered application in deleted items",
        difference("applicationStatus", "in the bin"),
        CREATED,
        /^run pulumi up/,
    ],
    [
        "an adopted application in deleted items",
        difference("applicationStatus", "in the bin"),
        FACTS,
        /^set restoreDeleted/,
    ],
    [
        "an adopted application in deleted items that the program restores",
        difference("applicationStatus", "in the bin"),
        { ...FACTS, desired: { restoreDeleted: true } } as unknown as RemedyFacts,
        /^run pulumi up, which repairs it$/,
    ],
])("the remedy for %s", (_case, one, facts, remedy) => {
    expect(remedyFor(one, facts)).toMatch(remedy);
});

const UNLISTED = { live: "not among enterprise applications", declared: "enabled" };

test("a service principal that is not listed is listed again, for a portal and for a customer", () => {
    for (const words of [portalWords("servicePrincipal", UNLISTED), consentWords("servicePrincipal", UNLISTED)])
        expect(words).toMatchObject({
            says: "the service principal is not among enterprise applications",
            up: "lists it there",
        });
});

describe("the sum of the customers", () => {
    const customer = (name: string, check: Check) => ({
        customer: name,
        applicationId: "",
        tenantId: "",
        checks: [check],
    });
    const READY = customer("contoso.com", ok("status", "ready"));
    const BROKEN = customer("abc.com", failed("status", "missing", {}));
    const UNREAD = customer("unread.abc.com", unknown("status", "no answer"));

    test("counts customers that are not ready apart from customers that could not be read", () => {
        expect(customersCheck([READY])).toMatchObject({ status: "ok", message: "1 of 1 are ready" });
        expect(customersCheck([READY, BROKEN, UNREAD])).toMatchObject({
            status: "failed",
            message: "1 of 3 are not ready: abc.com; 1 of 3 could not be read: unread.abc.com",
        });
    });

    test("is unknown if the only fault is that customers could not be read", () => {
        const { status, message } = customersCheck([READY, UNREAD]);
        expect([status, message]).toEqual([
            "unknown",
            "could not be checked: 1 of 2 could not be read: unread.abc.com",
        ]);
    });
});
