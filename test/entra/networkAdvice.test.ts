// Checks the advice for a host that NO_PROXY excludes from the proxy, and that undici excludes the same hosts. Also
// checks the advice for a proxy that refuses a connection.
import { EnvHttpProxyAgent, request } from "undici";

import { networkAdvice } from "../../provider/entra/networkAdvice";
import { isExcluded, proxyEnvironment } from "../../provider/entra/proxyVariables";

const HTTPS_PROXY = "http://127.0.0.1:1";
const NOT_FOUND = Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" });
const REFUSED = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });

test.each([
    ["vb365.abc.com", "https://vb365.abc.com:4443/v8", true],
    ["abc.com", "https://vb365.abc.com", true],
    [".abc.com", "https://VB365.abc.com", true],
    ["*.abc.com", "https://vb365.abc.com", true],
    ["abc.com", "https://xabc.com", false],
    ["other.com, abc.com", "https://abc.com", true],
    ["other.com abc.com", "https://abc.com", true],
    ["abc.com:4443", "https://abc.com:4443", true],
    ["abc.com:4443", "https://abc.com", false],
    ["abc.com:443", "https://abc.com", true],
    ["[::1]", "https://[::1]:4443", true],
    ["*", "https://abc.com", true],
    ["*,other.com", "https://abc.com", false],
    ["", "https://abc.com", false],
])("NO_PROXY=%j and %s: undici decides the same, %s", async (noProxy, url, expected) => {
    const env = { HTTPS_PROXY, NO_PROXY: noProxy };
    const connect = (_options: unknown, callback: (error: Error, socket: null) => void) => {
        callback(new Error("directly"), null);
    };
    const agent = new EnvHttpProxyAgent({ ...proxyEnvironment(env), connect });
    const failure = await request(url, { dispatcher: agent }).catch((error: unknown) => error as Error);
    await agent.destroy();
    expect((failure as Error).message === "directly").toBe(expected);
    expect(isExcluded(url, env)).toBe(expected);
});

describe("with NO_PROXY=abc.com, an unreachable host", () => {
    const env = { HTTPS_PROXY, NO_PROXY: "abc.com" };
    const advice = (error: Error, url: string) => networkAdvice(error, url, env)?.advice;

    test("that is excluded leads to the network or to NO_PROXY", () => {
        expect(advice(NOT_FOUND, "https://vb365.abc.com:4443")).toBe(
            "NO_PROXY excludes this host from the proxy 127.0.0.1:1; check the network, or remove the host from NO_PROXY",
        );
    });

    test("that is excluded and refuses the connection has no advice about the proxy", () => {
        expect(advice(REFUSED, "https://vb365.abc.com:4443")).toBeUndefined();
    });

    test("that is not excluded leads to the proxy", () => {
        expect(advice(REFUSED, "https://graph.microsoft.com")).toMatch(/^requests go through the proxy 127\.0\.0\.1:1/);
    });
});

test.each([
    ["502", /answered 502; check this proxy, or add the host to NO_PROXY$/, false],
    ["403", /answered 403; ask its administrator to allow this host, or add the host to NO_PROXY$/, true],
    ["407", /requires a valid user and password; set HTTPS_PROXY to http:\/\/user:password@host:port/, true],
])("a proxy that answers %s gets the advice for this answer", (status, advice, isPermanent) => {
    const error = new Error(`Proxy response (${status}) !== 200 when HTTP Tunneling`);
    expect(networkAdvice(error, "https://graph.microsoft.com", { HTTPS_PROXY })).toEqual({
        advice: expect.stringMatching(advice) as string,
        isPermanent,
    });
});
