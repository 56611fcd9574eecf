// Checks app role assignments to users, groups and applications, and their effect on sign-in.
import { randomUUID } from "node:crypto";

import { aadsts, claimsOf, PlainSignIn } from "../support/signIn/plainSignIn";
import { portalByHand } from "../support/tenant/portalByHand";
import { expectRefusal } from "../support/tenant/refusal";
import { TestTenant } from "../support/tenant/testTenant";

jest.setTimeout(60_000);

const GRAPH = "00000003-0000-0000-c000-000000000000";
const NO_ROLE = "00000000-0000-0000-0000-000000000000";

let tenant: TestTenant;
let portal: { appId: string };
let resourceId: string;
let start: ReturnType<TestTenant["emulator"]["control"]["snapshot"]>;
beforeAll(async () => {
    tenant = await TestTenant.start();
    portal = await portalByHand(tenant);
    ({ id: resourceId } = await tenant.servicePrincipal(portal.appId));
    start = tenant.emulator.control.snapshot();
});
beforeEach(() => {
    tenant.emulator.control.restore(start);
});
afterEach(() => tenant.emulator.control.reset());
afterAll(() => tenant.close());

const newGroup = () =>
    tenant.graph<{ id: string }>("POST", "/groups", {
        displayName: "Restore operators",
        mailEnabled: false,
        mailNickname: "operators",
        securityEnabled: true,
    });
const reference = (id: string) => ({ "@odata.id": `${tenant.emulator.url}/v1.0/directoryObjects/${id}` });
const assign = (principalId: string, appRoleId = NO_ROLE, to = resourceId) =>
    tenant.graph<{ id: string }>("POST", `/servicePrincipals/${to}/appRoleAssignedTo`, {
        principalId,
        appRoleId,
        resourceId: to,
    });

describe("an application that requires assignment", () => {
    beforeEach(async () => {
        await tenant.graph("PATCH", `/servicePrincipals/${resourceId}`, { appRoleAssignmentRequired: true });
    });

    test("lets an assigned user and a direct member of an assigned group sign in, and nobody else", async () => {
        const [adele, alex, megan] = tenant.emulator.users();
        if (!adele || !alex || !megan) throw new Error("the tenant must have at least three users");
        const [outer, inner] = [await newGroup(), await newGroup()];
        await tenant.graph("POST", `/groups/${outer.id}/members/$ref`, reference(alex.id));
        await tenant.graph("POST", `/groups/${outer.id}/members/$ref`, reference(inner.id));
        await tenant.graph("POST", `/groups/${inner.id}/members/$ref`, reference(megan.id));
        await assign(adele.id);
        await assign(outer.id);
        const results = [];
        for (const user of [adele, alex, megan]) {
            tenant.emulator.control.signInAs(user);
            results.push(aadsts(await new PlainSignIn(tenant, portal.appId).authorize()));
        }
        expect(results).toEqual([undefined, undefined, 50105]);
    });

    test("lets a member sign in only until the member leaves the group", async () => {
        const [adele] = tenant.emulator.users();
        const { id } = await newGroup();
        await assign(id);
        await tenant.graph("POST", `/groups/${id}/members/$ref`, reference(adele?.id ?? ""));
        tenant.emulator.control.signInAs(adele);
        const signIn = new PlainSignIn(tenant, portal.appId);
        const { refresh_token = "" } = await signIn.tokens();
        await tenant.graph("DELETE", `/groups/${id}/members/${adele?.id ?? ""}/$ref`);
        expect(aadsts(await signIn.refresh(refresh_token))).toBe(50105);
    });

    test("needs a role from an application: 501051", async () => {
        const { clientId, clientSecret } = tenant.emulator.addIdentity({ roles: [] });
        const form = { client_id: clientId, client_secret: clientSecret, grant_type: "client_credentials" };
        const answer = await new PlainSignIn(tenant, clientId).token(
            { ...form, scope: `api://${portal.appId}/.default` },
            null,
        );
        expect(aadsts(answer)).toBe(501051);
    });
});

test("a GET of either side shows an assignment once, until it is removed", async () => {
    const { objectId } = tenant.emulator.addIdentity({ roles: [], displayName: "Pipeline" });
    const { id: graphId, appRoles } = await tenant.servicePrincipal(GRAPH);
    const role = (appRoles as { id: string; value: string }[]).find(({ value }) => value === "Application.Read.All");
    const { id } = await assign(objectId, role?.id, graphId);
    const from = await tenant.graph<{ value: object[] }>("GET", `/servicePrincipals/${objectId}/appRoleAssignments`);
    expect(from.value).toMatchObject([
        {
            id,
            principalDisplayName: "Pipeline",
            principalType: "ServicePrincipal",
            resourceDisplayName: "Microsoft Graph",
        },
    ]);
    const path = `/servicePrincipals/${graphId}/appRoleAssignedTo`;
    const body = { principalId: objectId, resourceId: graphId, appRoleId: role?.id };
    await expectRefusal(tenant, "POST", path, body, 400, "Request_BadRequest", /already exists on the object/);
    const unknown = { ...body, appRoleId: randomUUID() };
    await expectRefusal(tenant, "POST", path, unknown, 400, "Request_BadRequest", /not found on application/);
    const wrong = { ...body, resourceId: objectId };
    await expectRefusal(tenant, "POST", path, wrong, 400, "Request_BadRequest", /Not a valid reference update/);
    await tenant.graph("DELETE", `${path}/${id}`);
    expect(await tenant.graph("GET", `/servicePrincipals/${objectId}/appRoleAssignments`)).toMatchObject({ value: [] });
});

test("the next token contains an assigned role of Graph", async () => {
    const { objectId, clientId, clientSecret } = tenant.emulator.addIdentity({ roles: [] });
    const { id: graphId, appRoles } = await tenant.servicePrincipal(GRAPH);
    const role = (appRoles as { id: string; value: string }[]).find(({ value }) => value === "Domain.Read.All");
    await assign(objectId, role?.id, graphId);
    const form = { client_id: clientId, client_secret: clientSecret, grant_type: "client_credentials" };
    const answer = await new PlainSignIn(tenant, clientId).token(
        { ...form, scope: "https://graph.microsoft.com/.default" },
        null,
    );
    const { access_token } = answer.body as { access_token: string };
    expect(claimsOf(access_token)["roles"]).toEqual(["Domain.Read.All"]);
    expect((await new PlainSignIn(tenant, clientId).graph("/domains", access_token)).status).toBe(200);
    expect((await new PlainSignIn(tenant, clientId).graph("/users", access_token)).status).toBe(403);
});

test("a caller may assign only with AppRoleAssignment.ReadWrite.All and a permission to read", async () => {
    const { clientId, clientSecret } = tenant.emulator.addIdentity({ roles: ["Application.ReadWrite.All"] });
    const signIn = new PlainSignIn(tenant, clientId);
    const form = { client_id: clientId, client_secret: clientSecret, grant_type: "client_credentials" };
    const answer = await signIn.token({ ...form, scope: "https://graph.microsoft.com/.default" }, null);
    const headers = { Authorization: `Bearer ${(answer.body as { access_token: string }).access_token}` };
    const url = `${tenant.emulator.url}/v1.0/servicePrincipals/${resourceId}/appRoleAssignedTo`;
    expect((await tenant.send("POST", url, headers, "{}")).status).toBe(403);
    expect((await tenant.send("GET", url, headers, undefined)).status).toBe(200);
});

test("a GET by id returns an object of any type", async () => {
    const [user] = tenant.emulator.users();
    const group = await newGroup();
    const ids = [user?.id, group.id, resourceId, randomUUID()];
    const found = await tenant.graph<{ value: { id: string; "@odata.type": string }[] }>(
        "POST",
        "/directoryObjects/getByIds",
        { ids, types: ["user", "servicePrincipal"] },
    );
    expect(found.value.map((one) => one["@odata.type"])).toEqual([
        "#microsoft.graph.user",
        "#microsoft.graph.servicePrincipal",
    ]);
    expect(await tenant.graph("GET", `/directoryObjects/${group.id}`)).toMatchObject({
        "@odata.type": "#microsoft.graph.group",
        displayName: "Restore operators",
    });
});
