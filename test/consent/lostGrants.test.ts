// Entra creates a grant, but the answer to the POST is an error or never arrives. The deployment must succeed. The
// grant must count as ours, so that a release removes it. The tests use both forms of Entra's error "already exists".
import { GRANTED, ServiceProvider } from "../support/consent/customers";

jest.setTimeout(120_000);

let provider: ServiceProvider;
beforeAll(async () => {
    provider = await ServiceProvider.start();
});
afterAll(() => provider.close());
afterEach(() => provider.reset());

const customer = () => provider.customer();

const LOST: [string, object][] = [
    ["504", { status: 504 }],
    ["404 Directory_ObjectNotFound", { status: 404, code: "Directory_ObjectNotFound" }],
    ["429", { status: 429, headers: { "retry-after": "1" } }],
    ["a dropped connection", { drop: true }],
];
const FORMS: (400 | 409)[] = [400, 409];

describe.each(FORMS)("%i for a second grant", (form) => {
    test.each(LOST)("the grants are ours although the answer to their batch was %s", async (_name, fault) => {
        provider.control.setDuplicateGrantStatus(form);
        const level = "drop" in fault ? { level: "request", path: "/$batch" } : { level: "item", path: "Grants" };
        const appId = provider.deployer.clientId;
        provider.control.addFault({ ...level, method: "POST", appId, effect: "after", count: 2, ...fault } as never);
        const stack = await provider.deployed();
        expect((await provider.stateOf()).grants).toEqual(GRANTED);
        await provider.expectCalm(stack, provider.args());
        await stack.up(undefined);
        expect((await provider.stateOf()).grants).toEqual([]);
    });

    test.each(LOST)("the grant is ours although the answer to its POST was %s", async (_name, fault) => {
        provider.control.setDuplicateGrantStatus(form);
        const { id } = await customer().graph<{ id: string }>("POST", "/servicePrincipals", {
            appId: provider.app.appId,
            tags: ["WindowsAzureActiveDirectoryIntegratedApp"],
        });
        const grant = { clientId: id, resourceId: id, consentType: "AllPrincipals", scope: "access_as_user" };
        await customer().graph("POST", "/oauth2PermissionGrants", grant);
        const { clientId: appId } = provider.deployer;
        const path = "/oauth2PermissionGrants";
        provider.control.addFault({ method: "POST", path, appId, effect: "after", ...fault });
        const stack = await provider.deployed();
        expect((await provider.stateOf()).grants).toEqual(GRANTED);
        await stack.up(undefined);
        expect((await provider.stateOf()).grants).toEqual(["access_as_user of itself"]);
    });
});

test("a grant that another client created at the same moment stays the other client's", async () => {
    const { id: clientId } = await customer().graph<{ id: string }>("POST", "/servicePrincipals", {
        appId: provider.app.appId,
        tags: ["WindowsAzureActiveDirectoryIntegratedApp"],
    });
    const { id: resourceId } = await customer().servicePrincipal("00000003-0000-0000-c000-000000000000");
    const grant = { clientId, resourceId, consentType: "AllPrincipals", scope: "User.Read" };
    const meanwhile = () => customer().graph("POST", "/oauth2PermissionGrants", grant);
    const appId = provider.deployer.clientId;
    provider.control.addFault({ level: "item", method: "POST", path: "Grants", appId, meanwhile });
    const stack = await provider.deployed();
    await stack.up(undefined);
    expect((await provider.stateOf()).grants).toEqual(["User.Read of Graph"]);
});
