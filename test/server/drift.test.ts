// Checks the drift of a portal server: different spellings of one value, and the name of each difference. Also checks
// the remedies for drift, and the inputs that `check` fills in, accepts and refuses.
import { UNKNOWN } from "../../provider/inputs/rawInputs";
import { isSameAuthority } from "../../provider/server/authority";
import {
    liveServerInputs,
    serverDrift,
    serverRemedies,
    type RestorePortalSettings,
    type ShownCertificate,
} from "../../provider/server/drift";
import { completeServerInputs, examineServerInputs } from "../../provider/server/inputs";

const APP = "58a0f8e1-97bd-4804-ba69-bf1ed293e017";
const OTHER = "11111111-2222-4333-8444-555555555555";
const TENANT = "99999999-2222-4333-8444-555555555555";
const PORTAL = "https://portal.abc.com:4443";
const NOW = new Date("2026-06-01T00:00:00Z");
const TLS: ShownCertificate = {
    thumbprint: "A".repeat(40),
    thumbprintSha256: "B".repeat(64),
    notAfter: "2027-06-01T00:00:00Z",
};
const SETTINGS: RestorePortalSettings = {
    applicationId: APP,
    msalAuthorityUri: "https://login.microsoftonline.com/",
    restorePortalUri: PORTAL,
    isEnabled: true,
};
const inputs = (more: Record<string, unknown> = {}) =>
    completeServerInputs({
        portalUrl: PORTAL,
        applicationId: APP,
        authority: `https://login.microsoftonline.com/${TENANT}`,
        ...more,
    });

function found(settings: RestorePortalSettings, tls: Partial<ShownCertificate> = {}, more = {}) {
    const wanted = inputs(more);
    const live = liveServerInputs(wanted, { settings: { ...SETTINGS, ...settings }, tls: { ...TLS, ...tls } }, NOW);
    return Object.fromEntries(serverDrift(wanted, live).map((key) => [key, live[key]]));
}

describe("no difference", () => {
    const same: [name: string, settings: RestorePortalSettings][] = [
        ["the same", {}],
        ["GUID in upper case", { applicationId: APP.toUpperCase() }],
        ["address with a slash", { restorePortalUri: `${PORTAL}/` }],
        ["address in upper case", { restorePortalUri: "HTTPS://PORTAL.ABC.COM:4443" }],
        ["authority without a slash", { msalAuthorityUri: "https://login.microsoftonline.com" }],
        ["authority of no tenant", { msalAuthorityUri: "https://login.microsoftonline.com/organizations" }],
        ["authority of the tenant, v2.0", { msalAuthorityUri: `https://login.microsoftonline.com/${TENANT}/v2.0` }],
        ["another name of the same cloud", { msalAuthorityUri: `https://login.windows.net/${TENANT.toUpperCase()}` }],
    ];
    test.each(same)("%s", (_name, settings) => expect(found(settings)).toEqual({}));

    test("a field that an older REST API omits is not drift", () => {
        const wanted = inputs();
        const seen = { settings: { applicationId: APP, isEnabled: true }, tls: TLS };
        expect(liveServerInputs(wanted, seen, NOW)).toEqual(wanted);
    });

    test("an authority that the program does not name is not compared", () => {
        const wanted = inputs({ authority: undefined });
        const settings = { ...SETTINGS, msalAuthorityUri: "https://login.chinacloudapi.cn" };
        expect(serverDrift(wanted, liveServerInputs(wanted, { settings, tls: TLS }, NOW))).toEqual([]);
    });
});

describe("a difference has the name of its input", () => {
    const rows: [name: string, settings: RestorePortalSettings, expected: Record<string, unknown>][] = [
        ["another application", { applicationId: OTHER }, { applicationId: OTHER }],
        ["no application", { applicationId: null }, { applicationId: "not set" }],
        [
            "another address",
            { restorePortalUri: "https://portal.abc.com:5443" },
            { portalUrl: "https://portal.abc.com:5443" },
        ],
        ["no address", { restorePortalUri: "" }, { portalUrl: "not set" }],
        [
            "another cloud",
            { msalAuthorityUri: "https://login.microsoftonline.us/" },
            { authority: "https://login.microsoftonline.us/" },
        ],
        [
            "another tenant",
            { msalAuthorityUri: `https://login.microsoftonline.com/${OTHER}` },
            { authority: `https://login.microsoftonline.com/${OTHER}` },
        ],
        ["disabled", { isEnabled: false }, { isEnabled: false }],
    ];
    test.each(rows)("%s", (_name, settings, expected) => expect(found(settings)).toEqual(expected));

    const certificates: [name: string, tls: Partial<ShownCertificate>, more: object, expected: object][] = [
        ["expired", { notAfter: "2026-05-31T00:00:00Z" }, {}, { tlsCertificate: "expired on 2026-05-31" }],
        ["ending", { notAfter: "2026-06-20T00:00:00Z" }, {}, { tlsCertificate: "expires on 2026-06-20" }],
        ["ending, but tlsExpiryDays allows it", { notAfter: "2026-06-20T00:00:00Z" }, { tlsExpiryDays: 7 }, {}],
        [
            "not trusted",
            { untrusted: "DEPTH_ZERO_SELF_SIGNED_CERT" },
            {},
            { tlsCertificate: "not trusted: DEPTH_ZERO_SELF_SIGNED_CERT" },
        ],
        ["not trusted, but pinned by SHA-1", { untrusted: "X" }, { tlsThumbprint: "A".repeat(40) }, {}],
        ["not trusted, but pinned by SHA-256", { untrusted: "X" }, { tlsThumbprint: "B".repeat(64) }, {}],
        [
            "a certificate that is not the pinned one",
            {},
            { tlsThumbprint: "C".repeat(40) },
            { tlsThumbprint: "A".repeat(40) },
        ],
        [
            "pinned and expired",
            { notAfter: "2026-05-31T00:00:00Z" },
            { tlsThumbprint: "A".repeat(40) },
            { tlsCertificate: "expired on 2026-05-31" },
        ],
    ];
    test.each(certificates)("TLS certificate %s", (_name, tls, more, expected) =>
        expect(found({}, tls, more)).toEqual(expected),
    );

    test("if the server is unreadable, only its status differs", () => {
        const wanted = inputs();
        const live = liveServerInputs(wanted, { unreadable: "portal.abc.com:4443 cannot be reached" }, NOW);
        expect(live).toEqual({ ...wanted, serverStatus: "not readable: portal.abc.com:4443 cannot be reached" });
    });
});

test("the remedy is the complete command, without parameters for settings that are right", () => {
    expect(serverRemedies(inputs(), ["portalUrl"])[0]).toContain(
        `run Set-VBORestorePortalSettings -PortalUri ${PORTAL}, or`,
    );
    expect(serverRemedies(inputs(), ["isEnabled", "applicationId"]).join()).toMatch(
        new RegExp(`-EnableService -ApplicationId ${APP},.*pulumi-restore-portal handover`),
    );
    const certificate = (more = {}) => serverRemedies(inputs(more), ["tlsCertificate"]);
    expect(certificate()).toEqual([
        expect.stringMatching(
            /install a REST API certificate that Node\.js trusts and that is valid for more than 30 days$/,
        ),
    ]);
    expect(certificate({ tlsThumbprint: "A".repeat(40), tlsExpiryDays: 1 })).toEqual([
        expect.stringMatching(/install a REST API certificate that is valid for more than 1 day$/),
    ]);
});

test("China's two sign-in hosts mean one cloud, and a malformed URL does not name a cloud", () => {
    expect(isSameAuthority("https://login.partner.microsoftonline.cn", "https://login.chinacloudapi.cn/common")).toBe(
        true,
    );
    expect(isSameAuthority("https://login.microsoftonline.com", "https://login.chinacloudapi.cn")).toBe(false);
    expect(isSameAuthority("not set", "not set")).toBe(false);
});

describe("check", () => {
    const refused = (more: Record<string, unknown>, olds = {}) =>
        examineServerInputs(inputs(more), olds).map(({ property, reason }) => `${property} ${reason}`);

    test("fills in the inputs that name drift, and refuses none of them", () => {
        expect(inputs()).toMatchObject({
            serverStatus: "readable",
            isEnabled: true,
            tlsCertificate: "valid",
            tlsExpiryDays: 30,
            required: false,
        });
        expect(refused({})).toEqual([]);
    });

    test("accepts values that a preview does not know yet", () => {
        const names = [
            "portalUrl",
            "serverUrl",
            "applicationId",
            "authority",
            "tlsThumbprint",
            "tlsExpiryDays",
            "required",
        ];
        expect(refused(Object.fromEntries(names.map((name) => [name, UNKNOWN])))).toEqual([]);
    });

    test("accepts a thumbprint as Windows shows it", () => {
        const copied = "\u200eaa aa aa aa aa aa aa aa aa aa aa aa aa aa aa aa aa aa aa aa";
        expect(inputs({ tlsThumbprint: copied }).tlsThumbprint).toBe("A".repeat(40));
        expect(refused({ tlsThumbprint: "AA:".repeat(31) + "AA" })).toEqual([]);
    });

    const rows: [input: Record<string, unknown>, reason: RegExp][] = [
        [{ portalUrl: undefined }, /^portalUrl must be a URL such as .*got nothing/],
        [{ portalUrl: "http://portal.abc.com:4443" }, /^portalUrl must be https/],
        [
            { serverUrl: "https://vb365.abc.com:4443/v8" },
            /^serverUrl must be the address of VB365's REST API, https:\/\/<host>:<port>/,
        ],
        [{ applicationId: "portal" }, /^applicationId must be a GUID.*got "portal"/],
        [{ authority: "Worldwide" }, /^authority must be an https URL/],
        [{ tlsThumbprint: "ABC" }, /^tlsThumbprint must be a SHA-1 or SHA-256/],
        [{ tlsExpiryDays: -1 }, /^tlsExpiryDays must be a whole number.*got -1/],
        [{ required: "yes" }, /^required must be a boolean, got "yes"/],
        [{ isEnabled: false }, /^isEnabled is filled in by the provider/],
    ];
    test.each(rows)("%j is refused", (more, reason) => {
        expect(refused(more)).toEqual([expect.stringMatching(reason)]);
    });

    test("accepts values that ignoreChanges hands back", () => {
        expect(refused({ serverStatus: "not readable: x" }, { serverStatus: "not readable: x" })).toEqual([]);
        expect(refused({ isEnabled: false }, { isEnabled: false })).toEqual([]);
    });
});
