// Checks that requests go through the proxy in HTTPS_PROXY, except to hosts in NO_PROXY. proxy.deep.test.ts tests
// HTTP_PROXY. The tests of a whole deployment and of the portal server use a process that cannot resolve names and can
// connect only to the proxy.
import { failureOf } from "../support/hooks/hooksTenant";
import { HooksStack } from "../support/hooks/hooksStack";
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

describe.each([
    ["without a login", {}],
    ["with a user and a password", { user: "svc", password: PASSWORD }],
])("a proxy %s", (_name, login) => {
    test("carries discovery, sign-in and Graph of a whole deployment", async () => {
        const way = await subject.proxy(login);
        const stack = new HooksStack(subject.hooks({ ...way.onlyWay, HTTPS_PROXY: way.url }));
        expect(await stack.up(world.portal())).toBe("create");
        expect(way.hosts()).toEqual(subject.hosts);
        await stack.refresh();
        expect(stack.state?.inputs["applicationStatus"]).toBe("present");
        expect((await stack.preview(world.portal())).hook).toBe("none");
    });

    test("carries the request to the portal server, whose certificate is still examined", async () => {
        const way = await subject.proxy(login);
        subject.server.configure({ isEnabled: true });
        const stack = new HooksStack(
            subject.hooks({ ...way.onlyWay, HTTPS_PROXY: way.url }, { resource: "portalServer" }),
        );
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

describe("no proxy is used", () => {
    test.each(["NO_PROXY", "no_proxy"])("for a host in %s", async (name) => {
        const way = await subject.proxy();
        const env = { ...world.tenant.env, HTTPS_PROXY: way.url, [name]: "contoso.com,localhost" };
        const stack = new HooksStack(subject.hooks(env));
        expect(await stack.up(world.portal())).toBe("create");
        expect(way.connects).toEqual([]);
    });

    test("if the variables are empty", async () => {
        const env = { ...world.tenant.env, HTTPS_PROXY: "", https_proxy: "", HTTP_PROXY: "" };
        expect(await new HooksStack(subject.hooks(env)).up(world.portal())).toBe("create");
    });
});

test("the endpoints of another cloud are read through the proxy too", async () => {
    const way = await subject.proxy({ refusal: "502 Bad Gateway" });
    const env = { ARM_METADATA_HOSTNAME: "only-by-proxy.invalid", HTTPS_PROXY: way.url };
    await failureOf(new HooksStack(subject.hooks(env)).up(world.portal()));
    expect(way.hosts()).toEqual(["only-by-proxy.invalid:443"]);
});

test("without a proxy, a host that cannot be resolved leads to HTTPS_PROXY", async () => {
    const { onlyWay } = await subject.proxy();
    const error = await failureOf(new HooksStack(subject.hooks(onlyWay)).up(world.portal()));
    expect(error.message).toMatch(/ENOTFOUND login\.microsoftonline\.com\); .*set HTTPS_PROXY to its address/);
});
