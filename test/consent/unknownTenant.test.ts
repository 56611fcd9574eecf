// Reads a customer whose tenant no longer exists, in two processes. The customer's status must contain Entra's code.
// Only the first process has read the tenant while it existed. So the sign-in library of the second process first
// requests the tenant's discovery document.
import { ServiceProvider } from "../support/consent/customers";
import { previewed, reportOf } from "../support/report/attribution";

jest.setTimeout(30_000);

test("a tenant that Entra no longer knows is a drift with its code, and never only out of reach", async () => {
    const provider = await ServiceProvider.start();
    const stack = await provider.deployed();
    provider.control.removeTenant(provider.customer().tenantId);
    const hooks = [provider.hooks, provider.startHooks()];
    for (const one of hooks) {
        const again = provider.stack(one);
        again.state = stack.state;
        const { rows } = reportOf([await previewed(again, provider.args(), "PortalTenantConsent")]);
        expect(rows).toMatchObject([
            {
                status: "drifted",
                signIn: "fails",
                words: expect.stringMatching(
                    /AADSTS90002: Tenant '.*' not found.*; this cloud does not know the tenant/,
                ) as string,
                checks: [{ name: "status", aadsts: 90002, remedy: "correct tenantId in the program" }],
            },
        ]);
    }
    await hooks[1]?.end();
    await provider.close();
});
