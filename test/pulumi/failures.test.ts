// Checks which property the engine receives for a refused input. The engine prints the whole value of that property, so
// a failure with a secret or a long value must not name its property.
import { resolve } from "node:path";

import { portalCertificate, restorePortalApp } from "../../provider/host";
import { HooksProcess } from "../support/hooks/hooksProcess";
import { certificateInput } from "../support/hooks/operations";

type Json = Record<string, unknown>;
type Hooks = { check(olds: Json, news: Json): Promise<{ failures: { property: string; reason: string }[] }> };
const PORTAL = { identity: "p/s//n", portalUrl: "https://portal.abc.com:4443", displayName: "Portal" };

beforeAll(() => void jest.spyOn(console, "log").mockImplementation(() => undefined));
const failures = async (hooks: unknown, args: Json) => (await (hooks as Hooks).check({}, args)).failures;

test("a refused certificate names its property in the reason only, so its PEM text is not printed", async () => {
    const { certificatePem } = await certificateInput("c");
    const certificate = { certificatePem: `${String(certificatePem)}${String(certificatePem)}` };
    expect(await failures(restorePortalApp, { ...PORTAL, certificate })).toEqual([
        {
            property: "",
            reason: expect.stringMatching(/^certificate: certificatePem must be one certificate/) as string,
        },
    ]);
});

test("a nested input is named in the reason only, because the engine has no value of it", async () => {
    // On Windows the message has the absolute path with its drive and backslashes.
    const file = resolve("/nowhere/portal.pfx");
    expect(await failures(portalCertificate, { source: { pfx: { file } } })).toEqual([
        {
            property: "",
            reason: expect.stringContaining(`source.pfx.file: "${file}": the file does not exist`) as string,
        },
    ]);
});

test("a password in an address is not printed", async () => {
    const portalUrl = "https://user:planted~1@portal.abc.com:4443";
    const [failure] = await failures(restorePortalApp, {
        ...PORTAL,
        portalUrl,
        certificate: await certificateInput("c"),
    });
    expect(failure?.property).toBe("");
    expect(failure?.reason).toMatch(/^portalUrl: must not contain a user name or password/);
    expect(failure?.reason).not.toContain("planted~1");
});

test("a plain input is named to the engine, which prints its value", async () => {
    const refused = await failures(restorePortalApp, {
        ...PORTAL,
        region: "Mars",
        certificate: await certificateInput("c"),
    });
    expect(refused).toEqual([{ property: "region", reason: expect.stringContaining('got "Mars"') as string }]);
});

test("a secret input is not shown in the reason", async () => {
    const hidden = "http://hidden-name.abc.com:4443";
    const given = { __given: { secret: ["portalUrl"], ignored: [], extra: [] } };
    const certificate = await certificateInput("c");
    const refused = await failures(restorePortalApp, { ...PORTAL, portalUrl: hidden, certificate, ...given });
    expect(refused).toEqual([
        { property: "", reason: expect.stringMatching(/^portalUrl: must be https, got "\[secret\]"/) as string },
    ]);
});

test("control characters of an input cannot steer a terminal", async () => {
    const refused = await failures(restorePortalApp, {
        ...PORTAL,
        portalUrl: "https://a\u001b[31m.abc.com:4443",
        certificate: await certificateInput("c"),
    });
    expect(refused.map(({ reason }) => reason).join()).not.toMatch(/[\u0000-\u001f]/);
});

test.each([
    [["portalUrl"], "portalUrl: has no value yet"],
    [["certificate.certificatePem", "owners[0]"], "certificate.certificatePem, owners[0]: have no value yet"],
])("inputs that --target leaves out are named alone: %j", async (leftOut, text) => {
    const given = { __given: { secret: [], ignored: [], extra: [], leftOut } };
    const refused = await failures(restorePortalApp, { identity: "p/s//n", ...given });
    expect(refused).toEqual([{ property: "", reason: expect.stringContaining(text) as string }]);
    expect(refused[0]?.reason).toMatch(/name that resource in another --target, or deploy without --target$/);
});

test("a secret address is not in the status of a server, nor in that of a refresh in another process", async () => {
    const portalUrl = "https://127.0.0.1:1";
    const given = { __given: { secret: ["portalUrl"], ignored: [], extra: [] } };
    const inProcess = async <T>(use: (hooks: HooksProcess) => Promise<T>) => {
        const hooks = new HooksProcess({}, { resource: "portalServer" });
        return use(hooks).finally(() => hooks.end());
    };
    const { id, outs } = await inProcess(async (hooks) => {
        const news = { portalUrl, applicationId: "58a0f8e1-97bd-4804-ba69-bf1ed293e017", ...given };
        const { inputs } = (await hooks.call("check", {}, news)) as { inputs: Json };
        return (await hooks.call("create", inputs)) as { id: string; outs: Json };
    });
    const live = (await inProcess((hooks) => hooks.call("read", id, outs))) as { props: Json; inputs: Json };
    for (const { serverStatus } of [outs, live.props, live.inputs] as { serverStatus?: string }[]) {
        expect(serverStatus).toMatch(/^not readable: .*\[secret\].*ECONNREFUSED/);
        expect(serverStatus).not.toContain("127.0.0.1");
    }
    // A refresh runs in another process, so the result of a refresh must also contain the list of secrets.
    expect(live.props["__secret"]).toEqual(outs["__secret"]);
});
