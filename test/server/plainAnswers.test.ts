// Reads a portal server that closes each connection, or that writes its HTTP answer in an unusual form. Also checks
// that wrong addresses are refused.
import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:tls";

import { issueCertificate } from "../../provider/certificate/issue";
import { thumbprintsOf } from "../../provider/inputs/thumbprints";
import { parseCertificate } from "../../provider/inputs/certificate";
import { completeServerInputs, examineServerInputs } from "../../provider/server/inputs";
import { readServer } from "../../provider/server/restApi";

const PORTAL = "https://portal.abc.com:4443";
const APP = "58a0f8e1-97bd-4804-ba69-bf1ed293e017";
const BODY = JSON.stringify({ applicationId: APP, restorePortalUri: PORTAL, isEnabled: true });

let server: Server;
let answer: string;
let thumbprint: string;
beforeAll(async () => {
    const issued = await issueCertificate({ name: "portal", keySize: 2048, validDays: 30, now: new Date() });
    const key = issued.privateKey.export({ type: "pkcs8", format: "pem" });
    ({ thumbprint } = thumbprintsOf(parseCertificate(issued.certificatePem).der));
    server = createServer({ key, cert: issued.certificatePem }, (socket) => {
        socket.on("error", () => undefined);
        socket.once("data", () => socket.end(answer));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterAll(() => server.close());

const url = () => `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
const json = (version: string, body: string, ...headers: string[]) =>
    [`HTTP/${version} 200 OK`, "Content-Type: application/json", ...headers, "", body].join("\r\n");

test.each([
    ["HTTP/1.0", json("1.0", BODY)],
    ["a closed connection", json("1.1", BODY, "Connection: close")],
    ["a header twice", json("1.1", BODY, "Content-Type: application/json")],
    ["a byte order mark", json("1.1", `\ufeff${BODY}`)],
])("%s: settings and certificate are read", async (_name, text) => {
    answer = text;
    const { settings, tls } = await readServer({ serverUrl: url(), portalUrl: PORTAL });
    expect([settings.applicationId, tls.thumbprint]).toEqual([APP, thumbprint]);
});

test("an answer that is too large is not called unreachable", async () => {
    answer = json("1.1", "x".repeat(70_000));
    const { host } = new URL(url());
    const message = `the answer has more than 65536 bytes, so another service answers at ${host}; set serverUrl to the address of VB365's REST API`;
    await expect(readServer({ serverUrl: url(), portalUrl: PORTAL })).rejects.toThrow(message);
    await expect(readServer({ portalUrl: url() })).rejects.toThrow(message);
});

test.each([
    ["serverUrl", "not set", PORTAL],
    ["portalUrl", "https://127.0.0.1", "not set"],
    ["portalUrl", undefined, "not set"],
])("the input that is not a URL is named: %s", async (name, serverUrl, portalUrl) => {
    const message = `${name} is "not set", which is not a URL; remove ${name} from ignoreChanges`;
    await expect(readServer({ serverUrl, portalUrl })).rejects.toThrow(message);
});

test("an address with a tab inside is refused", () => {
    const inputs = completeServerInputs({
        portalUrl: PORTAL,
        applicationId: APP,
        serverUrl: "https://vb365\t.abc.com",
    });
    expect(examineServerInputs(inputs, {}).map(({ property }) => property)).toEqual(["serverUrl"]);
});
