// Checks that another spelling of the same value is not a change.
import { portalCertificate, portalServer, restorePortalApp } from "../../provider/host";
import { certificateInput } from "../support/hooks/operations";

type Json = Record<string, unknown>;
type Hooks = { check: (olds: Json, news: Json) => Promise<{ inputs: Json; failures: unknown[] }> };

const APP_ID = "58a0f8e1-97bd-4804-ba69-bf1ed293e017";
const OWNERS = ["0a0a0a0a-97bd-4804-ba69-bf1ed293e017", "0b0b0b0b-97bd-4804-ba69-bf1ed293e017"];
const PORTAL = { identity: "p/s//n", portalUrl: "https://portal.abc.com:4443", applicationId: APP_ID };
const SERVER = { portalUrl: "https://portal.abc.com:4443", applicationId: APP_ID };

beforeAll(() => void jest.spyOn(console, "log").mockImplementation(() => undefined));

async function expectSame(hooks: unknown, before: Json, after: Json): Promise<void> {
    const { check } = hooks as Hooks;
    const first = await check({}, before);
    expect(first.failures).toEqual([]);
    expect(await check(first.inputs, after)).toEqual({ inputs: first.inputs, failures: [] });
}

describe("a certificate compares by its bytes:", () => {
    let pem: string;
    beforeAll(async () => (pem = String((await certificateInput("c"))["certificatePem"])));
    const body = () => pem.replace(/-----[^-]+-----|\s/g, "");
    const rows: [name: string, text: () => string][] = [
        ["line ends of Windows", () => pem.replace(/\n/g, "\r\n")],
        ["a byte order mark", () => `\ufeff${pem}`],
        ["attributes before it, as OpenSSL writes them", () => `Bag Attributes\n    friendlyName: Portal\n\n${pem}`],
        ["text behind it", () => `${pem}\nissued for the portal`],
        ["indented lines, as in YAML", () => pem.replace(/^/gm, "    ")],
        ["no line end at the end", () => pem.trimEnd()],
        ["one long line", () => `-----BEGIN CERTIFICATE-----\n${body()}\n-----END CERTIFICATE-----`],
        ["the older label", () => pem.replace(/CERTIFICATE/g, "X509 CERTIFICATE")],
    ];
    test.each(rows)("%s", async (_name, text) => {
        await expectSame(
            restorePortalApp,
            { ...PORTAL, certificate: { certificatePem: pem } },
            { ...PORTAL, certificate: { certificatePem: text() } },
        );
        await expectSame(
            restorePortalApp,
            { ...PORTAL, certificate: { certificatePem: text() } },
            { ...PORTAL, certificate: { certificatePem: pem } },
        );
    });

    test("another certificate is a change", async () => {
        const other = await certificateInput("c");
        const { check } = restorePortalApp as unknown as Hooks;
        const { inputs } = await check({}, { ...PORTAL, certificate: { certificatePem: pem } });
        const { certificatePem } = other;
        expect((await check(inputs, { ...PORTAL, certificate: { certificatePem } })).inputs).not.toEqual(inputs);
    });
});

describe("a portal is unchanged by", () => {
    const url = (name: string) => `https://${name}.abc.com:4443`;
    const rows: [name: string, before: Json, after: Json][] = [
        ["owners in another order", { owners: OWNERS }, { owners: [...OWNERS].reverse() }],
        [
            "leaveAlone in another order",
            { leaveAlone: ["portalUrl", "applicationIdUri"] },
            { leaveAlone: ["applicationIdUri", "portalUrl"] },
        ],
        ["an owner twice", { owners: OWNERS }, { owners: [...OWNERS, OWNERS[0]!.toUpperCase()] }],
        ["owners in upper case", { owners: OWNERS }, { owners: OWNERS.map((id) => id.toUpperCase()) }],
        [
            "web addresses in another order",
            { additionalPortalUrls: [url("a"), url("b")] },
            { additionalPortalUrls: [url("b"), url("a")] },
        ],
        ["its Application ID in upper case", {}, { applicationId: APP_ID.toUpperCase() }],
    ];
    test.each(rows)("%s", (_name, before, after) =>
        expectSame(restorePortalApp, { ...PORTAL, ...before }, { ...PORTAL, ...after }),
    );
});

describe("a portal server is unchanged by", () => {
    const rows: [name: string, before: Json, after: Json][] = [
        [
            "a slash at the end of serverUrl",
            { serverUrl: "https://vb.abc.com:4443" },
            { serverUrl: "https://vb.abc.com:4443/" },
        ],
        ["upper case in serverUrl", { serverUrl: "https://vb.abc.com:4443" }, { serverUrl: "https://VB.abc.com:4443" }],
        [
            "a slash at the end of authority",
            { authority: "https://login.microsoftonline.com/organizations" },
            { authority: "https://login.microsoftonline.com/organizations/" },
        ],
    ];
    test.each(rows)("%s", (_name, before, after) =>
        expectSame(portalServer, { ...SERVER, ...before }, { ...SERVER, ...after }),
    );
});

test("a store's thumbprint with blanks is the same one", async () => {
    const { check } = portalCertificate as unknown as Hooks;
    const of = (thumbprint: string) => ({ source: { store: { thumbprint, location: "/nowhere" } } });
    const { inputs } = await check({}, of("AB".repeat(20)));
    expect((await check(inputs, of("ab ".repeat(20)))).inputs["source"]).toEqual(inputs["source"]);
});
