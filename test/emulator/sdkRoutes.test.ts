// Calls routes that Microsoft's SDKs use and the provider does not, such as delta queries, keys with a proof, related
// objects, and routes below the signed-in user.
import { createPrivateKey, createSign, randomUUID, type KeyObject } from "node:crypto";

import { issueCertificate } from "../../provider/certificate/issue";
import { issueCertificates } from "../support/tenant/certificates";
import { expectRefusal } from "../support/tenant/refusal";
import { TestTenant, type Application, type Json } from "../support/tenant/testTenant";

jest.setTimeout(60_000);

let tenant: TestTenant;
beforeAll(async () => {
    tenant = await TestTenant.start();
});
afterAll(() => tenant.close());

const newApplication = (displayName: string) => tenant.graph<Application>("POST", "/applications", { displayName });

describe("a delta query", () => {
    interface Delta {
        readonly value: readonly (Json & { id: string })[];
        readonly "@odata.deltaLink": string;
        readonly "@odata.nextLink"?: string;
    }
    const follow = (link: string) => tenant.graph<Delta>("GET", link.slice(`${tenant.emulator.url}/v1.0`.length));
    const latest = async (list: string, options = "") =>
        (await tenant.graph<Delta>("GET", `/${list}/delta?$deltatoken=latest${options}`))["@odata.deltaLink"];

    test("lists all objects first, and then what was added, changed, deleted and purged", async () => {
        const [changed, deleted] = [await newApplication("Changed"), await newApplication("Deleted")];
        const first = await tenant.graph<Delta>("GET", "/applications/delta()");
        expect(first.value.map(({ id }) => id)).toEqual(expect.arrayContaining([changed.id, deleted.id]));
        expect((await follow(first["@odata.deltaLink"])).value).toEqual([]);

        const added = await newApplication("Added");
        await tenant.graph("PATCH", `/applications/${changed.id}`, { notes: "new" });
        await tenant.graph("DELETE", `/applications/${deleted.id}`);
        const second = await follow(first["@odata.deltaLink"]);
        expect(second.value).toHaveLength(3);
        expect(second.value).toEqual(
            expect.arrayContaining([
                expect.objectContaining({ id: added.id, displayName: "Added" }),
                expect.objectContaining({ id: changed.id, notes: "new" }),
                { id: deleted.id, "@removed": { reason: "changed" } },
            ]),
        );
        await tenant.graph("DELETE", `/directory/deletedItems/${deleted.id}`);
        const third = await follow(second["@odata.deltaLink"]);
        expect(third.value).toEqual([{ id: deleted.id, "@removed": { reason: "deleted" } }]);
    });

    test("follows the selected properties and ids only, and keeps them in its links", async () => {
        const [one, other] = [await newApplication("One"), await newApplication("Other")];
        const filter = encodeURIComponent(`id eq '${one.id}'`);
        const link = await latest("applications", `&$select=displayName&$filter=${filter}`);
        await tenant.graph("PATCH", `/applications/${one.id}`, { notes: "not selected" });
        await tenant.graph("PATCH", `/applications/${other.id}`, { displayName: "Another" });
        expect((await follow(link)).value).toEqual([]);
        await tenant.graph("PATCH", `/applications/${one.id}`, { displayName: "Renamed" });
        expect((await follow(link)).value).toEqual([{ displayName: "Renamed", id: one.id }]);
    });

    test("has pages", async () => {
        for (let number = 0; number < 101; number++) await newApplication(`Many ${number}`);
        const first = await tenant.graph<Delta>("GET", "/applications/microsoft.graph.delta?$select=id");
        expect([first.value.length, first["@odata.deltaLink"]]).toEqual([100, undefined]);
        const rest = await follow(first["@odata.nextLink"] ?? "");
        expect(rest.value.length).toBeGreaterThan(0);
        expect(rest["@odata.deltaLink"]).toContain("$deltatoken=");
    });

    test("exists for service principals, grants and groups, and has no $top", async () => {
        for (const list of ["servicePrincipals", "oauth2PermissionGrants", "groups"]) {
            expect((await follow(await latest(list))).value).toEqual([]);
            expect((await tenant.tryGraph("GET", `/${list}/delta?$top=1`)).status).toBe(400);
        }
    });

    test("of a tenant that began again must start from the beginning", async () => {
        const link = await latest("applications");
        tenant.emulator.control.restore(tenant.emulator.control.snapshot());
        const answer = await tenant.tryGraph("GET", link.slice(`${tenant.emulator.url}/v1.0`.length));
        expect([answer.status, answer.headers["location"]]).toEqual([
            410,
            `${tenant.emulator.url}/v1.0/applications/delta?$deltatoken=`,
        ]);
    });
});

describe.each(["applications", "servicePrincipals"])("addKey and removeKey of %s", (collection) => {
    const AUDIENCE = "00000002-0000-0000-c000-000000000000";
    let path: string;
    let id: string;
    let key: KeyObject;
    let next: string;

    beforeAll(async () => {
        const issued = await issueCertificate({ name: "Old", keySize: 2048, validDays: 30, now: new Date() });
        key = createPrivateKey(issued.privateKey.export({ type: "pkcs8", format: "pem" }));
        [next = ""] = await issueCertificates(1);
        const { appId, id: objectId } = await newApplication("Keys");
        const { id: principal } = await tenant.graph<{ id: string }>("POST", "/servicePrincipals", { appId });
        id = collection === "applications" ? objectId : principal;
        path = `/${collection}/${id}`;
        const old = Buffer.from(issued.certificatePem.replace(/-----[^-]+-----/g, ""), "base64").toString("base64");
        const keyCredentials = [{ type: "AsymmetricX509Cert", usage: "Verify", key: old }];
        await tenant.graph("PATCH", path, { keyCredentials });
    });

    function proofWith(change: Json = {}, signer = key): string {
        const now = Math.floor(Date.now() / 1000);
        const claims = { aud: AUDIENCE, iss: id, nbf: now, exp: now + 600, ...change };
        const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
        const text = `${encode({ alg: "RS256", typ: "JWT" })}.${encode(claims)}`;
        return `${text}.${createSign("RSA-SHA256").update(text).sign(signer, "base64url")}`;
    }
    const bodyWith = (proof: string | undefined) => ({
        keyCredential: { type: "AsymmetricX509Cert", usage: "Verify", key: next },
        passwordCredential: null,
        proof,
    });
    const keyIds = async () =>
        (await tenant.graph<Application>("GET", path)).keyCredentials.map(({ keyId }) => keyId).sort();

    test("add and remove a certificate with a proof", async () => {
        const [before] = await keyIds();
        const added = await tenant.graph<{ keyId: string }>("POST", `${path}/addKey`, bodyWith(proofWith()));
        expect(added).toMatchObject({
            "@odata.context": expect.stringMatching(/#microsoft\.graph\.keyCredential$/) as string,
        });
        expect(await keyIds()).toEqual([before, added.keyId].sort());
        const removal = { keyId: added.keyId, proof: proofWith() };
        await tenant.graph("POST", `${path}/microsoft.graph.removeKey`, removal);
        expect(await keyIds()).toEqual([before]);
        await expectRefusal(tenant, "POST", `${path}/removeKey`, removal, 400, "Request_BadRequest");
    });

    test.each<[string, () => string | undefined, number, string]>([
        ["no proof", () => undefined, 403, "Authorization_RequestDenied"],
        ["a proof that is no JWT", () => "x", 401, "Authentication_MissingOrMalformed"],
        [
            "Graph's own audience",
            () => proofWith({ aud: "00000003-0000-0000-c000-000000000000" }),
            401,
            "Authentication_MissingOrMalformed",
        ],
        ["another issuer", () => proofWith({ iss: randomUUID() }), 401, "Authentication_MissingOrMalformed"],
        [
            "a lifetime over ten minutes",
            () => proofWith({ exp: Math.floor(Date.now() / 1000) + 700 }),
            401,
            "Authentication_MissingOrMalformed",
        ],
        ["an expired proof", () => proofWith({ nbf: 1, exp: 2 }), 401, "Authentication_MissingOrMalformed"],
        [
            "a broken signature",
            () => `${proofWith()}x`.replace(/.{9}$/, "AAAAAAAAA"),
            401,
            "Authentication_MissingOrMalformed",
        ],
    ])("refuse %s", async (_what, proof, status, code) => {
        const before = await keyIds();
        await expectRefusal(tenant, "POST", `${path}/addKey`, bodyWith(proof()), status, code);
        expect(await keyIds()).toEqual(before);
    });
});

test("an application rolls its own keys without a permission", async () => {
    const { clientId, clientSecret, objectId } = tenant.emulator.addIdentity({ roles: [] });
    const self = tenant.actingAs({ tenantId: tenant.tenantId, clientId, clientSecret, objectId });
    const body = { keyCredential: {}, proof: "x" };
    const own = await self.tryGraph("POST", `/applications(appId='${clientId}')/addKey`, body);
    expect(own.status).toBe(401);
    const { id } = await newApplication("Another");
    expect((await self.tryGraph("POST", `/applications/${id}/addKey`, body)).status).toBe(403);
});

describe("related objects", () => {
    test("are read one by one, and removed by the option @id", async () => {
        const { id } = await newApplication("Owned");
        const user = tenant.emulator.users()[0]?.id ?? "";
        const reference = { "@odata.id": `${tenant.emulator.url}/v1.0/directoryObjects('${user}')` };
        await tenant.graph("POST", `/applications/${id}/owners/$ref`, reference);
        const owners = `/applications/${id}/owners`;
        expect(await tenant.graph("GET", `${owners}/${user}`)).toMatchObject({ id: user });
        expect(await tenant.graph("GET", `${owners}/${user}/$ref`)).toMatchObject({
            "@odata.id": expect.stringContaining(user) as string,
        });
        const option = encodeURIComponent(`${tenant.emulator.url}/v1.0/directoryObjects/${user}`);
        await tenant.graph("DELETE", `${owners}/$ref?@id=${option}`);
        await expectRefusal(tenant, "GET", `${owners}/${user}`, undefined, 404, "Request_ResourceNotFound");
    });

    test("of a type that the tenant has none of are an empty list", async () => {
        const user = tenant.emulator.users()[0]?.id ?? "";
        for (const cast of ["microsoft.graph.directoryRole", "graph.administrativeUnit"])
            expect(await tenant.graph("GET", `/users/${user}/memberOf/${cast}`)).toMatchObject({ value: [] });
    });

    test("are found by ids at each collection", async () => {
        const { id } = await newApplication("Found");
        for (const collection of ["applications", "servicePrincipals", "groups", "users", "directoryObjects"]) {
            const found = await tenant.graph("POST", `/${collection}/microsoft.graph.getByIds`, { ids: [id] });
            expect(found).toMatchObject({ value: [{ id, "@odata.type": "#microsoft.graph.application" }] });
        }
    });
});

test("a directory object is read with a cast, and deleted, whatever its type", async () => {
    const { id } = await newApplication("Object");
    expect(await tenant.graph("GET", `/directoryObjects/${id}/graph.application`)).toMatchObject({ id });
    const wrong = `/directoryObjects/${id}/microsoft.graph.user`;
    await expectRefusal(tenant, "GET", wrong, undefined, 404, "Request_ResourceNotFound");
    await tenant.graph("DELETE", `/directoryObjects/${id}`);
    expect(await tenant.graph("GET", `/directory/deletedItems/${id}`)).toMatchObject({ id });
});

test("the organization is listed and read, with all of its properties", async () => {
    const select = "$select=id,createdDateTime,countryLetterCode,onPremisesSyncEnabled,assignedPlans,verifiedDomains";
    const { value } = await tenant.graph<{ value: object[] }>("GET", `/organization?${select}`);
    expect(value).toEqual([expect.objectContaining({ id: tenant.tenantId, onPremisesSyncEnabled: null })]);
    expect(await tenant.graph("GET", `/organization/${tenant.tenantId}`)).toMatchObject({ displayName: "Contoso" });
    const unknown = `/organization/${randomUUID()}`;
    await expectRefusal(tenant, "GET", unknown, undefined, 404, "Request_ResourceNotFound");
});

test("a user keeps all writable properties, and shows the others by $select", async () => {
    const profile = { jobTitle: "Operator", department: "IT", usageLocation: "DE", otherMails: ["a@contoso.com"] };
    const { id } = await tenant.graph<{ id: string }>("POST", "/users", {
        accountEnabled: true,
        displayName: "Lee Gu",
        mailNickname: "lee",
        userPrincipalName: "lee@contoso.com",
        passwordProfile: { password: "not kept" },
        ...profile,
    });
    const select =
        "$select=jobTitle,department,usageLocation,otherMails,onPremisesSyncEnabled,userType,createdDateTime";
    expect(await tenant.graph("GET", `/users/${id}?${select}`)).toMatchObject({
        ...profile,
        onPremisesSyncEnabled: null,
        userType: "Member",
    });
    await tenant.graph("PATCH", `/users/${id}`, { jobTitle: null });
    expect(await tenant.graph("GET", `/users/${id}`)).toMatchObject({ jobTitle: null });
    expect(await tenant.graph("GET", `/users/${id}`)).not.toHaveProperty("department");
    for (const body of [{ jobTitle: 5 }, { nonsense: "x" }, { displayName: null }])
        await expectRefusal(tenant, "PATCH", `/users/${id}`, body, 400, "Request_BadRequest");
});

describe("/me", () => {
    test("has the groups and objects of the user, who needs only User.Read", async () => {
        const user = tenant.emulator.users().find(({ isAdministrator }) => !isAdministrator)?.id ?? "";
        const group = { displayName: "g", mailEnabled: false, mailNickname: "g", securityEnabled: true };
        const bind = { "members@odata.bind": [`${tenant.emulator.url}/v1.0/users/${user}`] };
        const { id } = await tenant.graph<{ id: string }>("POST", "/groups", { ...group, ...bind });
        const token = tenant.emulator.control.userToken({ userId: user, scopes: ["User.Read"] });
        const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
        const url = `${tenant.emulator.url}/v1.0/me`;
        const get = (path: string) => tenant.send("GET", `${url}${path}`, headers, undefined);
        expect((await get("/memberOf")).body).toMatchObject({ value: [{ id }] });
        expect((await get("/transitiveMemberOf/microsoft.graph.group")).body).toMatchObject({ value: [{ id }] });
        expect((await get("/ownedObjects")).body).toMatchObject({ value: [] });
        const body = JSON.stringify({ securityEnabledOnly: true });
        const groups = await tenant.send("POST", `${url}/getMemberGroups`, headers, body);
        expect(groups.body).toMatchObject({ value: [id] });
        expect((await get("/appRoleAssignments")).status).toBe(403);
        expect((await get("/messages")).status).toBe(404);
        const others = await tenant.send("GET", `${tenant.emulator.url}/v1.0/groups`, headers, undefined);
        expect(others.status).toBe(403);
    });
});
