// Checks that a name that is not an input is refused, and that the message suggests the most similar input.
import { portalCertificate, portalServer, portalTenantConsent, restorePortalApp } from "../../provider/host";

type Json = Record<string, unknown>;
type Check = (olds: Json, news: Json) => Promise<{ failures: { property: string; reason: string }[] }>;

const APP_ID = "58a0f8e1-97bd-4804-ba69-bf1ed293e017";
const PORTAL_URL = "https://portal.abc.com:4443";
const HONEST: Readonly<Record<string, { readonly check: Check; readonly args: Json }>> = {
    RestorePortalApp: {
        check: restorePortalApp.check,
        args: { identity: "p/s//n", portalUrl: PORTAL_URL, applicationId: APP_ID },
    },
    PortalCertificate: { check: portalCertificate.check, args: { source: { generate: { name: "Portal" } } } },
    PortalTenantConsent: {
        check: portalTenantConsent.check,
        args: { identity: "p/s//n", applicationId: APP_ID, tenantId: APP_ID },
    },
    PortalServer: { check: portalServer.check, args: { portalUrl: PORTAL_URL, applicationId: APP_ID } },
};

beforeAll(() => void jest.spyOn(console, "log").mockImplementation(() => undefined));

async function reasonsFor(resource: string, more: Json, olds: Json = {}): Promise<string[]> {
    const { check, args } = HONEST[resource] as (typeof HONEST)[string];
    const { failures } = await check(olds, { ...args, ...more });
    return failures.map(({ property, reason }) => `${property}: ${reason}`);
}

const rows: [resource: string, more: Json, message: RegExp][] = [
    [
        "RestorePortalApp",
        { adminconsent: false },
        /adminconsent: is not an input of RestorePortalApp; write adminConsent/,
    ],
    ["RestorePortalApp", { signinAudience: "AzureADMyOrg" }, /signinAudience: .*; write signInAudience/],
    ["RestorePortalApp", { portalURL: PORTAL_URL }, /portalURL: .*; write portalUrl/],
    ["RestorePortalApp", { certificateOverlapdays: 3 }, /certificateOverlapdays: .*; write certificateOverlapDays/],
    ["RestorePortalApp", { owner: [APP_ID] }, /owner: .*; write owners/],
    ["RestorePortalApp", { tenant_id: APP_ID }, /tenant_id: .*; write tenantId/],
    [
        "RestorePortalApp",
        { colour: "red" },
        /colour: .*; remove it, or write one of these: region, tenantId, .*servicePrincipal/,
    ],
    [
        "RestorePortalApp",
        { certificate: { certificatePEM: "x" } },
        /certificate\.certificatePEM: .*; write certificatePem/,
    ],
    ["PortalCertificate", { exportPFX: true }, /exportPFX: is not an input of PortalCertificate; write exportPfx/],
    [
        "PortalCertificate",
        { source: { generate: { name: "x", validdays: 30 } } },
        /source\.generate\.validdays: is not an input of source\.generate; write validDays/,
    ],
    [
        "PortalCertificate",
        { source: { pfx: { file: "a.pfx", passwrd: "b" } } },
        /source\.pfx\.passwrd: .*; write password/,
    ],
    [
        "PortalCertificate",
        { source: { store: { thumbPrint: "ab" } } },
        /source\.store\.thumbPrint: .*; write thumbprint/,
    ],
    ["PortalCertificate", { source: { generated: { name: "x" } } }, /source\.generated: .*; write generate/],
    ["PortalCertificate", { thumbprint: "AB" }, /thumbprint: is filled in by the provider; leave it out/],
    ["PortalTenantConsent", { tenantID: APP_ID }, /tenantID: is not an input of PortalTenantConsent; write tenantId/],
    ["PortalTenantConsent", { portalUri: PORTAL_URL }, /portalUri: .*; write portalUrl/],
    ["PortalServer", { tlsThumbPrint: "AB" }, /tlsThumbPrint: is not an input of PortalServer; write tlsThumbprint/],
    ["PortalServer", { requires: true }, /requires: .*; write required/],
];
test.each(rows)("%s refuses %j", async (resource, more, message) => {
    expect((await reasonsFor(resource, more)).join("\n")).toMatch(message);
});

test("the value of an unknown name is not shown, because it may be a secret", async () => {
    const reasons = await reasonsFor("RestorePortalApp", {
        clientSecret: "planted~Secret",
        sourc: { password: "planted~Secret" },
    });
    expect(reasons).toHaveLength(2);
    expect(reasons.every((reason) => reason.startsWith(": "))).toBe(true);
    expect(reasons.join()).not.toContain("planted~Secret");
});

test("an unknown name that state has from an earlier release is refused too", async () => {
    const { args } = HONEST["RestorePortalApp"] as (typeof HONEST)[string];
    const olds = { ...args, adminconsent: false };
    expect((await reasonsFor("RestorePortalApp", { adminconsent: false }, olds)).join()).toContain(
        "write adminConsent",
    );
});

test.each(Object.keys(HONEST))("%s accepts a name without a value", async (resource) => {
    expect(await reasonsFor(resource, { colour: undefined, shade: null })).toEqual([]);
});

test.each(Object.keys(HONEST))("%s accepts its completed inputs again", async (resource) => {
    const { check, args } = HONEST[resource] as (typeof HONEST)[string];
    const { inputs } = (await check({}, args)) as unknown as { inputs: Json };
    expect((await check(inputs, { ...args, ...inputs })).failures).toEqual([]);
});
