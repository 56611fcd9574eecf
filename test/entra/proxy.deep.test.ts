// Checks each way to set a proxy, and the message if the proxy refuses, does not answer, or is set to a wrong value. In
// the tests of the ways to set a proxy, the process under test can connect only to the proxy.
import { failureOf } from "../support/hooks/hooksTenant";
import { HooksStack } from "../support/hooks/hooksStack";
import type { ConnectProxy, ProxyOptions } from "../support/network/connectProxy";
import { PASSWORD, ProxiedTenant } from "../support/network/proxiedTenant";

jest.setTimeout(120_000);

let subject: ProxiedTenant;
let world: ProxiedTenant["world"];
beforeAll(async () => {
    subject = await ProxiedTenant.start();
    ({ world } = subject);
});
afterEach(() => subject.reset());
afterAll(() => subject.close());

describe("the proxy is the one of", () => {
    const rows: [name: string, env: (url: string) => Record<string, string>][] = [
        ["HTTPS_PROXY", (url) => ({ HTTPS_PROXY: url, HTTP_PROXY: "http://127.0.0.1:1" })],
        ["https_proxy, which wins", (url) => ({ https_proxy: url, HTTPS_PROXY: "http://127.0.0.1:1" })],
        ["HTTPS_PROXY, if https_proxy is empty", (url) => ({ https_proxy: "", HTTPS_PROXY: url })],
        ["HTTP_PROXY alone", (url) => ({ HTTP_PROXY: url })],
        ["http_proxy alone", (url) => ({ http_proxy: url })],
        ["HTTPS_PROXY without http://", (url) => ({ HTTPS_PROXY: url.slice("http://".length) })],
    ];
    test.each(rows)("%s", async (_name, env) => {
        const way = await subject.proxy();
        const stack = new HooksStack(subject.hooks({ ...way.onlyWay, ...env(way.url) }));
        expect(await stack.preview(world.portal())).toMatchObject({ hook: "create" });
        expect(way.hosts()).toEqual(subject.hosts);
    });
});

describe("a proxy that does not let through is named, with what to do, and never with its password:", () => {
    const rows: [name: string, options: ProxyOptions, env: (way: ConnectProxy) => string, message: RegExp][] = [
        [
            "it requires a login",
            { user: "svc", password: PASSWORD },
            ({ host }) => `http://${host}`,
            /proxy 127\.0\.0\.1:\d+ \(variable HTTPS_PROXY\) requires a valid user and password; set HTTPS_PROXY to http:\/\/user:password@/,
        ],
        [
            "its login is wrong",
            { user: "svc", password: PASSWORD },
            ({ host }) => `http://svc:${encodeURIComponent("hunter%2")}@${host}`,
            /requires a valid user and password/,
        ],
        [
            "it forbids the host",
            { refusal: "403 Forbidden" },
            ({ url }) => url,
            /answered 403; ask its administrator to allow this host, or add the host to NO_PROXY/,
        ],
        [
            "nothing listens there",
            {},
            () => "http://svc:hunter2@127.0.0.1:1",
            /login\.microsoftonline\.com cannot be reached \(ECONNREFUSED.*\); requests go through the proxy 127\.0\.0\.1:1/,
        ],
        [
            "it is no address",
            {},
            () => "http://svc:hunter#2@proxy:x",
            /variable HTTPS_PROXY is not the address of a proxy/,
        ],
        [
            "its password is not encoded",
            {},
            () => "http://svc:hunter%zz@proxy:1",
            /percent-encoded \(@ as %40, % as %25\)/,
        ],
        [
            "it is another kind of proxy",
            {},
            () => "ftp://svc:hunter2@proxy",
            /names a proxy of the kind ftp:.*give an HTTP/,
        ],
    ];
    test.each(rows)("%s", async (_name, options, env, message) => {
        const way = await subject.proxy(options);
        const hooks = subject.hooks({ HTTPS_PROXY: env(way) });
        const error = await failureOf(new HooksStack(hooks).up(world.portal()));
        expect(error.message).toMatch(message);
        expect(`${error.message}${hooks.output}`).not.toMatch(/hunter|p@ss|p%40ss/);
    });
});
