// Gets access tokens for Graph with @azure/identity. tokenError.ts writes most messages about failures.
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";

import { PortalError } from "../portalError";
import { signInTimeoutMs } from "../settings";
import type { Cloud } from "./clouds";
import { clientCertificate } from "./clientCertificate";
import { givenVariable, type Environment } from "./credentialVariables";
import { readCredentials, SECRETS, type CredentialKind } from "./credentials";
import { azurePipeline, tokenOfFile, tokenOfGithub, tokenOfVariable } from "./federatedTokens";
import { checkedClient } from "./signInAnswers";
import { directTransport, signInTransport } from "./signInTransport";
import { signingIn, tokenError, tokenService, type TokenRequest } from "./tokenError";

export interface AccessToken {
    readonly token: string;
    /** The end of the token's validity, in milliseconds since the epoch. */
    readonly expiresOn: number;
}

// @azure/identity is loaded on demand, because the load takes a quarter of a second. A preview without credentials does
// not need the library.
const loadIdentity = () => import("@azure/identity");
type Identity = Awaited<ReturnType<typeof loadIdentity>>;

/** The loading begins after this pause, so that the work before the sign-in has already sent its first request. */
const SENT_AFTER_MS = 20;

/**
 * Loads the library while the work before the sign-in waits for the network. So the sign-in need not wait for the
 * library.
 */
export async function loadingSignIn<T>(work: Promise<T>): Promise<T> {
    const load = () => {
        // A failure is ignored here, because the sign-in itself loads the library and reports a failure.
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
            // Creates a new credential each time. A cached credential could return a token that Graph has refused, and
            // cached credentials for many tenants would fill memory.
            const credential = await credentialOf({ ...who, identity, httpClient });
            const request = credential.getToken(scope, claims === undefined ? {} : { claims });
            const token = await withinTimeout(request, who);
            if (token === null) throw new Error("the token service answered without a token; run the command again");
            return { token: token.token, expiresOn: token.expiresOnTimestamp };
        } catch (error) {
            throw tokenError(httpClient.failure ?? error, who);
        }
    };
}

/**
 * Limits the time of a sign-in. The library's own timeout and an abort signal do not end a sign-in that hangs
 * (measured).
 */
async function withinTimeout<T>(request: Promise<T>, who: TokenRequest): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const timeoutMs = signInTimeoutMs();
    const timeout = new Promise<never>((_done, fail) => {
        const service = readCredentials(who.environment).kind === "azureCli" ? "the Azure CLI" : tokenService(who);
        const error = new PortalError(
            "ERR_GRAPH_UNAVAILABLE",
            `${signingIn(who)}: ${service} did not answer within ${timeoutMs / 1000} s; run the command again, or set RESTORE_PORTAL_SIGN_IN_SECONDS to a longer time`,
        );
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

/** The parameters of a sign-in that most kinds of credentials need. */
interface ClientSignIn extends SignIn {
    readonly clientId: string;
    readonly options: object;
}

async function credentialOf(signIn: SignIn): Promise<TokenCredential> {
    const { environment, cloud, httpClient } = signIn;
    const { kind, clientId = "" } = readCredentials(environment);
    const options = {
        authorityHost: cloud.loginUrl,
        // The library sends its instance discovery to the public cloud even if `authorityHost` is in another cloud. So
        // the discovery is turned off.
        disableInstanceDiscovery: true,
        // checkedClient retries, so the library must not.
        retryOptions: { maxRetries: 0 },
        ...sentBy(httpClient),
    };
    return CREDENTIALS[kind]({ ...signIn, clientId, options });
}

/** To add a kind of credentials, add its row here and its variables in credentials.ts. */
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
 * Makes the library send requests only through `httpClient`. Without `proxyOptions`, the library would read the proxy
 * variables itself, by other rules. `httpClient` ignores `proxyOptions`, so the address in it has no effect.
 */
function sentBy(httpClient: HttpClient) {
    return { httpClient, proxyOptions: { host: "http://localhost", port: 1 } };
}

/**
 * Gets the token of the cluster or pipeline before the library runs, because the library would hide why there is no
 * token.
 */
async function assertion(
    { identity, tenantId, clientId, options }: ClientSignIn,
    tokenOf: () => string | Promise<string>,
): Promise<TokenCredential> {
    const token = await tokenOf();
    return new identity.ClientAssertionCredential(tenantId, clientId, () => Promise.resolve(token), options);
}
