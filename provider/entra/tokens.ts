// Gets tokens for Graph with @azure/identity. tokenError.ts writes the messages for its failures.
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";

import { signInTimeoutMs } from "../settings";
import type { Cloud } from "./clouds";
import { clientCertificate } from "./clientCertificate";
import { givenVariable, type Environment } from "./credentialVariables";
import { readCredentials, SECRETS, type CredentialKind } from "./credentials";
import { azurePipeline, tokenOfFile, tokenOfGithub, tokenOfVariable } from "./federatedTokens";
import { checkedClient } from "./signInAnswers";
import { directTransport, signInTransport } from "./signInTransport";
import { signingIn, tokenError, type TokenRequest } from "./tokenError";

export interface AccessToken {
    readonly token: string;
    /** Milliseconds since the epoch. */
    readonly expiresOn: number;
}

// The library is loaded on demand. Loading takes a quarter of a second, and a preview without credentials does not need
// it.
const loadIdentity = () => import("@azure/identity");
type Identity = Awaited<ReturnType<typeof loadIdentity>>;

/** The library is loaded after this time, so that the work can send its first request before. */
const SENT_AFTER_MS = 20;

/** Loads the library while the work before a sign-in waits for the network. Otherwise the sign-in would wait for both. */
export async function loadingSignIn<T>(work: Promise<T>): Promise<T> {
    const load = () => {
        // The sign-in loads the library too and reports a failure, so it is ignored here.
        void Promise.all([loadIdentity(), signInTransport()]).catch(() => undefined);
    };
    const timer = setTimeout(load, SENT_AFTER_MS);
    try {
        return await work;
    } finally {
        clearTimeout(timer);
    }
}

/** Returns a function that requests a token. `claims`: the challenge of a 401 answer. */
export async function tokenRequester(
    environment: Environment,
    cloud: Cloud,
    tenantId: string,
): Promise<(claims?: string) => Promise<AccessToken>> {
    const [identity, network] = await Promise.all([loadIdentity(), signInTransport()]);
    const who = { environment, cloud, tenantId };
    const scope = `${cloud.graphUrl}/.default`;
    return async (claims) => {
        const httpClient = checkedClient(network, signingIn(who));
        try {
            // Creates a new credential each time. A cached one could return a refused token, and credentials of many
            // tenants would fill memory.
            const credential = await credentialOf({ ...who, identity, httpClient });
            const request = credential.getToken(scope, claims === undefined ? {} : { claims });
            const token = await withinTimeout(request, cloud);
            if (token === null) throw new Error("the token service answered without a token");
            return { token: token.token, expiresOn: token.expiresOnTimestamp };
        } catch (error) {
            throw tokenError(httpClient.failure ?? error, who);
        }
    };
}

/** Neither a timeout nor an abort signal ends a sign-in of the library that hangs (measured). */
async function withinTimeout<T>(request: Promise<T>, cloud: Cloud): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const timeoutMs = signInTimeoutMs();
    const timeout = new Promise<never>((_done, fail) => {
        const { host } = new URL(cloud.loginUrl);
        const error = new Error(`network_error: ${host} did not answer within ${timeoutMs / 1000} s`);
        timer = setTimeout(() => fail(error), timeoutMs);
    });
    try {
        return await Promise.race([request, timeout]);
    } finally {
        clearTimeout(timer);
    }
}

interface SignIn extends TokenRequest {
    readonly identity: Identity;
    readonly httpClient: HttpClient;
}

/** Signs in with the parameters that most kinds of credential need. */
interface ClientSignIn extends SignIn {
    readonly clientId: string;
    readonly options: object;
}

async function credentialOf(signIn: SignIn): Promise<TokenCredential> {
    const { environment, cloud, httpClient } = signIn;
    const { kind, clientId = "" } = readCredentials(environment);
    const options = {
        authorityHost: cloud.loginUrl,
        // The library would send its instance discovery to the public cloud, whatever the authority is. So it is turned
        // off.
        disableInstanceDiscovery: true,
        // checkedClient retries, so the library must not.
        retryOptions: { maxRetries: 0 },
        ...sentBy(httpClient),
    };
    return CREDENTIALS[kind]({ ...signIn, clientId, options });
}

/** To add a kind of credential, add its row here and its variables in credentials.ts. */
const CREDENTIALS: Readonly<
    Record<CredentialKind, (signIn: ClientSignIn) => TokenCredential | Promise<TokenCredential>>
> = {
    secret: ({ identity, environment, tenantId, clientId, options }) => {
        const secret = givenVariable(environment, "secret", ...SECRETS)?.value ?? "";
        return new identity.ClientSecretCredential(tenantId, clientId, secret, options);
    },
    certificate: ({ identity, environment, tenantId, clientId, options }) => {
        const certificate = clientCertificate(environment);
        return new identity.ClientCertificateCredential(tenantId, clientId, { certificate }, options);
    },
    azurePipelines: ({ identity, environment, tenantId, clientId, options }) => {
        const { connectionId, accessToken } = azurePipeline(environment);
        return new identity.AzurePipelinesCredential(tenantId, clientId, connectionId, accessToken, options);
    },
    workloadIdentity: (signIn) => assertion(signIn, () => tokenOfFile(signIn.environment)),
    oidcToken: (signIn) => assertion(signIn, () => tokenOfVariable(signIn.environment)),
    githubOidc: (signIn) => assertion(signIn, () => tokenOfGithub(signIn.environment, signIn.cloud)),
    managedIdentity: async ({ identity, clientId }) => {
        const options = sentBy(await directTransport());
        return new identity.ManagedIdentityCredential(clientId === "" ? options : { clientId, ...options });
    },
    azureCli: ({ identity, tenantId }) => new identity.AzureCliCredential({ tenantId }),
};

/**
 * Our clients use the proxy. If `proxyOptions` were missing, the library would also read the proxy variables, and would
 * understand them in its own way.
 */
function sentBy(httpClient: HttpClient) {
    return { httpClient, proxyOptions: { host: "http://localhost", port: 1 } };
}

/** Gets the outside token before the library runs. Otherwise the library would hide why no token is available. */
async function assertion(
    { identity, tenantId, clientId, options }: ClientSignIn,
    tokenOf: () => string | Promise<string>,
): Promise<TokenCredential> {
    const token = await tokenOf();
    return new identity.ClientAssertionCredential(tenantId, clientId, () => Promise.resolve(token), options);
}
