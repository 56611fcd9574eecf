// Gets tokens for Graph with @azure/identity. tokenError.ts words its failures.
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";

import { REGIONS } from "../inputs/regions";
import { signInTimeoutMs } from "../settings";
import type { Cloud } from "./clouds";
import { firstVariable, variable, type Environment } from "./credentialVariables";
import { readCredentials, type CredentialKind } from "./credentials";
import { ATTEMPT_TIMEOUT_MS } from "./http";
import { checkedClient } from "./signInAnswers";
import { signInTransport } from "./signInTransport";
import { signingIn, tokenError, type TokenRequest } from "./tokenError";

export interface AccessToken {
    readonly token: string;
    /** Milliseconds since the epoch. */
    readonly expiresOn: number;
}

// Loaded on demand: loading takes a quarter of a second, and a preview without credentials does not need it.
const loadIdentity = () => import("@azure/identity");
type Identity = Awaited<ReturnType<typeof loadIdentity>>;

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
            // A new credential each time: a cached one could return a token that was refused, and many tenants would
            // fill memory.
            const request = credentialOf({ ...who, identity, httpClient }).getToken(
                scope,
                claims === undefined ? {} : { claims },
            );
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

/** A sign-in with the parameters that most kinds of credential need. */
interface ClientSignIn extends SignIn {
    readonly clientId: string;
    readonly options: object;
}

function credentialOf(signIn: SignIn): TokenCredential {
    const { environment, cloud, httpClient } = signIn;
    const { kind, clientId = "" } = readCredentials(environment);
    const options = {
        authorityHost: cloud.loginUrl,
        // The library's instance discovery always calls the public cloud, whatever the authority is.
        disableInstanceDiscovery: true,
        // checkedClient retries.
        retryOptions: { maxRetries: 0 },
        httpClient,
    };
    return CREDENTIALS[kind]({ ...signIn, clientId, options });
}

/** To add a kind of credential, add its row here and its variables in credentials.ts. */
const CREDENTIALS: Readonly<Record<CredentialKind, (signIn: ClientSignIn) => TokenCredential>> = {
    secret: ({ identity, environment, tenantId, clientId, options }) => {
        const secret = firstVariable(environment, "AZURE_CLIENT_SECRET", "ARM_CLIENT_SECRET") ?? "";
        return new identity.ClientSecretCredential(tenantId, clientId, secret, options);
    },
    certificate: certificateCredential,
    workloadIdentity: ({ identity, environment, tenantId, clientId, options }) => {
        const tokenFilePath =
            firstVariable(environment, "AZURE_FEDERATED_TOKEN_FILE", "ARM_OIDC_TOKEN_FILE_PATH") ?? "";
        return new identity.WorkloadIdentityCredential({ ...options, tenantId, clientId, tokenFilePath });
    },
    oidcToken: ({ identity, environment, tenantId, clientId, options }) => {
        const token = () => Promise.resolve(variable(environment, "ARM_OIDC_TOKEN") ?? "");
        return new identity.ClientAssertionCredential(tenantId, clientId, token, options);
    },
    githubOidc: ({ identity, environment, cloud, tenantId, clientId, options }) => {
        const token = () => githubToken(environment, cloud);
        return new identity.ClientAssertionCredential(tenantId, clientId, token, options);
    },
    managedIdentity: ({ identity, clientId }) =>
        clientId === ""
            ? new identity.ManagedIdentityCredential()
            : new identity.ManagedIdentityCredential({ clientId }),
    azureCli: ({ identity, tenantId }) => new identity.AzureCliCredential({ tenantId }),
};

function certificateCredential(signIn: ClientSignIn): TokenCredential {
    const { identity, environment, tenantId, clientId, options } = signIn;
    const certificatePassword = firstVariable(
        environment,
        "AZURE_CLIENT_CERTIFICATE_PASSWORD",
        "ARM_CLIENT_CERTIFICATE_PASSWORD",
    );
    const certificatePath = firstVariable(environment, "AZURE_CLIENT_CERTIFICATE_PATH", "ARM_CLIENT_CERTIFICATE_PATH");
    const password = certificatePassword === undefined ? {} : { certificatePassword };
    if (certificatePath !== undefined) {
        return new identity.ClientCertificateCredential(tenantId, clientId, { certificatePath, ...password }, options);
    }
    const certificate = inlineCertificate(environment);
    return new identity.ClientCertificateCredential(tenantId, clientId, { certificate, ...password }, options);
}

/** azuread expects base64 in this variable. The library expects PEM text. Both are accepted. */
function inlineCertificate(environment: Environment): string {
    const text = variable(environment, "ARM_CLIENT_CERTIFICATE") ?? "";
    return text.includes("-----BEGIN") ? text : Buffer.from(text, "base64").toString("utf8");
}

/** A token of a GitHub workflow is valid for five minutes, so each sign-in requests a new one. */
async function githubToken({ env }: Environment, { region }: Cloud): Promise<string> {
    const url = new URL(env["ACTIONS_ID_TOKEN_REQUEST_URL"] ?? "");
    url.searchParams.set("audience", REGIONS[region].federationAudience);
    const headers = { Authorization: `Bearer ${env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] ?? ""}` };
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS) });
    if (!answer.ok) {
        throw new Error(
            `the workflow's token service answered ${answer.status}; give the job the permission id-token: write`,
        );
    }
    return ((await answer.json()) as { value: string }).value;
}
