// Checks that a release undoes our changes exactly. A release restores a value only if the live value is still the one
// that we wrote. A release removes an entry only when the last holder of the entry leaves.
import { HooksTenant } from "../support/hooks/hooksTenant";
import { servicePrincipalByHand } from "../support/hooks/ownership";
import { existingApplication } from "../support/tenant/portals";

jest.setTimeout(300_000);

const ASSIGNMENT = { servicePrincipal: "assignment required" };

let world: HooksTenant;
let existing: string;
beforeAll(async () => {
    world = await HooksTenant.start();
    existing = await existingApplication(world.tenant, { serviceManagementReference: "CMDB-1" });
    world.keep();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const adopted = (more = {}) => world.portal({ applicationId: existing, ...more });
const stackOf = (name: string, more = {}) => adopted({ identity: `organization/portals/${name}/portal`, ...more });
const application = () => world.tenant.application(existing);
const needsAssignment = async () => (await world.tenant.servicePrincipal(existing)).appRoleAssignmentRequired;
const reference = async () => (await application())["serviceManagementReference"];

test("an audience that the owner set later is left alone", async () => {
    const stack = await world.deployed({ applicationId: existing, signInAudience: "AzureADMultipleOrgs" });
    await world.tenant.patchApplication(existing, {
        api: { requestedAccessTokenVersion: 2 },
        signInAudience: "AzureADandPersonalMicrosoftAccount",
    });
    await stack.up(undefined);
    expect((await application()).signInAudience).toBe("AzureADandPersonalMicrosoftAccount");
});

describe("release restores a value that we changed:", () => {
    test("assignment required", async () => {
        await servicePrincipalByHand(world.tenant, existing);
        const stack = await world.deployed({ applicationId: existing, ...ASSIGNMENT });
        await stack.up(undefined);
        expect(await needsAssignment()).toBe(false);
    });

    test("an audience that the program named later", async () => {
        const stack = await world.deployed({ applicationId: existing });
        await stack.up(adopted({ signInAudience: "AzureADMultipleOrgs" }));
        await stack.up(undefined);
        expect((await application()).signInAudience).toBe("AzureADMyOrg");
    });

    test("assignment required that the program named later", async () => {
        await servicePrincipalByHand(world.tenant, existing);
        const stack = await world.deployed({ applicationId: existing });
        await stack.up(adopted(ASSIGNMENT));
        await stack.up(undefined);
        expect(await needsAssignment()).toBe(false);
    });

    test("the service management reference from before the adoption", async () => {
        const stack = await world.deployed({ applicationId: existing, serviceManagementReference: "CMDB-2" });
        await stack.up(adopted({ serviceManagementReference: "CMDB-3" }));
        await stack.up(undefined);
        expect(await reference()).toBe("CMDB-1");
    });
});

test("release restores only values that nobody changed after us", async () => {
    await servicePrincipalByHand(world.tenant, existing);
    const stack = await world.deployed({
        applicationId: existing,
        serviceManagementReference: "CMDB-2",
        signInAudience: "AzureADMultipleOrgs",
        ...ASSIGNMENT,
    });
    await world.tenant.patchApplication(existing, { serviceManagementReference: "CMDB-9" });
    await stack.up(undefined);
    const { signInAudience } = await application();
    expect([await reference(), signInAudience, await needsAssignment()]).toEqual(["CMDB-9", "AzureADMyOrg", false]);
});

describe("the last stack removes what we gave up while it needed it:", () => {
    const one = "https://one.abc.com:4443";
    const two = "https://two.abc.com:4443";

    test("the web address", async () => {
        const [a, b] = [world.stack(), world.stack()];
        await a.up(stackOf("a", { portalUrl: one }));
        await b.up(stackOf("b", { portalUrl: one }));
        await a.up(stackOf("a", { portalUrl: two }));
        await a.up(undefined);
        await b.up(undefined);
        expect((await application()).spa.redirectUris).toEqual([]);
    });

    test("an additional web address, and the certificate", async () => {
        const [a, b] = [world.stack(), world.stack()];
        const [first, second] = world.certificates;
        const start = { additionalPortalUrls: [one], certificate: first };
        await a.up(stackOf("a", start));
        await b.up(stackOf("b", start));
        await a.up(stackOf("a", { certificate: second, certificateOverlapDays: 0 }));
        await b.up(stackOf("b", { certificate: second, certificateOverlapDays: 0 }));
        const { spa } = await application();
        expect(spa.redirectUris).toEqual(["https://portal.abc.com:4443"]);
        await b.up(undefined);
        await a.up(undefined);
        const { spa: left, keyCredentials } = await application();
        expect([left.redirectUris, keyCredentials]).toEqual([[], []]);
    });

    test("the service management reference from before the first stack", async () => {
        const [a, b] = [world.stack(), world.stack()];
        const wanted = { serviceManagementReference: "CMDB-2" };
        await a.up(stackOf("a", wanted));
        await b.up(stackOf("b", wanted));
        await a.up(undefined);
        expect(await reference()).toBe("CMDB-2");
        await b.up(undefined);
        expect(await reference()).toBe("CMDB-1");
    });
});

test.each(["registered", "adopted"])("destroy continues after one wrong 404: %s", async (kind) => {
    const stack = await world.deployed(kind === "adopted" ? { applicationId: existing } : {});
    const id = stack.state?.id ?? "";
    world.control.addFault({
        level: "item",
        method: "GET",
        path: `/applications(appId='${id}')`,
        appId: world.tenant.emulator.identity("deployer").clientId,
        status: 404,
        code: "Request_ResourceNotFound",
    });
    await world.hooks.call("delete", id, stack.state?.outputs).catch(() => undefined);
    const { status, body } = await world.tenant.tryGraph("GET", `/applications(appId='${id}')`);
    if (kind === "registered") expect(status).toBe(404);
    else expect((body as { spa: { redirectUris: string[] } }).spa.redirectUris).toEqual([]);
});

test("a service management reference that is too long for a tag comes back, although another stack changed our tag", async () => {
    const long = "CMDB-".padEnd(200, "x");
    await world.tenant.patchApplication(existing, { serviceManagementReference: long });
    const [a, b] = [world.stack(), world.stack()];
    const shared = { additionalPortalUrls: ["https://shared.abc.com:4443"] };
    await b.up(stackOf("b", shared));
    await a.up(stackOf("a", { ...shared, serviceManagementReference: "A" }));
    await b.up(undefined);
    await a.up(undefined);
    expect(await reference()).toBe(long);
});
