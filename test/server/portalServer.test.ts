// Runs PortalServer's hooks in a separate process against the emulator's portal server.
import { startEmulator, type Emulator, type PortalServer } from "../../emulator";
import { HooksProcess } from "../support/hooks/hooksProcess";
import { HooksStack } from "../support/hooks/hooksStack";

jest.setTimeout(60_000);

const APP = "58a0f8e1-97bd-4804-ba69-bf1ed293e017";
const OTHER = "11111111-2222-4333-8444-555555555555";
const PORTAL = "https://portal.abc.com:4443";

let emulator: Emulator;
let server: PortalServer;
let hooks: HooksProcess;
let stack: HooksStack;
let args: Record<string, unknown>;
let hasOtherCertificate = false;
/** Gives the server another TLS certificate until the next test. */
function show(options: Parameters<PortalServer["setCertificate"]>[0]): void {
    server.setCertificate(options);
    hasOtherCertificate = true;
}
beforeAll(async () => {
    emulator = await startEmulator();
    server = await emulator.startPortalServer();
    hooks = new HooksProcess({ NODE_EXTRA_CA_CERTS: emulator.caFile }, { resource: "portalServer" });
});
afterAll(async () => {
    await hooks.end();
    await emulator.close();
});
beforeEach(() => {
    args = { portalUrl: PORTAL, serverUrl: server.url, applicationId: APP, authority: emulator.url };
    server.answerWith(undefined);
    server.setVersions(["v6", "v7", "v8"]);
    if (hasOtherCertificate) server.setCertificate({ validDays: 365 });
    hasOtherCertificate = false;
    server.configure({ applicationId: APP, restorePortalUri: PORTAL, isEnabled: true, msalAuthorityUri: emulator.url });
    stack = new HooksStack(hooks);
});

/** Returns the inputs that a preview names, with their live values. */
async function named(): Promise<Record<string, unknown>> {
    await stack.refresh();
    const { hook, named: names } = await stack.preview(args);
    expect(hook).toBe(names.length === 0 ? "none" : "update");
    return Object.fromEntries(names.map((name) => [name, stack.state?.inputs[name]]));
}

test("a server as desired causes no change after up, and each request is a GET", async () => {
    expect(await stack.up(args)).toBe("create");
    expect(await named()).toEqual({});
    expect(await stack.up(args)).toBe("none");
    expect(new Set(server.requests())).toEqual(new Set(["GET /v8/RestorePortalSettings"]));
    expect(stack.state?.outputs["tls"]).toMatchObject({
        thumbprint: expect.stringMatching(/^[0-9A-F]{40}$/) as string,
    });
});

describe("drift", () => {
    const rows: [name: string, change: () => void, expected: Record<string, unknown>, remedy: RegExp][] = [
        [
            "application",
            () => server.configure({ applicationId: OTHER }),
            { applicationId: OTHER },
            new RegExp(`-ApplicationId ${APP}`),
        ],
        [
            "web address",
            () => server.configure({ restorePortalUri: "https://old.abc.com:4443" }),
            { portalUrl: "https://old.abc.com:4443" },
            /-PortalUri https:\/\/portal\.abc\.com:4443/,
        ],
        [
            "authority",
            () => server.configure({ msalAuthorityUri: "https://login.chinacloudapi.cn" }),
            { authority: "https://login.chinacloudapi.cn" },
            /-Region/,
        ],
        ["service", () => server.configure({ isEnabled: false }), { isEnabled: false }, /-EnableService/],
        [
            "ending certificate",
            () => show({ validDays: 10 }),
            { tlsCertificate: expect.stringMatching(/^expires on \d{4}-\d\d-\d\d$/) },
            /REST API certificate/,
        ],
        [
            "expired certificate",
            () => show({ validDays: -1 }),
            { tlsCertificate: expect.stringMatching(/^expired on/) },
            /REST API certificate/,
        ],
        [
            "self-signed certificate",
            () => show({ selfSigned: true, validDays: 365 }),
            { tlsCertificate: "not trusted: DEPTH_ZERO_SELF_SIGNED_CERT" },
            /REST API certificate/,
        ],
        [
            "certificate of another host",
            () => show({ hosts: ["graph.microsoft.com"], validDays: 365 }),
            { tlsCertificate: "not trusted: ERR_TLS_CERT_ALTNAME_INVALID" },
            /REST API certificate/,
        ],
    ];
    test.each(rows)(
        "a preview names %s, up fails with the remedy, and the next preview names it again",
        async (_name, change, expected, remedy) => {
            await stack.up(args);
            change();
            expect(await named()).toEqual(expected);
            await expect(stack.up(args)).rejects.toThrow(remedy);
            await expect(stack.up(args)).rejects.toMatchObject({ code: "ERR_SERVER_DIFFERS" });
            expect(await named()).toEqual(expected);
        },
    );

    test("there is no drift after the administrator has corrected the server, in another spelling", async () => {
        await stack.up(args);
        server.configure({ restorePortalUri: "https://old.abc.com:4443" });
        await stack.refresh();
        server.configure({ restorePortalUri: "https://PORTAL.abc.com:4443/" });
        expect(await named()).toEqual({});
        expect(await stack.up(args)).toBe("none");
    });

    test("a server that is not set up yet causes a warning and does not stop the first deployment", async () => {
        server.configure({
            applicationId: "00000000-0000-0000-0000-000000000000",
            restorePortalUri: "",
            isEnabled: false,
        });
        hooks.output = "";
        expect(await stack.up(args)).toBe("create");
        expect(hooks.output).toMatch(
            /warning: verifying portal server.*Set-VBORestorePortalSettings -EnableService -ApplicationId/,
        );
        expect(Object.keys(await named()).sort()).toEqual(["applicationId", "isEnabled", "portalUrl"]);
    });

    test("if the server differs from a changed input, up fails, and state keeps the old desired value", async () => {
        await stack.up(args);
        await expect(stack.up({ ...args, applicationId: OTHER })).rejects.toThrow(
            /applicationId is "58a0.*instead of "1111/,
        );
        expect(await named()).toEqual({});
    });
});

describe("a server that cannot be read", () => {
    const rows: [name: string, change: () => void, status: RegExp][] = [
        ["connection closed", () => server.answerWith({ drop: true }), /cannot be reached \(ECONNRESET/],
        [
            "page of a proxy",
            () => server.answerWith({ html: "<html>sign in</html>" }),
            /answered 200 with an HTML page/,
        ],
        [
            "proxy's 502",
            () => server.answerWith({ status: 502, html: "<html>bad gateway</html>" }),
            /answered 502 with an HTML page/,
        ],
        [
            "redirect",
            () => server.answerWith({ status: 302, location: "https://elsewhere.abc.com/" }),
            /answered 302, a redirect to https:\/\/elsewhere/,
        ],
        [
            "redirect without an address",
            () => server.answerWith({ status: 302 }),
            /answered 302, a redirect without an address; set serverUrl/,
        ],
        [
            "error of VB365",
            () =>
                server.answerWith({
                    status: 500,
                    body: { message: "Database is gone", errorCode: "X", stackTrace: "at Veeam.Secret()" },
                }),
            /answered 500: Database is gone$/,
        ],
        [
            "another service",
            () => server.answerWith({ body: { hello: 1 } }),
            /answered, but not with VB365's Restore Portal settings .*; check whether \S+:\d+ is the address/,
        ],
        [
            "no such route in any version",
            () => server.setVersions([]),
            /answered 404: \/v6\/RestorePortalSettings is not found/,
        ],
    ];
    test.each(rows)("%s shows in serverStatus, and up continues with a warning", async (_name, change, status) => {
        await stack.up(args);
        change();
        const found = await named();
        expect(found).toEqual({ serverStatus: expect.stringMatching(/^not readable: /) as string });
        expect(found["serverStatus"]).toMatch(status);
        hooks.output = "";
        expect(await stack.up(args)).toBe("update");
        expect(hooks.output).toMatch(
            /warning: verifying portal server .*: its settings are unknown: .*; check the address and/,
        );
        expect(await named()).toEqual(found);
    });

    test("if nothing listens, each preview has the same message", async () => {
        await stack.up(args);
        for (const serverUrl of ["https://localhost:1"]) {
            args = { ...args, serverUrl };
            await stack.up(args);
            const found = await named();
            expect(found["serverStatus"]).toMatch(/^not readable: localhost:\d+ cannot be reached \(ECONNREFUSED/);
            expect(await named()).toEqual(found);
        }
    });

    test("with required, an unreadable server is an error of each operation", async () => {
        await stack.up({ ...args, required: true });
        server.answerWith({ drop: true });
        await expect(stack.refresh()).rejects.toThrow(/reading the portal server: .*ECONNRESET.*leave "required" out/);
        await expect(new HooksStack(hooks).up({ ...args, required: true })).rejects.toMatchObject({
            code: "ERR_SERVER_UNREADABLE",
        });
    });
});

test("an older server is read with its own version, and omitted fields count as desired", async () => {
    server.setVersions(["v6"]);
    server.configure({ restorePortalUri: "https://old.abc.com:4443" });
    await stack.up(args);
    expect(await named()).toEqual({});
    server.configure({ isEnabled: false });
    expect(await named()).toEqual({ isEnabled: false });
});

test("a pinned certificate does not have to be trusted, and a preview names any other certificate", async () => {
    show({ selfSigned: true, validDays: 365 });
    await stack.up(args);
    const { thumbprint } = stack.state?.outputs["tls"] as { thumbprint: string };
    args = { ...args, tlsThumbprint: thumbprint };
    await stack.up(args);
    expect(await named()).toEqual({});
    show({ selfSigned: true, validDays: 365 });
    expect(await named()).toEqual({ tlsThumbprint: expect.not.stringMatching(thumbprint) as string });
});
