// Checks Conditional Access policies and named locations as objects of Graph, and the effect of enforced policies on a
// sign-in.
import { aadsts, PlainSignIn, type Tokens } from "../support/signIn/plainSignIn";
import { portalByHand } from "../support/tenant/portalByHand";
import { expectRefusal } from "../support/tenant/refusal";
import { TestTenant } from "../support/tenant/testTenant";

jest.setTimeout(60_000);

let tenant: TestTenant;
let signIn: PlainSignIn;
let start: ReturnType<TestTenant["emulator"]["control"]["snapshot"]>;
beforeAll(async () => {
    tenant = await TestTenant.start();
    signIn = new PlainSignIn(tenant, (await portalByHand(tenant)).appId);
    start = tenant.emulator.control.snapshot();
});
beforeEach(() => {
    tenant.emulator.control.restore(start);
    tenant.emulator.control.signInAs(tenant.emulator.users()[0]);
});
afterEach(() => tenant.emulator.control.reset());
afterAll(() => tenant.close());

const POLICIES = "/identity/conditionalAccess/policies";
const LOCATIONS = "/identity/conditionalAccess/namedLocations";

const policy = (more: object = {}, conditions: object = {}) => ({
    displayName: "Portal",
    state: "enabled",
    conditions: {
        applications: { includeApplications: [signIn.appId] },
        clientAppTypes: ["all"],
        users: { includeUsers: ["All"] },
        ...conditions,
    },
    grantControls: { operator: "OR", builtInControls: ["mfa"] },
    ...more,
});
const add = (more: object = {}, conditions: object = {}) =>
    tenant.graph<{ id: string }>("POST", POLICIES, policy(more, conditions));
const BLOCK = { grantControls: { operator: "OR", builtInControls: ["block"] } };

test("a policy that blocks leads to error 53003, on a page and for a refresh token", async () => {
    const { refresh_token = "" } = await signIn.tokens();
    await add(BLOCK);
    const page = await signIn.authorize();
    expect([page.back, aadsts(page)]).toEqual([undefined, 53003]);
    expect(aadsts(await signIn.refresh(refresh_token))).toBe(53003);
});

test("without the second factor the user gets error 50076, and with it a token", async () => {
    await add();
    expect(aadsts(await signIn.authorize())).toBe(50076);
    const silent = await signIn.authorize({ prompt: "none" });
    expect([silent.back?.get("error"), aadsts(silent)]).toEqual(["interaction_required", 50076]);
    const done = await signIn.authorize({ emulator_mfa: "done" });
    expect((await signIn.redeem(done.back?.get("code") ?? "")).status).toBe(200);
    tenant.emulator.control.signInAs(tenant.emulator.users()[0], { mfa: true });
    expect((await signIn.tokens()).access_token).toBeDefined();
});

test("for a refresh token from before the policy, the client must ask the user again", async () => {
    const { refresh_token = "" } = await signIn.tokens();
    const { id } = await add({
        grantControls: { operator: "AND", builtInControls: [], authenticationStrength: STRENGTH },
    });
    const { body } = await signIn.refresh(refresh_token);
    expect(body).toMatchObject({ error: "interaction_required", suberror: "basic_action" });
    expect((body as Tokens & { claims: string }).claims).toContain(id);
});
const STRENGTH = { id: "00000000-0000-0000-0000-000000000004" };

const allowed: [string, object, object][] = [
    ["in report-only mode", { ...BLOCK, state: "enabledForReportingButNotEnforced" }, {}],
    ["that is disabled", { ...BLOCK, state: "disabled" }, {}],
    [
        "for other applications",
        BLOCK,
        { applications: { includeApplications: ["00000003-0000-0000-c000-000000000000"] } },
    ],
    ["for nobody", BLOCK, { users: { includeUsers: ["None"] } }],
    ["for old clients", BLOCK, { clientAppTypes: ["other"] }],
];
test.each(allowed)("a policy %s lets the user in", async (_name, more, conditions) => {
    await add(more, conditions);
    expect(aadsts(await signIn.authorize())).toBeUndefined();
});

test("a policy for a group does not apply to other users, and a policy without a group does not apply to its members", async () => {
    const group = { displayName: "Operators", mailEnabled: false, mailNickname: "operators", securityEnabled: true };
    const [adele, alex] = tenant.emulator.users();
    const member = `${tenant.emulator.url}/v1.0/directoryObjects/${adele?.id ?? ""}`;
    const { id } = await tenant.graph<{ id: string }>("POST", "/groups", { ...group, "members@odata.bind": [member] });
    const { id: policyId } = await add(BLOCK, { users: { includeGroups: [id] } });
    const numbers = async () => {
        const found = [];
        for (const user of [adele, alex]) {
            tenant.emulator.control.signInAs(user);
            found.push(aadsts(await signIn.authorize()));
        }
        return found;
    };
    expect(await numbers()).toEqual([53003, undefined]);
    const users = { includeUsers: ["All"], excludeGroups: [id] };
    await tenant.graph("PATCH", `${POLICIES}/${policyId}`, { conditions: { users } });
    expect(await numbers()).toEqual([undefined, 53003]);
});

test("a named location applies by the user's address, and cannot be deleted while a policy uses it", async () => {
    const ipRanges = [{ "@odata.type": "#microsoft.graph.iPv4CidrRange", cidrAddress: "203.0.113.0/24" }];
    const body = {
        "@odata.type": "#microsoft.graph.ipNamedLocation",
        displayName: "Office",
        isTrusted: true,
        ipRanges,
    };
    const { id } = await tenant.graph<{ id: string }>("POST", LOCATIONS, body);
    await add(BLOCK, { locations: { includeLocations: ["All"], excludeLocations: [id] } });
    expect(aadsts(await signIn.authorize())).toBe(53003);
    tenant.emulator.control.setClientAddress("203.0.113.7");
    expect(aadsts(await signIn.authorize())).toBeUndefined();
    await expectRefusal(tenant, "DELETE", `${LOCATIONS}/${id}`, undefined, 400, "BadRequest", /referenced by a policy/);
});

test("the sign-in frequency ends a refresh token", async () => {
    const signInFrequency = { isEnabled: true, type: "hours", value: 4, frequencyInterval: "timeBased" };
    await add({ grantControls: null, sessionControls: { signInFrequency } });
    const { refresh_token = "" } = await signIn.tokens();
    tenant.emulator.control.advanceClock(3 * 3600 * 1000);
    const answer = await signIn.refresh(refresh_token);
    expect(answer.status).toBe(200);
    tenant.emulator.control.advanceClock(2 * 3600 * 1000);
    expect(aadsts(await signIn.refresh((answer.body as Tokens).refresh_token ?? ""))).toBe(70043);
});

const wrong: [string, () => object][] = [
    ["an unknown state", () => policy({ state: "on" })],
    ["no controls", () => policy({ grantControls: null })],
    ["no users", () => policy({}, { users: null })],
    ["a group that the tenant does not have", () => policy({}, { users: { includeGroups: [STRENGTH.id] } })],
    [
        "block beside another control",
        () => policy({ grantControls: { operator: "OR", builtInControls: ["block", "mfa"] } }),
    ],
];
test.each(wrong)("a policy with %s is refused", async (_name, body) => {
    await expectRefusal(tenant, "POST", POLICIES, body(), 400, "BadRequest");
});

test("a policy shows its authentication strength, and can be changed and removed", async () => {
    const grantControls = { operator: "OR", builtInControls: [], authenticationStrength: STRENGTH };
    const { id } = await add({ grantControls });
    await tenant.graph("PATCH", `${POLICIES}/${id}`, { state: "disabled" });
    expect(await tenant.graph("GET", `${POLICIES}/${id}`)).toMatchObject({
        state: "disabled",
        grantControls: { authenticationStrength: { ...STRENGTH, displayName: "Phishing-resistant MFA" } },
    });
    await tenant.graph("DELETE", `${POLICIES}/${id}`);
    expect((await tenant.tryGraph("GET", `${POLICIES}/${id}`)).status).toBe(404);
});
