// Checks, without a tenant, the rules by which Entra compares the redirect URI of a request with the registered ones.
import { blankApplication } from "../../emulator/blankObjects";
import { platformOf, rootOf } from "../../emulator/signIn/replyUrls";

test.each<[registered: string, requested: string, matches: boolean]>([
    ["https://portal.abc.com:4443", "https://portal.abc.com:4443", true],
    ["https://portal.abc.com:4443", "https://portal.abc.com:4443/", true],
    ["https://portal.abc.com:4443/", "https://portal.abc.com:4443", true],
    ["https://portal.abc.com:4443", "https://portal.abc.com:9443", false],
    ["https://portal.abc.com:4443", "https://PORTAL.abc.com:4443", false],
    ["https://portal.abc.com/a", "https://portal.abc.com/a/", false],
    ["https://portal.abc.com/a", "https://portal.abc.com/A", false],
    ["http://localhost:1234", "http://localhost:5678", true],
    ["http://127.0.0.1/a", "http://127.0.0.1:80/a", true],
    ["https://localhost:1234", "https://localhost:5678", false],
    ["https://*.abc.com", "https://portal.abc.com", true],
    ["https://*.abc.com", "https://a.portal.abc.com", false],
    ["https://*.abc.com/a", "https://portal.abc.com/a?b#c", true],
])("%s matches %s: %s", (registered, requested, matches) => {
    const application = blankApplication("1", "2", new Date(), "contoso.com");
    application.spa.redirectUris = [registered];
    expect(platformOf(application, requested)).toBe(matches ? "spa" : undefined);
});

test.each([
    ["https://portal.abc.com", "https://portal.abc.com/"],
    ["https://portal.abc.com?a=b", "https://portal.abc.com/?a=b"],
    ["https://portal.abc.com/a", "https://portal.abc.com/a"],
])("the redirect to %s goes to %s", (redirectUri, target) => {
    expect(rootOf(redirectUri)).toBe(target);
});
