// Checks the discovery documents of each region.
import { randomUUID } from "node:crypto";

import { startEmulator } from "../../emulator";
import { send } from "../support/signIn/applicationSignIn";

jest.setTimeout(60_000);

test("the discovery document and the metadata identify the region by the values of its cloud", async () => {
    for (const [region, instance, sub, name] of [
        ["Worldwide", "microsoftonline.com", null, "AzureCloud"],
        ["China", "partner.microsoftonline.cn", null, "AzureChinaCloud"],
        ["USGovernment", "microsoftonline.us", "DODCON", "AzureUSGovernment"],
        ["USDefence", "microsoftonline.us", "DOD", "AzureUSGovernment"],
    ] as const) {
        const emulator = await startEmulator({ region });
        const get = (path: string) => send(emulator, "GET", path, {});
        const document = await get(`/contoso.com/v2.0/.well-known/openid-configuration`);
        expect(document.body).toMatchObject({
            cloud_instance_name: instance,
            tenant_region_sub_scope: sub,
            issuer: `${emulator.url}/${emulator.tenantId}/v2.0`,
        });
        expect((await get("/metadata/endpoints?api-version=2022-09-01")).body).toMatchObject({
            name,
            microsoftGraphResourceId: `${emulator.url}/`,
        });
        expect((await get(`/${randomUUID()}/v2.0/.well-known/openid-configuration`)).body).toMatchObject({
            error: "invalid_tenant",
            error_codes: [90002],
        });
        await emulator.close();
    }
});
