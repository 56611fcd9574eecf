// One stack added an entry, and another stack needs it. When the first stack leaves, it must hand the entry over. The
// last stack that needs the entry must remove it. If an owner has replaced a scope, no stack needs a permission to the
// old scope.
import type { HooksTenant } from "../support/hooks/hooksTenant";
import { withExistingApplication } from "../support/hooks/existingApplication";
import { replaceScope } from "../support/hooks/ownership";

jest.setTimeout(300_000);

const DAY_MS = 86_400_000;

let world: HooksTenant;
let existing: string;
withExistingApplication((started, appId) => ([world, existing] = [started, appId]));

const stackOf = (name: string, more = {}) =>
    world.portal({ applicationId: existing, identity: `portals/${name}//portal`, ...more });
const permissions = async () => {
    const { requiredResourceAccess } = await world.tenant.application(existing);
    return requiredResourceAccess
        .filter(({ resourceAppId }) => resourceAppId === existing)
        .flatMap(({ resourceAccess }) => resourceAccess.map(({ id }) => id));
};

test("a certificate that another stack handed over is removed by the up that replaces it", async () => {
    const [a, b] = [world.stack(), world.stack()];
    const rotated = stackOf("b", { certificate: world.certificates[1], certificateOverlapDays: 0 });
    await a.up(stackOf("a"));
    await b.up(stackOf("b"));
    await a.up(undefined);
    const { keyCredentials: handed } = await world.tenant.application(existing);
    expect(handed).toHaveLength(1);
    await b.up(rotated);
    const { keyCredentials } = await world.tenant.application(existing);
    expect(keyCredentials).toHaveLength(1);
    expect(keyCredentials[0]?.keyId).not.toBe(handed[0]?.keyId);
    await world.expectCalm(b, rotated);
});

test("a certificate that another stack handed over stays for its overlap, and the record says until when", async () => {
    const [a, b] = [world.stack(), world.stack()];
    const rotated = stackOf("b", { certificate: world.certificates[1], certificateOverlapDays: 7 });
    await a.up(stackOf("a"));
    await b.up(stackOf("b"));
    await a.up(undefined);
    await b.up(rotated);
    const certificates = b.state?.outputs["certificates"] as { replacedOn?: string; retiresOn?: string }[];
    const [{ replacedOn = "", retiresOn = "" } = {}] = certificates.filter(({ retiresOn: on }) => on !== undefined);
    expect(Date.parse(retiresOn) - Date.parse(replacedOn)).toBe(7 * DAY_MS);
    expect(certificates).toHaveLength(2);
});

describe("a permission to a scope that its owner replaced", () => {
    test("goes with the stack that added it, although another stack uses the application", async () => {
        const [a, b] = [world.stack(), world.stack()];
        await a.up(stackOf("a"));
        await b.up(stackOf("b"));
        await replaceScope(world.tenant, existing);
        await a.up(undefined);
        expect(await permissions()).toEqual([]);
        await b.up(undefined);
        expect((await world.tenant.application(existing)).requiredResourceAccess).toEqual([]);
    });

    test("goes with the stack that added it, if only the tag names it", async () => {
        const [a, b] = [world.stack(), world.stack()];
        const shared = { additionalPortalUrls: ["https://shared.abc.com:4443"] };
        await b.up(stackOf("b", { adminConsent: false, ...shared }));
        await a.up(stackOf("a", shared));
        await b.up(undefined);
        // Stack a's tag now contains the entry that b handed over, so the tag is newer than a's state.
        await replaceScope(world.tenant, existing);
        await a.up(undefined);
        expect((await world.tenant.application(existing)).requiredResourceAccess).toEqual([]);
    });

    test("goes with the next write, although the owner requires the permission to the new scope", async () => {
        const stack = await world.deployed({ applicationId: existing });
        const scope = await replaceScope(world.tenant, existing);
        const { requiredResourceAccess } = await world.tenant.application(existing);
        const theirs = { resourceAppId: existing, resourceAccess: [{ id: scope.id, type: "Scope" }] };
        const others = requiredResourceAccess.filter(({ resourceAppId }) => resourceAppId !== existing);
        const own = requiredResourceAccess.filter(({ resourceAppId }) => resourceAppId === existing);
        const all = {
            ...theirs,
            resourceAccess: [...own.flatMap((one) => one.resourceAccess), ...theirs.resourceAccess],
        };
        await world.tenant.patchApplication(existing, { requiredResourceAccess: [...others, all] });
        expect(await permissions()).toHaveLength(2);
        await stack.up(world.portal({ applicationId: existing, portalUrl: "https://moved.abc.com:4443" }));
        expect(await permissions()).toEqual([scope.id]);
        await stack.up(undefined);
        expect((await world.tenant.application(existing)).requiredResourceAccess).toEqual([theirs]);
    });

    test("goes with the last of two stacks that each added one", async () => {
        const [a, b] = [world.stack(), world.stack()];
        await a.up(stackOf("a"));
        await replaceScope(world.tenant, existing);
        await b.up(stackOf("b"));
        expect(await permissions()).toHaveLength(2);
        await b.up(undefined);
        await a.up(undefined);
        expect((await world.tenant.application(existing)).requiredResourceAccess).toEqual([]);
    });
});
