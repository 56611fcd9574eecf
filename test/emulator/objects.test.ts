// Checks the rules for unique names, service principals, grants, requests and batches. A plain client breaks each rule.
import { randomUUID } from "node:crypto";

import { expectRefusal as refused, type RefusedRequest } from "../support/tenant/refusal";
import { TestTenant, type Application } from "../support/tenant/testTenant";

jest.setTimeout(60_000);

const GRAPH = "00000003-0000-0000-c000-000000000000";

let tenant: TestTenant;
let app: Application;

beforeAll(async () => {
    tenant = await TestTenant.start();
});
afterAll(() => tenant.close());
beforeEach(async () => {
    app = await create({ displayName: "Subject" });
});

function create(body: Record<string, unknown>): Promise<Application> {
    return tenant.graph<Application>("POST", "/applications", body);
}

const self = () => `/applications/${app.id}`;

const expectRefusal = (...request: RefusedRequest) => refused(tenant, ...request);

describe("unique values", () => {
    test("a uniqueName is set once, and a soft-deleted application keeps it until the purge", async () => {
        const named = await create({ displayName: "Named", uniqueName: "one-of-a-kind" });
        const again = { displayName: "Again", uniqueName: "one-of-a-kind" };
        await expectRefusal("PATCH", `/applications/${named.id}`, { uniqueName: "another" }, 400, "Request_BadRequest");
        await expectRefusal("POST", "/applications", again, 400, "Request_BadRequest", /uniqueName already exists/);
        await tenant.graph("DELETE", `/applications/${named.id}`);
        await expectRefusal("POST", "/applications", again, 400, "Request_BadRequest", /uniqueName already exists/);
        await tenant.graph("DELETE", `/directory/deletedItems/${named.id}`);
        await create(again);
    });

    test("an Application ID URI belongs to one application", async () => {
        await tenant.graph("PATCH", self(), { identifierUris: ["https://contoso.com/portal"] });
        await expectRefusal(
            "POST",
            "/applications",
            { displayName: "x", identifierUris: ["https://contoso.com/portal"] },
            400,
            "Request_BadRequest",
            /identifierUris already exists/,
        );
    });

    test("an owner is added once", async () => {
        const body = {
            "@odata.id": `${tenant.emulator.url}/v1.0/directoryObjects/${tenant.emulator.identity("deployer").objectId}`,
        };
        await tenant.graph("POST", `${self()}/owners/$ref`, body);
        await expectRefusal("POST", `${self()}/owners/$ref`, body, 400, "Request_BadRequest", /already exist/);
    });
});

describe("a service principal", () => {
    test("exists once per application, needs an existing application, and copies its properties", async () => {
        await expectRefusal(
            "POST",
            "/servicePrincipals",
            { appId: randomUUID() },
            400,
            "Request_BadRequest",
            /does not reference a valid application/,
        );
        await tenant.graph("POST", "/servicePrincipals", { appId: app.appId, tags: ["own"] });
        await expectRefusal(
            "POST",
            "/servicePrincipals",
            { appId: app.appId },
            409,
            "Request_MultipleObjectsWithSameKeyValue",
        );
        await tenant.graph("PATCH", self(), {
            displayName: "Mirrored",
            tags: ["copied"],
            identifierUris: [`api://${app.appId}`],
        });
        expect(await tenant.servicePrincipal(app.appId)).toMatchObject({
            appDisplayName: "Mirrored",
            servicePrincipalNames: [`api://${app.appId}`, app.appId],
            tags: ["own", "copied"],
        });
        await expectRefusal(
            "PATCH",
            `/servicePrincipals(appId='${app.appId}')`,
            { replyUrls: [] },
            400,
            "Request_BadRequest",
        );
    });

    test("of Microsoft Graph can be changed by Application.ReadWrite.All, but not disabled or deleted", async () => {
        const path = `/servicePrincipals(appId='${GRAPH}')`;
        const code = "Authorization_RequestDenied";
        await expectRefusal("PATCH", path, { accountEnabled: false }, 403, code);
        await expectRefusal("DELETE", path, undefined, 403, code);
        await expectRefusal("POST", `${path}/addPassword`, {}, 403, code);
        const before = await tenant.servicePrincipal(GRAPH);
        // azuread sends these values for a service principal with `use_existing`.
        const azuread = { accountEnabled: true, alternativeNames: [], appRoleAssignmentRequired: false, tags: [] };
        await tenant.graph("PATCH", path, azuread);
        expect(await tenant.servicePrincipal(GRAPH)).toEqual(before);
        await tenant.graph("PATCH", path, { notes: "reviewed" });
        expect(await tenant.servicePrincipal(GRAPH)).toMatchObject({ notes: "reviewed" });
    });

    test("is soft-deleted with its application, and must be restored separately", async () => {
        const { id } = await tenant.graph<{ id: string }>("POST", "/servicePrincipals", { appId: app.appId });
        await tenant.graph("DELETE", self());
        await expectRefusal("GET", self(), undefined, 404, "Request_ResourceNotFound");
        await tenant.graph("POST", `/directory/deletedItems/${app.id}/restore`);
        expect((await tenant.tryGraph("GET", `/servicePrincipals/${id}`)).status).toBe(404);
        await tenant.graph("POST", `/directory/deletedItems/${id}/restore`);
        expect((await tenant.servicePrincipal(app.appId)).id).toBe(id);
    });
});

describe("a grant", () => {
    test("has an id computed from its objects, and exists once", async () => {
        const { id: clientId } = await tenant.graph<{ id: string }>("POST", "/servicePrincipals", { appId: app.appId });
        const { id: resourceId } = await tenant.servicePrincipal(GRAPH);
        const body = { clientId, resourceId, consentType: "AllPrincipals", scope: "User.Read" };
        const { id } = await tenant.graph<{ id: string }>("POST", "/oauth2PermissionGrants", body);
        expect(id).toHaveLength(43);
        const [path, text] = ["/oauth2PermissionGrants", /Permission entry already exists/];
        await expectRefusal("POST", path, body, 400, "Request_BadRequest", text);
        tenant.emulator.control.setDuplicateGrantStatus(409);
        await expectRefusal("POST", path, body, 409, "Request_MultipleObjectsWithSameKeyValue", text);
        tenant.emulator.control.reset();
        await expectRefusal(
            "POST",
            "/oauth2PermissionGrants",
            { ...body, consentType: "Everybody" },
            400,
            "Request_BadRequest",
        );
        await expectRefusal(
            "POST",
            "/oauth2PermissionGrants",
            { ...body, clientId: randomUUID() },
            404,
            "Request_ResourceNotFound",
        );
        await expectRefusal("PATCH", `/oauth2PermissionGrants/${id}`, { clientId }, 400, "Request_BadRequest");
        await expectRefusal(
            "PATCH",
            `/oauth2PermissionGrants/${id}`,
            { scope: "x".repeat(3851) },
            400,
            "Request_BadRequest",
        );
        await tenant.graph("PATCH", `/oauth2PermissionGrants/${id}`, { scope: "openid" });
        expect((await tenant.grants(app.appId)).map(({ scope }) => scope)).toEqual(["openid"]);
        await tenant.graph("DELETE", `/servicePrincipals/${clientId}`);
        await expectRefusal("GET", `/oauth2PermissionGrants/${id}`, undefined, 404, "Request_ResourceNotFound");
    });
});

describe("a request", () => {
    const filter = encodeURIComponent("displayName ne 'x'");
    const rows: [string, string, string, number, string][] = [
        ["to an unknown route", "GET", "/devices", 404, "Request_ResourceNotFound"],
        ["by a method that the route does not have", "PUT", "/applications", 405, "Request_BadRequest"],
        ["with an unsupported filter", "GET", `/applications?$filter=${filter}`, 400, "Request_UnsupportedQuery"],
        ["that selects an unknown property", "GET", "/applications?$select=nonsense", 400, "Request_BadRequest"],
        ["with an unknown option", "GET", "/applications?$expand=nonsense", 400, "Request_BadRequest"],
        ["for too large a page", "GET", "/applications?$top=1000", 400, "Request_BadRequest"],
    ];
    test.each(rows)("%s is refused", async (_name, method, path, status, code) => {
        await expectRefusal(method, path, undefined, status, code);
    });

    test("for a list gets pages, and can use the filters that Graph documents", async () => {
        await create({ displayName: "Subject two" });
        const found = async (text: string) =>
            (
                await tenant.graph<{ value: Application[] }>("GET", `/applications?$filter=${encodeURIComponent(text)}`)
            ).value.map(({ appId }) => appId);
        expect(await found(`appId eq '${app.appId}'`)).toEqual([app.appId]);
        expect((await found("startswith(displayName,'Subject')")).length).toBeGreaterThan(1);
        const page = await tenant.graph<{ value: unknown[]; "@odata.nextLink"?: string }>(
            "GET",
            "/applications?$top=1",
        );
        expect([page.value.length, page["@odata.nextLink"]]).toEqual([
            1,
            expect.stringContaining("$skiptoken") as string,
        ]);
    });
});

describe("a batch", () => {
    const item = (id: string, method: string, url: string, more: object = {}) => ({ id, method, url, ...more });

    test("answers each item with its own status, in another order", async () => {
        const { responses } = await tenant.graph<{ responses: { id: string; status: number }[] }>("POST", "/$batch", {
            requests: [
                item("1", "GET", self()),
                item("2", "GET", `/applications/${randomUUID()}`),
                item("3", "GET", self(), { dependsOn: ["2"] }),
            ],
        });
        expect(Object.fromEntries(responses.map(({ id, status }) => [id, status]))).toEqual({
            "1": 200,
            "2": 404,
            "3": 424,
        });
        expect(responses.map(({ id }) => id)).not.toEqual(["1", "2", "3"]);
    });

    const body = { displayName: "x" };
    test.each([
        [
            "more than 20 items",
            Array.from({ length: 21 }, (_, n) => item(String(n), "GET", "/applications")),
            "MaximumValueExceeded",
        ],
        [
            "ids that differ only in case",
            [item("a", "GET", "/applications"), item("A", "GET", "/applications")],
            "BadRequest",
        ],
        ["a body without its type", [item("1", "POST", "/applications", { body })], "BadRequest"],
        ["no items", [], "BadRequest"],
    ])("with %s is refused whole", async (_name, requests, code) => {
        await expectRefusal("POST", "/$batch", { requests }, 400, code);
    });
});
