// Runs the Python program of stacks/customers/, which has one provider object for each customer's tenant.
import { cpSync } from "node:fs";
import { join, resolve } from "node:path";

import { CONSENT_ROLES } from "../../support/consent/customers";
import { useLanguage } from "../../support/engine/languages";
import { Workspace } from "../../support/engine/workspace";
import { TestTenant } from "../../support/tenant/testTenant";

jest.setTimeout(600_000);

const PROGRAM = resolve(__dirname, "../../../stacks/customers/__main__.py");
const NAMES = ["contoso", "abc"];

test("one program consents in each customer's tenant through its own provider, and takes the consent back", async () => {
    const home = await TestTenant.start({ tenants: 1 + NAMES.length });
    const { clientId } = home.emulator.identity("deployer");
    await home.patchApplication(clientId, { signInAudience: "AzureADMultipleOrgs" });
    const customers = home.emulator.tenantIds.slice(1).map((tenantId) => home.neighbour(tenantId));
    for (const { tenantId } of customers) home.emulator.consentTo({ tenantId, clientId, roles: CONSENT_ROLES });
    const workspace = new Workspace({ env: home.env, face: "native" });
    useLanguage(workspace, "python");
    cpSync(PROGRAM, join(workspace.folder, "__main__.py"));
    await workspace.init();
    const list = customers.map(({ tenantId }, index) => ({ name: NAMES[index], tenantId }));
    await workspace.pulumi(["config", "set", "portalUrl", "https://portal.abc.com:4443"]);
    await workspace.pulumi(["config", "set", "customers", JSON.stringify(list)]);
    await workspace.upOk();
    expect(JSON.parse(await workspace.output("consents"))).toEqual({ contoso: "granted", abc: "granted" });
    const appId = await workspace.output("applicationId");
    for (const customer of customers) expect(await customer.grants(appId)).toHaveLength(2);
    await workspace.previewUnchanged();
    await workspace.destroyOk();
    for (const customer of customers)
        expect((await customer.tryGraph("GET", `/servicePrincipals(appId='${appId}')`)).status).toBe(404);
    workspace.remove();
    await home.close();
});
