// Tests the emulator's portal server with a plain HTTPS client that trusts the emulator's certificate authority.
import { request } from "node:https";

import { startEmulator, type Emulator, type PortalServer } from "../../emulator";

let emulator: Emulator;
let server: PortalServer;
beforeAll(async () => {
    emulator = await startEmulator();
    server = await emulator.startPortalServer();
});
afterAll(() => emulator.close());

function send(path: string, method = "GET", body?: unknown): Promise<{ status: number; body: unknown }> {
    return new Promise((done, fail) => {
        const outgoing = request(`${server.url}${path}`, { method, ca: emulator.caPem, agent: false }, (incoming) => {
            let text = "";
            incoming.on("data", (chunk: Buffer) => (text += chunk.toString()));
            incoming.on("end", () => done({ status: incoming.statusCode ?? 0, body: JSON.parse(text) }));
        });
        outgoing.on("error", fail);
        outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
}

test("the settings are anonymous, four in v8 and two in v6, and a new server is not set up", async () => {
    expect(await send("/v8/RestorePortalSettings")).toEqual({
        status: 200,
        body: {
            applicationId: "00000000-0000-0000-0000-000000000000",
            msalAuthorityUri: `${emulator.url}/`,
            restorePortalUri: "",
            isEnabled: false,
        },
    });
    const { body } = await send("/v6/RestorePortalSettings");
    expect(Object.keys(body as object)).toEqual(["applicationId", "isEnabled"]);
    expect((await send("/v8/Health")).status).toBe(200);
});

test("a changed setting is in the answer, and an unknown setting is refused", async () => {
    expect((await send("/_emulator/settings", "PUT", { isEnabled: true })).status).toBe(200);
    expect((await send("/v8/RestorePortalSettings")).body).toMatchObject({ isEnabled: true, restorePortalUri: "" });
    expect((await send("/_emulator/settings", "PUT", { certificate: "x" })).status).toBe(400);
    expect((await send("/_emulator/settings", "PUT", { isEnabled: "yes" })).status).toBe(400);
});

test.each([
    ["PUT", "/v8/RestorePortalSettings", 405],
    ["GET", "/v8/Organizations", 404],
    ["GET", "/v9/RestorePortalSettings", 404],
])("%s %s is %i in VB365's envelope", async (method, path, status) => {
    const answer = await send(path, method);
    expect(answer.status).toBe(status);
    expect(Object.keys(answer.body as object)).toEqual(["message", "errorCode", "stackTrace"]);
});

test("the next connection gets a changed certificate", async () => {
    server.setCertificate({ selfSigned: true });
    await expect(send("/v8/Health")).rejects.toThrow(/self-signed certificate/);
    server.setCertificate({});
    expect((await send("/v8/Health")).status).toBe(200);
});
