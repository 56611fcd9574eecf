// Checks that we own objects, not kinds of objects. If an owner replaces one of our objects, the new one belongs to the
// owner. An entry that only resembles ours is not ours either.
import { randomUUID } from "node:crypto";

import type { HooksTenant } from "../support/hooks/hooksTenant";
import { withExistingApplication } from "../support/hooks/existingApplication";
import {
    addBeforeEachRequest,
    addTags,
    keyCredentialOf,
    replaceScope,
    scopeOfTheirs,
} from "../support/hooks/ownership";
import { consentByHand } from "../support/tenant/portalByHand";
import { everythingOf } from "../support/tenant/portals";

jest.setTimeout(300_000);

let world: HooksTenant;
let existing: string;
withExistingApplication((started, appId) => ([world, existing] = [started, appId]));

const adopted = (more = {}) => world.portal({ applicationId: existing, ...more });
const application = () => world.tenant.application(existing);
const scopeReplaced = () => replaceScope(world.tenant, existing);

test("a scope with which the owner replaced ours survives the release, which removes everything of ours", async () => {
    const stack = await world.deployed({ applicationId: existing });
    const scope = await scopeReplaced();
    await stack.up(adopted());
    await stack.up(undefined);
    const after = await application();
    expect(after.api.oauth2PermissionScopes.map(({ id }) => id)).toEqual([scope.id]);
    expect(after.requiredResourceAccess).toEqual([]);
});

test("a required permission for the owner's own scope survives the release", async () => {
    const stack = await world.deployed({ applicationId: existing });
    const scope = await scopeReplaced();
    const theirs = { resourceAppId: existing, resourceAccess: [{ id: scope.id, type: "Scope" }] };
    await world.tenant.patchApplication(existing, { requiredResourceAccess: [theirs] });
    await stack.up(adopted());
    await stack.up(undefined);
    expect((await application()).requiredResourceAccess).toEqual([theirs]);
});

test("a service principal and consent with which the owner replaced ours survive the release", async () => {
    const stack = await world.deployed({ applicationId: existing });
    const ours = await world.tenant.servicePrincipal(existing);
    await world.tenant.graph("DELETE", `/servicePrincipals/${ours.id}`);
    await consentByHand(world.tenant, existing);
    const made = await everythingOf(world.tenant, existing);
    await stack.up(adopted());
    await stack.up(undefined);
    const { servicePrincipal, grants } = await everythingOf(world.tenant, existing);
    expect(servicePrincipal?.["id"]).toBe(made.servicePrincipal?.["id"]);
    expect(grants).toEqual(made.grants);
});

test("a service principal with which the owner replaced ours is not handed over to another resource", async () => {
    const first = await world.deployed({ applicationId: existing });
    const ours = await world.tenant.servicePrincipal(existing);
    await world.tenant.graph("DELETE", `/servicePrincipals/${ours.id}`);
    await consentByHand(world.tenant, existing);
    const made = await everythingOf(world.tenant, existing);
    await first.up(adopted());
    const renamed = adopted({ identity: "portals/dev//renamed" });
    const second = world.stack();
    await second.up(renamed);
    await first.up(undefined);
    await second.up(renamed);
    await second.up(undefined);
    const { servicePrincipal, grants } = await everythingOf(world.tenant, existing);
    expect(servicePrincipal?.["id"]).toBe(made.servicePrincipal?.["id"]);
    expect(grants).toEqual(made.grants);
});

test("a certificate that the owner uploads again in place of our key credential survives the release", async () => {
    const stack = await world.deployed({ applicationId: existing });
    const keyId = randomUUID();
    const theirs = keyCredentialOf(String(world.certificates[0]["certificatePem"]), { keyId });
    await world.tenant.patchApplication(existing, { keyCredentials: [] });
    await world.tenant.patchApplication(existing, { keyCredentials: [theirs] });
    await stack.up(adopted());
    await stack.up(undefined);
    expect((await application()).keyCredentials.map((key) => key.keyId)).toEqual([keyId]);
});

test("a certificate that the owner uploads again in place of ours survives its rotation", async () => {
    const stack = await world.deployed({ applicationId: existing });
    const keyId = randomUUID();
    const theirs = keyCredentialOf(String(world.certificates[0]["certificatePem"]), { keyId });
    await world.tenant.patchApplication(existing, { keyCredentials: [] });
    await world.tenant.patchApplication(existing, { keyCredentials: [theirs] });
    await stack.up(adopted({ certificate: world.certificates[1], certificateOverlapDays: 0 }));
    const left = (await application()).keyCredentials.map((key) => key.keyId);
    expect(left).toHaveLength(2);
    expect(left).toContain(keyId);
});

test("tags of the service principal that only begin in the same way survive", async () => {
    const tags = ["restore-portal", "restore-portal-team:backup", "cost:1"];
    await world.tenant.graph("POST", "/servicePrincipals", { appId: existing, tags });
    const stack = await world.deployed({ applicationId: existing });
    expect((await world.tenant.servicePrincipal(existing)).tags).toEqual(expect.arrayContaining(tags));
    await stack.up(undefined);
    expect((await world.tenant.servicePrincipal(existing)).tags.sort()).toEqual([...tags].sort());
});

test("tags of the application that only begin in the same way survive if they are added between our read and our write", async () => {
    await addTags(world.tenant, existing, "restore-portal:ops:blue");
    const tags = ["green", "red", "white", "grey"].map((color) => `restore-portal:ops:${color}`);
    const added = addBeforeEachRequest(world, tags, (tag) => addTags(world.tenant, existing, tag));
    await world.deployed({ applicationId: existing });
    expect((await application()).tags).toEqual(expect.arrayContaining(["restore-portal:ops:blue", ...added]));
});

describe("a change that the owner makes in a scope between our read and our write stays:", () => {
    const scopesOf = async () => (await application()).api.oauth2PermissionScopes;
    const change = async (id: string, more: object) => {
        const changed = (await scopesOf()).map((scope) => (scope.id === id ? { ...scope, ...more } : scope));
        await world.tenant.patchApplication(existing, { api: { oauth2PermissionScopes: changed } });
    };

    test("who may consent to the owner's scope", async () => {
        const foreign = [1, 2, 3, 4].map((n) => scopeOfTheirs({ value: `Files.Read${n}`, isEnabled: false }));
        await world.tenant.patchApplication(existing, { api: { oauth2PermissionScopes: foreign } });
        const ids = foreign.map(({ id }) => id);
        const added = addBeforeEachRequest(world, ids, (id) => change(id, { type: "Admin" }));
        await world.deployed({ applicationId: existing });
        const scopes = (await scopesOf()).filter(({ id }) => added.includes(id));
        expect(scopes.map(({ type }) => type)).toEqual(added.map(() => "Admin"));
    });
});
