// Graph replaces whole lists. If somebody adds an entry between our read and our write, that entry must come back, even
// if the deployment fails.
import { failureOf, HooksTenant } from "../support/hooks/hooksTenant";
import {
    addBeforeEachRequest,
    addRedirectUris,
    addTags,
    DENIED,
    patchServicePrincipal,
    refuse,
    servicePrincipalByHand,
} from "../support/hooks/ownership";
import { GRAPH_APP_ID } from "../support/tenant/portalByHand";
import { existingApplication } from "../support/tenant/portals";

jest.setTimeout(300_000);

const THEIRS = "https://theirs.contoso.com/x";
const FOUR = [1, 2, 3, 4].map(String);

let world: HooksTenant;
let existing: string;
let appId: string;
beforeAll(async () => {
    world = await HooksTenant.start();
    existing = await existingApplication(world.tenant);
    appId = world.tenant.emulator.identity("deployer").clientId;
    world.keep();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const adopted = (more = {}) => world.portal({ applicationId: existing, ...more });
const addTheirs = () => addRedirectUris(world.tenant, existing, THEIRS);
const redirectUris = async () => (await world.tenant.application(existing)).spa.redirectUris;
/** Adds redirect URIs as the owner, one before each of the first four batches of the deployment. */
const addAddresses = () =>
    addBeforeEachRequest(
        world,
        FOUR.map((n) => `https://theirs.contoso.com/${n}`),
        (uri) => addRedirectUris(world.tenant, existing, uri),
    );

test("entries that a write dropped come back, even if another item of its batch is refused", async () => {
    const stack = world.stack();
    world.control.addFault({ level: "request", path: "/$batch", appId, skip: 2, meanwhile: addTheirs });
    world.control.addFault({ level: "item", method: "POST", path: "/servicePrincipals", appId, ...DENIED });
    await failureOf(stack.up(adopted()));
    await stack.up(adopted());
    expect(await redirectUris()).toContain(THEIRS);
});

test("entries that a write dropped come back, even if the process is killed before it restores them", async () => {
    const hooks = world.startHooks();
    const stack = world.stack(hooks);
    world.control.addFault({ level: "request", path: "/$batch", appId, skip: 2, meanwhile: addTheirs });
    world.control.addFault({
        level: "request",
        path: "/$batch",
        appId,
        skip: 3,
        status: 503,
        meanwhile: () => hooks.kill(),
    });
    await stack.up(adopted()).catch(() => undefined);
    await world.stack().up(adopted());
    expect(await redirectUris()).toContain(THEIRS);
});

test("redirect URIs that are added survive, even if Entra refuses our service principal until the timeout", async () => {
    const stack = world.stack();
    const added = addAddresses();
    const path = { method: "POST", path: "/servicePrincipals" };
    const message = "The appId does not reference a valid application object.";
    refuse(world, path, { status: 400, code: "Request_BadRequest", message });
    await failureOf(stack.up(adopted()));
    expect(await redirectUris()).toEqual(expect.arrayContaining(added));
});

test("redirect URIs that are added survive a rotation in which Entra refuses to enable the service principal", async () => {
    const stack = await world.deployed({ applicationId: existing });
    await patchServicePrincipal(world.tenant, existing, { accountEnabled: false });
    const change = {
        certificate: world.certificates[1],
        certificateOverlapDays: 0,
        portalUrl: "https://moved.abc.com:4443",
    };
    const added = addAddresses();
    refuse(world, { method: "PATCH", path: "/servicePrincipals" });
    await failureOf(stack.up(adopted(change)));
    world.control.clearFaults();
    await stack.up(adopted(change));
    expect(await redirectUris()).toEqual(expect.arrayContaining(added));
});

test("tags that are added while Entra refuses our service principal survive, even without another deployment", async () => {
    const stack = world.stack();
    const tags = FOUR.map((n) => `team:${n}`);
    const added = addBeforeEachRequest(world, tags, (tag) => addTags(world.tenant, existing, tag));
    refuse(world, { method: "POST", path: "/servicePrincipals" });
    await failureOf(stack.up(adopted()));
    expect((await world.tenant.application(existing)).tags).toEqual(expect.arrayContaining(added));
});

test("scopes that an administrator adds to a grant survive while Entra refuses the other grant", async () => {
    const clientId = await servicePrincipalByHand(world.tenant, existing);
    const { id: resourceId } = await world.tenant.servicePrincipal(GRAPH_APP_ID);
    const grant = { clientId, resourceId, consentType: "AllPrincipals", scope: "Calendars.Read" };
    const { id } = await world.tenant.graph<{ id: string }>("POST", "/oauth2PermissionGrants", grant);
    const stack = world.stack();
    const scopes = ["openid", "profile", "email", "offline_access"];
    const added = addBeforeEachRequest(world, scopes, async (more) => {
        const { scope } = await world.tenant.graph<{ scope: string }>("GET", `/oauth2PermissionGrants/${id}`);
        await world.tenant.graph("PATCH", `/oauth2PermissionGrants/${id}`, { scope: `${scope} ${more}` });
    });
    refuse(world, { method: "POST", path: "/oauth2PermissionGrants" });
    await failureOf(stack.up(adopted()));
    const { scope } = await world.tenant.graph<{ scope: string }>("GET", `/oauth2PermissionGrants/${id}`);
    expect(scope.split(" ")).toEqual(expect.arrayContaining(["Calendars.Read", ...added]));
});
