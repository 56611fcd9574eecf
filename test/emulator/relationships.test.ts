// Checks how Graph lists related objects: owners, members, groups and owned objects, with casts, counts and references.
import { gzipSync } from "node:zlib";

import { expectRefusal } from "../support/tenant/refusal";
import { TestTenant } from "../support/tenant/testTenant";

jest.setTimeout(60_000);

const GRAPH = "00000003-0000-0000-c000-000000000000";

let tenant: TestTenant;
let token: string;
let user: string;
let principal: { objectId: string; clientId: string };
let inner: string;
let outer: string;

beforeAll(async () => {
    tenant = await TestTenant.start();
    user = tenant.emulator.users()[0]?.id ?? "";
    principal = tenant.emulator.addIdentity({ roles: [], displayName: "Member" });
    [inner, outer] = [await newGroup("inner", true), await newGroup("outer", false)];
    for (const [group, member] of [
        [inner, user],
        [inner, principal.objectId],
        [outer, inner],
        // Entra allows two groups to contain each other.
        [inner, outer],
    ] as const)
        await tenant.graph("POST", `/groups/${group}/members/$ref`, reference(member));
    await tenant.graph("POST", `/applications(appId='${principal.clientId}')/owners/$ref`, reference(user));
    token = await adminToken();
});
afterAll(() => tenant.close());

const reference = (id: string) => ({ "@odata.id": `${tenant.emulator.url}/v1.0/directoryObjects/${id}` });

async function newGroup(name: string, securityEnabled: boolean): Promise<string> {
    const kind = securityEnabled ? { mailEnabled: false } : { mailEnabled: true, groupTypes: ["Unified"] };
    const body = { displayName: name, mailNickname: name, securityEnabled, ...kind };
    return (await tenant.graph<{ id: string }>("POST", "/groups", body)).id;
}

async function adminToken(): Promise<string> {
    const { clientId, clientSecret } = tenant.emulator.identity("admin");
    const form = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret };
    const text = new URLSearchParams({ ...form, scope: "https://graph.microsoft.com/.default" }).toString();
    const url = `${tenant.emulator.url}/${tenant.tenantId}/oauth2/v2.0/token`;
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const { body } = await tenant.send("POST", url, headers, text);
    return (body as { access_token: string }).access_token;
}

const list = async (path: string) =>
    (await tenant.graph<{ value: { id: string }[] }>("GET", path)).value.map(({ id }) => id).sort();
const countOf = async (path: string) => {
    const headers = { Authorization: `Bearer ${token}`, ConsistencyLevel: "eventual" };
    return Number((await tenant.send("GET", `${tenant.emulator.url}/v1.0${path}/$count`, headers, undefined)).body);
};

test("direct members and groups differ from transitive ones", async () => {
    expect(await list(`/groups/${outer}/members`)).toEqual([inner]);
    expect(await list(`/groups/${outer}/transitiveMembers`)).toEqual([inner, outer, principal.objectId, user].sort());
    for (const path of [`/users/${user}`, `/servicePrincipals/${principal.objectId}`]) {
        expect(await list(`${path}/memberOf`)).toEqual([inner]);
        expect(await list(`${path}/transitiveMemberOf`)).toEqual([inner, outer].sort());
    }
    expect(await list(`/groups/${inner}/memberOf/microsoft.graph.group`)).toEqual([outer]);
});

test("a cast selects one type, and /$count counts it", async () => {
    const members = `/groups/${inner}/members`;
    expect(await list(`${members}/graph.user`)).toEqual([user]);
    expect(await list(`${members}/microsoft.graph.servicePrincipal`)).toEqual([principal.objectId]);
    expect([await countOf(members), await countOf(`${members}/graph.user`)]).toEqual([3, 1]);
    const { "@odata.context": context } = await tenant.graph("GET", `${members}/graph.user`);
    expect(context).toBe(`${tenant.emulator.url}/v1.0/$metadata#users`);
    const owners = `/applications(appId='${principal.clientId}')/owners`;
    expect([await list(`${owners}/graph.user`), await list(`${owners}/graph.servicePrincipal`)]).toEqual([[user], []]);
});

test("a property that only some of the members have can be selected", async () => {
    const { value } = await tenant.graph<{ value: { id: string }[] }>(
        "GET",
        `/groups/${inner}/members?$select=id,userPrincipalName`,
    );
    expect(value.find(({ id }) => id === principal.objectId)).not.toHaveProperty("userPrincipalName");
    expect(value.find(({ id }) => id === user)).toHaveProperty("userPrincipalName");
});

test("/$ref lists the addresses of the objects", async () => {
    const root = `${tenant.emulator.url}/v2/${tenant.tenantId}/directoryObjects`;
    expect(await tenant.graph("GET", `/applications(appId='${principal.clientId}')/owners/$ref`)).toEqual({
        "@odata.context": `${tenant.emulator.url}/v1.0/$metadata#Collection($ref)`,
        value: [{ "@odata.id": `${root}/${user}/Microsoft.DirectoryServices.User` }],
    });
});

test("the owned objects of users and service principals are listed", async () => {
    const { id } = await tenant.application(principal.clientId);
    expect(await list(`/users/${user}/ownedObjects`)).toEqual([id]);
    expect(await list(`/users/${user}/ownedObjects/graph.application`)).toEqual([id]);
    expect(await list(`/servicePrincipals/${principal.objectId}/ownedObjects`)).toEqual([]);
});

test("actions return the ids of all groups, or of those in question", async () => {
    const ids = async (path: string, body: object) =>
        [...(await tenant.graph<{ value: string[] }>("POST", path, body)).value].sort();
    const all = [inner, outer].sort();
    for (const path of [`/users/${user}`, `/servicePrincipals/${principal.objectId}`, `/directoryObjects/${user}`]) {
        expect(await ids(`${path}/getMemberGroups`, { securityEnabledOnly: false })).toEqual(all);
        expect(await ids(`${path}/microsoft.graph.getMemberObjects`, { securityEnabledOnly: false })).toEqual(all);
        expect(await ids(`${path}/checkMemberGroups`, { groupIds: [outer, GRAPH] })).toEqual([outer]);
        expect(await ids(`${path}/checkMemberObjects`, { ids: [inner] })).toEqual([inner]);
    }
    expect(await ids(`/users/${user}/getMemberGroups`, { securityEnabledOnly: true })).toEqual([inner]);
    const tooMany = { groupIds: Array.from({ length: 21 }, () => inner) };
    await expectRefusal(tenant, "POST", `/users/${user}/checkMemberGroups`, tooMany, 400, "Request_BadRequest");
});

test("assignments and deleted items are counted, and a deleted item can be read with a cast", async () => {
    const { id: graph } = await tenant.servicePrincipal(GRAPH);
    const assigned = await list(`/servicePrincipals/${graph}/appRoleAssignedTo`);
    expect(await countOf(`/servicePrincipals/${graph}/appRoleAssignedTo`)).toBe(assigned.length);
    const { id } = await tenant.graph<{ id: string }>("POST", "/applications", { displayName: "Deleted" });
    await tenant.graph("DELETE", `/applications/${id}`);
    expect(await countOf("/directory/deletedItems/graph.application")).toBe(1);
    expect(await tenant.graph("GET", `/directory/deletedItems/${id}/graph.application`)).toMatchObject({ id });
    const other = `/directory/deletedItems/${id}/graph.servicePrincipal`;
    await expectRefusal(tenant, "GET", other, undefined, 404, "Request_ResourceNotFound");
});

test("a grant can be read below its service principal, and the grants of a user below the user", async () => {
    const { id: resourceId } = await tenant.servicePrincipal(GRAPH);
    const client = `/servicePrincipals/${principal.objectId}`;
    const grant = { clientId: principal.objectId, resourceId, consentType: "Principal", scope: "User.Read" };
    const { id } = await tenant.graph<{ id: string }>("POST", "/oauth2PermissionGrants", {
        ...grant,
        principalId: user,
    });
    expect(await tenant.graph("GET", `${client}/oauth2PermissionGrants/${id}`)).toMatchObject(grant);
    expect(await list(`/users/${user}/oauth2PermissionGrants`)).toEqual([id]);
    const other = `/servicePrincipals/${resourceId}/oauth2PermissionGrants/${id}`;
    await expectRefusal(tenant, "GET", other, undefined, 404, "Request_ResourceNotFound");
});

test("policies and extensions, which the tenant has none of, are empty lists that nobody can add to", async () => {
    const { id } = await tenant.application(principal.clientId);
    expect(await list(`/applications/${id}/extensionProperties`)).toEqual([]);
    const path = `/servicePrincipals/${principal.objectId}/claimsMappingPolicies`;
    expect(await list(path)).toEqual([]);
    await expectRefusal(tenant, "POST", path, {}, 405, "Request_BadRequest");
    const unknown = `/servicePrincipals/${id}/claimsMappingPolicies`;
    await expectRefusal(tenant, "GET", unknown, undefined, 404, "Request_ResourceNotFound");
});

test("an application has nothing below /me", async () => {
    const text = /only valid with delegated authentication flow/;
    await expectRefusal(tenant, "GET", "/me/ownedObjects", undefined, 400, "BadRequest", text);
});

test("a compressed request body is read", async () => {
    const headers = {
        Authorization: `Bearer ${token}`,
        "Content-Type": "application/json",
        "Content-Encoding": "gzip",
    };
    const body = gzipSync(JSON.stringify({ displayName: "Compressed" }));
    const post = async (sent: Buffer) =>
        (await tenant.send("POST", `${tenant.emulator.url}/v1.0/applications`, headers, sent)).status;
    expect([await post(body), await post(body.subarray(0, 9))]).toEqual([201, 400]);
});
