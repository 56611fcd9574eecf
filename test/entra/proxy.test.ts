// Every request honours HTTPS_PROXY, HTTP_PROXY and NO_PROXY. The process under test resolves no name and connects to
// nothing but the proxy.
import type { PortalServer } from "../../emulator";
import { failureOf, HooksTenant } from "../support/hooks/hooksTenant";
import { HooksProcess } from "../support/hooks/hooksProcess";
import { HooksStack } from "../support/hooks/hooksStack";
import { ConnectProxy, type ProxyOptions } from "../support/network/connectProxy";

jest.setTimeout(120_000);

const LOGIN = "login.microsoftonline.com";
const PASSWORD = "p@ss %/word";

let world: HooksTenant;
let server: PortalServer;
let port: number;
/** The endpoints are read from a host that only the proxy knows. They lead to localhost, which the process cannot resolve. */
let credentials: Record<string, string>;
const started: (ConnectProxy | HooksProcess)[] = [];

beforeAll(async () => {
    world = await HooksTenant.start();
    world.keep();
    server = await world.tenant.emulator.startPortalServer();
    port = Number(new URL(world.tenant.emulator.url).port);
    credentials = { ...world.tenant.env, ARM_METADATA_HOSTNAME: LOGIN };
});
afterEach(async () => {
    for (const one of started.splice(0)) await ("close" in one ? one.close() : one.kill());
    world.reset();
});
afterAll(() => world.close());

async function proxy(options: ProxyOptions = {}): Promise<ConnectProxy> {
    const hosts = { [LOGIN]: port, "portal.abc.com": Number(new URL(server.url).port) };
    const one = await ConnectProxy.start({ hosts, ...options });
    started.push(one);
    return one;
}

function hooksWith(env: Record<string, string>, resource: "restorePortalApp" | "portalServer" = "restorePortalApp") {
    const hooks = new HooksProcess({ ...credentials, ...env }, { resource });
    started.push(hooks);
    return hooks;
}

describe.each([
    ["without a login", {}],
    ["with a user and a password", { user: "svc", password: PASSWORD }],
])("a proxy %s", (_name, login) => {
    test("carries discovery, sign-in and Graph of a whole deployment", async () => {
        const way = await proxy(login);
        const stack = new HooksStack(hooksWith({ ...way.onlyWay, HTTPS_PROXY: way.url }));
        expect(await stack.up(world.portal())).toBe("create");
        expect(way.hosts()).toEqual([`localhost:${port}`, `${LOGIN}:443`]);
        await stack.refresh();
        expect(stack.state?.inputs["applicationStatus"]).toBe("present");
        expect((await stack.preview(world.portal())).hook).toBe("none");
    });

    test("carries the request to the portal server, whose certificate is still examined", async () => {
        const way = await proxy(login);
        server.configure({ isEnabled: true });
        const stack = new HooksStack(hooksWith({ ...way.onlyWay, HTTPS_PROXY: way.url }, "portalServer"));
        const args = {
            portalUrl: "https://portal.abc.com:4443",
            applicationId: "58a0f8e1-97bd-4804-ba69-bf1ed293e017",
            required: true,
        };
        expect(await stack.up(args)).toBe("create");
        expect(way.hosts()).toEqual(["portal.abc.com:4443"]);
        expect(stack.state?.outputs["tls"]).toMatchObject({
            thumbprint: expect.stringMatching(/^[0-9A-F]{40}$/) as string,
        });
        expect(stack.state?.inputs["tlsCertificate"]).toBe("valid");
    });
});

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
        const way = await proxy();
        const stack = new HooksStack(hooksWith({ ...way.onlyWay, ...env(way.url) }));
        expect(await stack.preview(world.portal())).toMatchObject({ hook: "create" });
        expect(way.hosts()).toEqual([`localhost:${port}`, `${LOGIN}:443`]);
    });
});

describe("no proxy is used", () => {
    test.each(["NO_PROXY", "no_proxy"])("for a host in %s", async (name) => {
        const way = await proxy();
        const env = { ...world.tenant.env, HTTPS_PROXY: way.url, [name]: "contoso.com,localhost" };
        const stack = new HooksStack(hooksWith(env));
        expect(await stack.up(world.portal())).toBe("create");
        expect(way.connects).toEqual([]);
    });

    test("if the variables are empty", async () => {
        const env = { ...world.tenant.env, HTTPS_PROXY: "", https_proxy: "", HTTP_PROXY: "" };
        expect(await new HooksStack(hooksWith(env)).up(world.portal())).toBe("create");
    });
});

test("the endpoints of another cloud are read through the proxy too", async () => {
    const way = await proxy({ refusal: "502 Bad Gateway" });
    const env = { ARM_METADATA_HOSTNAME: "only-by-proxy.invalid", HTTPS_PROXY: way.url };
    await failureOf(new HooksStack(hooksWith(env)).up(world.portal()));
    expect(way.hosts()).toEqual(["only-by-proxy.invalid:443"]);
});

describe("a proxy that does not let through is named, with what to do, and never with its password:", () => {
    const rows: [name: string, options: ProxyOptions, env: (way: ConnectProxy) => string, message: RegExp][] = [
        [
            "it requires a login",
            { user: "svc", password: PASSWORD },
            ({ host }) => `http://${host}`,
            /proxy 127\.0\.0\.1:\d+ \(variable HTTPS_PROXY\) requires a user and a password; set HTTPS_PROXY to http:\/\/user:password@/,
        ],
        [
            "its login is wrong",
            { user: "svc", password: PASSWORD },
            ({ host }) => `http://svc:${encodeURIComponent("hunter%2")}@${host}`,
            /requires a user and a password/,
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
        const way = await proxy(options);
        const hooks = hooksWith({ HTTPS_PROXY: env(way) });
        const error = await failureOf(new HooksStack(hooks).up(world.portal()));
        expect(error.message).toMatch(message);
        expect(`${error.message}${hooks.output}`).not.toMatch(/hunter|p@ss|p%40ss/);
    });
});

test("without a proxy, a host that cannot be resolved leads to HTTPS_PROXY", async () => {
    const { onlyWay } = await proxy();
    const error = await failureOf(new HooksStack(hooksWith(onlyWay)).up(world.portal()));
    expect(error.message).toMatch(/ENOTFOUND login\.microsoftonline\.com\); .*set HTTPS_PROXY to its address/);
});
