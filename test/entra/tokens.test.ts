// Checks the message about a token service that does not answer in time.
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";

import type { Cloud } from "../../provider/entra/clouds";
import { environmentOf } from "../../provider/entra/credentialVariables";
import { tokenRequester } from "../../provider/entra/tokens";
import { HooksProcess } from "../support/hooks/hooksProcess";
import { HooksStack } from "../support/hooks/hooksStack";
import { failureOf } from "../support/hooks/hooksTenant";
import { SignedInUser } from "../support/tenant/signedInUser";
import { TestTenant } from "../support/tenant/testTenant";

const TENANT = "99999999-9999-4999-8999-999999999999";
const CLIENT = "58a0f8e1-97bd-4804-ba69-bf1ed293e017";

/** Accepts connections and never answers. */
let server: Server;
let host: string;
const sockets: Socket[] = [];
beforeAll(async () => {
    process.env["RESTORE_PORTAL_SIGN_IN_SECONDS"] = "0.3";
    server = createServer((socket) => void sockets.push(socket.on("error", () => undefined)));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
});

async function failure(variables: Record<string, string>): Promise<unknown> {
    const cloud = { loginUrl: `https://${host}`, graphUrl: "https://graph.microsoft.com" } as Cloud;
    const request = await tokenRequester(environmentOf(undefined, variables), cloud, TENANT);
    return request().catch((error: unknown) => error);
}

const LATE =
    "did not answer within 0.3 s; run the command again, or set RESTORE_PORTAL_SIGN_IN_SECONDS to a longer time";

test("the host that signs in is named, with the variable that allows more time", async () => {
    const variables = { AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: CLIENT, AZURE_CLIENT_SECRET: "secret" };
    expect(await failure(variables)).toMatchObject({
        code: "ERR_GRAPH_UNAVAILABLE",
        message: `signing in to tenant ${TENANT} as ${CLIENT}: ${host} ${LATE}`,
    });
});

test("the Azure CLI is named if it does not answer, because the host may have answered", async () => {
    const tenant = await TestTenant.start();
    const user = new SignedInUser(tenant, [], 5);
    const hooks = new HooksProcess({ ...user.env, RESTORE_PORTAL_SIGN_IN_SECONDS: "0.3" });
    const args = { applicationId: CLIENT, portalUrl: "https://portal.abc.com:4443", tenantId: tenant.tenantId };
    expect(await failureOf(new HooksStack(hooks).up(args))).toMatchObject({
        code: "ERR_GRAPH_UNAVAILABLE",
        message: `signing in to tenant ${tenant.tenantId} as the account of az login: the Azure CLI ${LATE}`,
    });
    await hooks.end();
    await tenant.close();
    user.remove();
});
