import { examineUrl, isSameRedirectUri, redirectUriOf } from "../../provider/inputs/portalUrl";

describe("examineUrl", () => {
    const accepted: [string, string][] = [
        ["a DNS name with the default port of VB365", "https://portal.abc.com:4443"],
        ["a public IPv4 address", "https://135.169.170.192:4443"],
        ["the written port 443", "https://portal.abc.com:443"],
        ["a long subdomain", `https://${"a".repeat(63)}.abc.com:4443`],
    ];
    test.each(accepted)("accepts %s", (_case, url) => {
        expect(examineUrl(url)).toEqual({ refusals: [], warnings: [] });
    });

    const refused: [string, string, RegExp][] = [
        ["http", "http://portal.abc.com:4443", /must be https, got "http:/],
        ["text that is not an address", "portal.abc.com:4443", /must be an https address/],
        [
            "a user name and password",
            "https://user:pw@portal.abc.com:4443",
            /user name or password, got "https:\/\/\*\*\*@/,
        ],
        ["a path", "https://portal.abc.com:4443/portal", /must not have a path/],
        ["a trailing slash", "https://portal.abc.com:4443/", /must not have a path/],
        ["a query", "https://portal.abc.com:4443?a=b", /must not have a query/],
        ["a fragment", "https://portal.abc.com:4443#a", /must not have a fragment/],
        ["a wildcard", "https://*.abc.com:4443", /must not contain a wildcard/],
        ["no port", "https://portal.abc.com", /must have a port, got/],
        ["port 0", "https://portal.abc.com:0", /between 1 and 65535/],
        ["port 65536", "https://portal.abc.com:65536", /between 1 and 65535/],
        ["a port with a leading zero", "https://portal.abc.com:04443", /between 1 and 65535/],
        ["an empty port", "https://portal.abc.com:", /between 1 and 65535/],
        ["IPv6", "https://[2001:db8::1]:4443", /must not be an IPv6 address/],
        ["IPv6 without brackets", "https://2001:db8::1:4443", /must not be an IPv6 address/],
        ["a non-ASCII host name", "https://pörtal.abc.com:4443", /must be an ASCII host name/],
        ["upper case in the host name", "https://Portal.abc.com:4443", /lower case/],
        ["a space in the host name", "https://por tal.abc.com:4443", /must be a DNS host name/],
        ["an address with five numbers", "https://1.2.3.4.5:4443", /must be a DNS host name/],
        ["a host name with an invalid international label", "https://xn--a.abc.com:4443", /must be a DNS host name/],
        ["over 256 characters", `https://${"a.".repeat(130)}abc.com:4443`, /at most 256 characters, has/],
        ["no host", "https://:4443", /must name a host/],
    ];
    test.each(refused)("refuses %s", (_case, url, reason) => {
        expect(examineUrl(url).refusals.join("\n")).toMatch(reason);
    });

    test("names all problems at once", () => {
        expect(examineUrl("http://user@portal.abc.com/x?y#z").refusals).toHaveLength(6);
    });

    const warned: [string, string][] = [
        ["private 10/8", "https://10.1.2.3:4443"],
        ["private 172.16/12", "https://172.31.255.255:4443"],
        ["private 192.168/16", "https://192.168.1.1:4443"],
        ["loopback", "https://127.0.0.1:4443"],
        ["link-local", "https://169.254.1.1:4443"],
        ["carrier-grade NAT", "https://100.127.0.1:4443"],
        ["documentation", "https://203.0.113.7:4443"],
        ["multicast", "https://224.0.0.1:4443"],
        ["a name without a domain", "https://portal:4443"],
    ];
    test.each(warned)("only warns of %s, because a lab may use it", (_case, url) => {
        const { refusals, warnings } = examineUrl(url);
        expect(refusals).toEqual([]);
        expect(warnings).toHaveLength(1);
    });

    test.each([["https://172.32.0.1:4443"], ["https://100.128.0.1:4443"], ["https://11.0.0.1:4443"]])(
        "does not warn of %s just outside a range",
        (url) => {
            expect(examineUrl(url)).toEqual({ refusals: [], warnings: [] });
        },
    );
});

describe("an accepted address is the browser's origin of it, with the default port written out:", () => {
    const texts = [
        "https://portal.abc.com:4443",
        "https://portal.abc.com:443",
        "https://0x7f000001:4443",
        "https://0X7F000001:4443",
        "https://0x7f.1:4443",
        "https://2130706433:4443",
        "https://010.0.0.1:4443",
        "https://1.2.3:4443",
        "https://a.0x1:4443",
        "https://xn--a.abc.com:4443",
        "https://xn--prtal-jua.abc.com:4443",
        "https://portal%2eabc.com:4443",
        "https://portal\u00ad.abc.com:4443",
        "https://portal\uff0eabc.com:4443",
        "https:\\\\portal.abc.com:4443",
        "https:portal.abc.com:4443",
        "https:///portal.abc.com:4443",
        "https://portal.abc.com:4443\n",
        "\thttps://portal.abc.com:4443",
        "https://portal.abc\n.com:4443",
        "https://portal.abc.com:+4443",
        "https://portal.abc.com:4_443",
        "https://a_b.abc.com:4443",
    ];
    test.each(texts)("%j", (url) => {
        const { refusals } = examineUrl(url);
        const browser = URL.canParse(url) ? new URL(url) : undefined;
        const origin = browser ? `${browser.protocol}//${browser.hostname}:${browser.port || "443"}` : undefined;
        if (origin !== url) expect(refusals).not.toEqual([]);
        else expect(refusals).toEqual([]);
    });

    test.each([
        ["https://0x7f000001:4443", "https://127.0.0.1:4443"],
        ["https://Portal.ABC.com:4443/", "https://portal.abc.com:4443"],
        ["http://portal.abc.com:8443", "https://portal.abc.com:8443"],
        ["portal.abc.com:4443", "https://portal.abc.com:4443"],
        [" https://portal.abc.com:4443\n", "https://portal.abc.com:4443"],
        ["https://p\u00f6rtal.abc.com:4443", "https://xn--prtal-jua.abc.com:4443"],
        ["https://user:planted@portal.abc.com:4443/?a#b", "https://portal.abc.com:4443"],
        ["https://portal.abc.com.:4443", "https://portal.abc.com:4443"],
    ])("the refusal of %j says to write %j", (url, proposal) => {
        const text = examineUrl(url).refusals.join("\n");
        expect(text).toContain(`; write "${proposal}"`);
        expect(text).not.toContain("planted");
    });

    test.each([
        "https://[2001:db8::1]:4443",
        "https://*.abc.com:4443",
        "https://:4443",
        "https://portal.abc.com:44 43",
        "nothing at all",
    ])("the refusal of %j says which form to write", (url) => {
        expect(examineUrl(url).refusals.at(-1)).toMatch(/; write https:\/\/<host name or public IPv4>:<port>/);
    });
});

describe("redirect URIs", () => {
    test("the default port is left out, as browsers do", () => {
        expect(redirectUriOf("https://portal.abc.com:443")).toBe("https://portal.abc.com");
        expect(redirectUriOf("https://portal.abc.com:4443")).toBe("https://portal.abc.com:4443");
    });

    test.each([
        ["a trailing slash", "https://portal.abc.com:4443", "https://portal.abc.com:4443/", true],
        ["the case of the host", "https://portal.abc.com:4443", "https://Portal.ABC.com:4443", true],
        ["another port", "https://portal.abc.com:4443", "https://portal.abc.com:4444", false],
        ["a path", "https://portal.abc.com:4443", "https://portal.abc.com:4443/a", false],
        ["the case of a path", "https://portal.abc.com:4443/a", "https://portal.abc.com:4443/A", false],
    ])("%s: %s and %s are the same: %s", (_case, a, b, same) => {
        expect(isSameRedirectUri(a, b)).toBe(same);
    });
});
