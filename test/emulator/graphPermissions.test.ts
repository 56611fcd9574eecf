// Checks what an application may do in Graph with the roles in its token.
import { randomUUID } from "node:crypto";

import { ApplicationSignIn } from "../support/signIn/applicationSignIn";

jest.setTimeout(60_000);

let signIn: ApplicationSignIn;
let adminToken: string;
beforeAll(async () => {
    signIn = await ApplicationSignIn.start();
    adminToken = await signIn.adminToken();
});
afterAll(() => signIn.emulator.close());
afterEach(() => signIn.emulator.control.reset());

describe("Graph", () => {
    const rolesFor: [string, string[], string, string, unknown, number][] = [
        ["lists applications", ["Application.Read.All"], "GET", "/applications", undefined, 200],
        ["registers", ["Application.Read.All"], "POST", "/applications", { displayName: "x" }, 403],
        ["registers", ["Application.ReadWrite.OwnedBy"], "POST", "/applications", { displayName: "x" }, 201],
        ["reads grants", ["Application.ReadWrite.All"], "GET", "/oauth2PermissionGrants", undefined, 403],
        ["reads grants", ["DelegatedPermissionGrant.ReadWrite.All"], "GET", "/oauth2PermissionGrants", undefined, 200],
        ["reads grants", ["Directory.Read.All"], "GET", "/oauth2PermissionGrants", undefined, 200],
        ["grants", ["Directory.Read.All"], "POST", "/oauth2PermissionGrants", {}, 403],
        ["lists applications", [], "GET", "/applications", undefined, 403],
    ];
    test.each(rolesFor)("%s with %p: %s %s", async (_name, roles, method, path, body, status) => {
        const identity = signIn.emulator.addIdentity({ roles });
        const answer = await signIn.token({ client_id: identity.clientId, client_secret: identity.clientSecret });
        expect((await signIn.graph(method, path, String(answer.body["access_token"]), body)).status).toBe(status);
    });

    test("lets OwnedBy write only its own applications", async () => {
        const owner = signIn.emulator.addIdentity({ roles: ["Application.ReadWrite.OwnedBy"] });
        const bearer = String(
            (await signIn.token({ client_id: owner.clientId, client_secret: owner.clientSecret })).body["access_token"],
        );
        const own = (await signIn.graph("POST", "/applications", bearer, { displayName: "Own" })).body as {
            id: string;
            appId: string;
        };
        const other = (await signIn.graph("POST", "/applications", adminToken, { displayName: "Other" })).body as {
            id: string;
            appId: string;
        };
        expect((await signIn.graph("PATCH", `/applications/${own.id}`, bearer, { notes: "x" })).status).toBe(204);
        expect((await signIn.graph("PATCH", `/applications/${other.id}`, bearer, { notes: "x" })).status).toBe(403);
        expect((await signIn.graph("POST", "/servicePrincipals", bearer, { appId: own.appId })).status).toBe(201);
        expect((await signIn.graph("POST", "/servicePrincipals", bearer, { appId: other.appId })).status).toBe(403);
        const unknown = await signIn.graph("POST", "/servicePrincipals", bearer, { appId: randomUUID() });
        expect([unknown.status, JSON.stringify(unknown.body)]).toEqual([
            403,
            expect.stringContaining("must in the local tenant") as string,
        ]);
    });

    test("answers 401 without a token, for a changed token, and for an expired token", async () => {
        const changed = `${adminToken.slice(0, -6)}AAAAAA`;
        expect((await signIn.send("GET", "/v1.0/applications", {})).body).toMatchObject({
            error: { code: "InvalidAuthenticationToken" },
        });
        expect((await signIn.graph("GET", "/applications", changed)).status).toBe(401);
        signIn.emulator.control.advanceClock(3601 * 1000);
        expect((await signIn.graph("GET", "/applications", adminToken)).status).toBe(401);
    });
});
