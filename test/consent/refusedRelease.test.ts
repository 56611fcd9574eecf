// Checks a release of consent that Entra carries out only in part: a grant that the customer gives again must then
// stay.
import { ServiceProvider } from "../support/consent/customers";
import { DENIED } from "../support/hooks/ownership";

jest.setTimeout(60_000);

let provider: ServiceProvider;
beforeAll(async () => {
    provider = await ServiceProvider.start();
});
afterAll(() => provider.close());

test("if Entra refuses to remove the second grant, the first one stays if the customer gives it again", async () => {
    const { appId } = provider.app;
    const customer = provider.customer();
    await customer.graph("POST", "/servicePrincipals", { appId, tags: ["customer:own"] });
    const stack = provider.stack();
    await stack.up(provider.args());
    const grants = await customer.grants(appId);
    expect(grants).toHaveLength(2);
    provider.control.addFault({ method: "DELETE", path: "/oauth2PermissionGrants", skip: 1, count: 99, ...DENIED });
    await expect(stack.up(undefined)).rejects.toThrow("removing a grant");
    provider.control.clearFaults();
    const [left] = await customer.grants(appId);
    const [first] = grants.filter(({ id }) => id !== left?.id);
    const { clientId, consentType, resourceId, scope } = first ?? {};
    await customer.graph("POST", "/oauth2PermissionGrants", { clientId, consentType, resourceId, scope });
    await stack.up(undefined);
    expect((await customer.grants(appId)).map(({ id }) => id)).toEqual([first?.id]);
});
