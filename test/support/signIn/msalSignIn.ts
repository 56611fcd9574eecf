// Signs a user in to the portal with Microsoft's library for Node, from the authorize request to the user's name in
// Graph. The client of the portal's page sends the portal's URL as `Origin`, as a browser does. The client of the
// portal's service uses the certificate.
import {
    ConfidentialClientApplication,
    CryptoProvider,
    PublicClientApplication,
    type INetworkModule,
    type NetworkRequestOptions,
    type NetworkResponse,
} from "@azure/msal-node";

import { GRAPH_SCOPES, type ClientCertificate } from "./signIn";
import type { TestTenant } from "../tenant/testTenant";

export interface PortalClient {
    readonly appId: string;
    readonly authority: string;
    readonly portalUrl: string;
    readonly certificate: ClientCertificate;
}

/** Signs in the user that the test set in the emulator, and returns the user's display name. */
export async function nameBySignIn(tenant: TestTenant, portal: PortalClient): Promise<string> {
    const { appId: clientId, authority, certificate } = portal;
    const knownAuthorities = [new URL(authority).host];
    const token = await tokenOfPage(tenant, portal, { clientId, authority, knownAuthorities });
    const service = new ConfidentialClientApplication({
        auth: {
            clientId,
            authority,
            knownAuthorities,
            clientCertificate: {
                thumbprintSha256: certificate.certificate.fingerprint256.replaceAll(":", ""),
                privateKey: certificate.key.export({ type: "pkcs8", format: "pem" }).toString(),
            },
        },
        system: { networkClient: network(tenant, {}) },
    });
    const request = { oboAssertion: token, scopes: GRAPH_SCOPES };
    const accessToken = (await service.acquireTokenOnBehalfOf(request))?.accessToken ?? "";
    const headers = { Authorization: `Bearer ${accessToken}` };
    const { body } = await tenant.send("GET", `${tenant.emulator.url}/v1.0/me`, headers, undefined);
    return (body as { displayName: string }).displayName;
}

async function tokenOfPage(
    tenant: TestTenant,
    { appId, portalUrl }: PortalClient,
    auth: { clientId: string; authority: string; knownAuthorities: string[] },
): Promise<string> {
    const page = new PublicClientApplication({
        auth,
        system: { networkClient: network(tenant, { Origin: portalUrl }) },
    });
    const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
    const request = { scopes: [`api://${appId}/access_as_user`], redirectUri: portalUrl };
    const pkce = { codeChallenge: challenge, codeChallengeMethod: "S256" };
    const url = await page.getAuthCodeUrl({ ...request, ...pkce, responseMode: "query" });
    const { headers, body } = await tenant.send("GET", url, {}, undefined);
    const back = new URL(headers.location ?? "about:blank").searchParams;
    const code = back.get("code");
    if (code === null) throw new Error(back.get("error_description") ?? JSON.stringify(body).slice(0, 500));
    return (await page.acquireTokenByCode({ ...request, code, codeVerifier: verifier })).accessToken;
}

function network(tenant: TestTenant, extra: Readonly<Record<string, string>>): INetworkModule {
    const send = async <T>(method: string, url: string, options?: NetworkRequestOptions) => {
        const headers = { ...options?.headers, ...extra };
        const answer = await tenant.send(method, url, headers, options?.body);
        return { status: answer.status, headers: {}, body: answer.body } as NetworkResponse<T>;
    };
    return {
        sendGetRequestAsync: (url, options) => send("GET", url, options),
        sendPostRequestAsync: (url, options) => send("POST", url, options),
    };
}
