// Checks answers of the sign-in host that are not in Entra's form, and addresses of hosts and proxies that cannot be
// right.
import type { HttpClient, PipelineRequest } from "@azure/core-rest-pipeline";

import { cloudOf } from "../../provider/entra/clouds";
import { environmentOf } from "../../provider/entra/credentialVariables";
import { proxyEnvironment } from "../../provider/entra/proxyVariables";
import { checkedClient } from "../../provider/entra/signInAnswers";

const URL_OF_DISCOVERY = "https://login.contoso.com/t/v2.0/.well-known/openid-configuration";

test.each(["null", "5", "[]", '{"error":"x","error_description":5}', '{"error_description":{}}', "<html>"])(
    "a refused discovery document that is %s is passed on without advice",
    async (bodyAsText) => {
        const headers = { get: () => "application/json" };
        const sendRequest = (request: PipelineRequest) =>
            Promise.resolve({ request, status: 400, bodyAsText, headers });
        const client = checkedClient({ sendRequest } as unknown as HttpClient, "signing in");
        const request = { method: "GET", url: URL_OF_DISCOVERY } as PipelineRequest;
        expect(await client.sendRequest(request)).toMatchObject({ status: 400 });
        expect(client.failure).toBeUndefined();
    },
);

test.each(["localhost:99999", "[::1]:99999", "[:::::]", "256.256.256.256", "xn--"])(
    "ARM_METADATA_HOSTNAME %s is refused by its name",
    async (host) => {
        const environment = environmentOf(undefined, { ARM_METADATA_HOSTNAME: host });
        await expect(cloudOf("Worldwide", environment)).rejects.toThrow(/ARM_METADATA_HOSTNAME must be a host name/);
    },
);

test.each(["http:/proxy.abc.com:8080", "HTTPS:/proxy.abc.com:8080"])(
    "the proxy %s is refused by its variable",
    (value) => {
        expect(() => proxyEnvironment({ HTTPS_PROXY: value })).toThrow(/HTTPS_PROXY is not the address of a proxy/);
    },
);
