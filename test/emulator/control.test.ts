// Checks the emulator's own controls, which Entra does not have: request log, faults, lag, and the folder that keeps
// the directory.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { CONTROL_FORMS } from "../../emulator/controlForms";
import { GRAPH_LIMITS } from "../../emulator/throttling";
import { TestTenant, type Application } from "../support/tenant/testTenant";

jest.setTimeout(60_000);

let tenant: TestTenant;
beforeAll(async () => {
    tenant = await TestTenant.start();
});
afterAll(() => tenant.close());
afterEach(() => tenant.emulator.control.reset());

const create = (displayName: string) => tenant.graph<Application>("POST", "/applications", { displayName });

test("the log contains client, request and status, also of a batch's items, and no secret", async () => {
    await create("Signed in before");
    tenant.clearLog();
    const { id } = await create("Logged");
    await tenant.graph("POST", `/applications/${id}/addPassword`, { passwordCredential: { displayName: "mine" } });
    await tenant.graph("POST", "/$batch", { requests: [{ id: "1", method: "GET", url: `/applications/${id}` }] });
    const log = tenant.emulator.requests();
    expect(log.map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual([
        "POST /applications 201",
        `POST /applications/${id}/addPassword 200`,
        "POST /$batch 200",
    ]);
    expect(log[2]?.items).toEqual([{ method: "GET", path: `/applications/${id}`, status: 200, body: undefined }]);
    expect(log[0]).toMatchObject({
        appId: tenant.emulator.identity("admin").clientId,
        tenantId: tenant.emulator.tenantId,
    });
    expect(JSON.stringify(log)).not.toMatch(/Bearer|secretText":"[^(]/);
});

describe("a fault", () => {
    test("matches a route and a method for a number of requests, also inside a batch", async () => {
        const { id } = await create("Faulty");
        tenant.emulator.control.addFault({
            method: "GET",
            path: `/applications/${id}`,
            status: 503,
            headers: { "retry-after": "1" },
            count: 2,
        });
        expect((await tenant.tryGraph("GET", `/applications/${id}`)).status).toBe(503);
        const batch = await tenant.graph<{ responses: { status: number; headers: Record<string, string> }[] }>(
            "POST",
            "/$batch",
            {
                requests: [{ id: "1", method: "GET", url: `/applications/${id}` }],
            },
        );
        expect(batch.responses[0]).toMatchObject({ status: 503, headers: { "retry-after": "1" } });
        expect((await tenant.tryGraph("GET", `/applications/${id}`)).status).toBe(200);
    });

    test("can do the work and then answer 504", async () => {
        tenant.emulator.control.addFault({ method: "POST", path: "/applications", status: 504, effect: "after" });
        expect((await tenant.tryGraph("POST", "/applications", { displayName: "Lost answer" })).status).toBe(504);
        expect((await tenant.applications()).map(({ displayName }) => displayName)).toContain("Lost answer");
    });

    test("can report success without doing the work", async () => {
        const { id, appId } = await create("Unchanged");
        tenant.emulator.control.addFault({ method: "PATCH", noEffect: true });
        expect((await tenant.tryGraph("PATCH", `/applications/${id}`, { displayName: "Changed" })).status).toBe(204);
        expect((await tenant.application(appId)).displayName).toBe("Unchanged");
    });

    test("can close the connection", async () => {
        tenant.emulator.control.addFault({ drop: true });
        await expect(tenant.tryGraph("GET", "/applications")).rejects.toThrow(/socket hang up|ECONNRESET/);
    });
});

test("with lag, reads and lists return the old directory, and the new one after the clock has moved", async () => {
    tenant.emulator.control.setLag(30_000);
    const { id } = await create("Late");
    expect((await tenant.tryGraph("GET", `/applications/${id}`)).status).toBe(404);
    expect((await tenant.applications()).map(({ displayName }) => displayName)).not.toContain("Late");
    expect((await tenant.tryGraph("PATCH", `/applications/${id}`, { notes: "x" })).status).toBe(404);
    tenant.emulator.control.advanceClock(31_000);
    expect((await tenant.tryGraph("GET", `/applications/${id}`)).status).toBe(200);
});

test("a folder keeps the directory and its identities over a restart, but never the authority's key", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tenant-"));
    const first = await TestTenant.start({ folder });
    const { id } = await first.graph<Application>("POST", "/applications", { displayName: "Kept" });
    const { env, tenantId } = first.emulator;
    await first.close();
    expect(readFileSync(join(folder, "tenants.json"), "utf8")).not.toContain("PRIVATE KEY");
    const second = await TestTenant.start({ folder });
    expect(second.emulator.tenantId).toBe(tenantId);
    expect(second.env["AZURE_CLIENT_SECRET"]).toBe(env["AZURE_CLIENT_SECRET"]);
    expect((await second.graph<Application>("GET", `/applications/${id}`)).displayName).toBe("Kept");
    await second.close();
    rmSync(folder, { recursive: true });
});

describe("a wrong body of a control is refused with the right form, and changes nothing:", () => {
    const rows: [name: string, method: string, path: string, body: string, error: RegExp][] = [
        [
            "another field",
            "PUT",
            "clock",
            '{"now": "2027-01-01"}',
            /needs "offsetMs"; the right form is \{"offsetMs": /,
        ],
        ["another type", "PUT", "latency", '{"ms": "5"}', /"ms" must not be "5"; the right form is/],
        ["no object", "PUT", "lag", "5000", /needs a JSON object; the right form is/],
        ["no JSON", "POST", "faults", "status=503", /needs a JSON object/],
        ["an unknown field", "POST", "faults", '{"statusCode": 503}', /has no field "statusCode", only method, path/],
        ["a body too many", "POST", "reset", "{}", /POST reset takes no body: send the request without one/],
    ];
    test.each(rows)("%s", async (_name, method, path, body, error) => {
        const url = `${tenant.emulator.url}/_emulator/${path}`;
        const answer = await tenant.send(method, url, { "Content-Type": "application/json" }, body);
        expect(answer.status).toBe(400);
        expect((answer.body as { error: string }).error).toMatch(error);
        await create("Still works");
    });

    test("the form of the limits has every limit", async () => {
        const url = `${tenant.emulator.url}/_emulator/limits`;
        const body = JSON.stringify(GRAPH_LIMITS);
        expect((await tenant.send("PUT", url, { "Content-Type": "application/json" }, body)).status).toBe(200);
    });

    test("the example of each form is accepted", async () => {
        // The control "POST userToken" needs the id of a user of this tenant, so the test leaves it out.
        const forms = Object.entries(CONTROL_FORMS).filter(([name]) => name !== "POST userToken");
        for (const [name, { example }] of forms) {
            const [method = "", path = ""] = name.split(" ");
            const [body] = example.split(" or ");
            const url = `${tenant.emulator.url}/_emulator/${path}`;
            expect({ name, status: (await tenant.send(method, url, {}, body)).status }).toEqual({ name, status: 200 });
        }
    });
});
