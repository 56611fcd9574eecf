// Gets tokens for Graph by @azure/identity, and says in one sentence why it could not.
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";

import { PortalError } from "../portalError";
import type { Cloud } from "./clouds";
import { readCredentials, type CredentialKind } from "./credentials";
import { variable, variableName, type Environment } from "./environment";
import { ATTEMPT_TIMEOUT_MS } from "./http";
import { signInTransport } from "./signInTransport";

export interface AccessToken {
    readonly token: string;
    /** Milliseconds since the epoch. */
    readonly expiresOn: number;
}

// Loaded late: it takes a quarter of a second, and a preview without credentials does not need it.
const loadIdentity = () => import("@azure/identity");
type Identity = Awaited<ReturnType<typeof loadIdentity>>;
/** The library retries its token request; a sign-in that takes longer than all of that hangs. */
const SIGN_IN_TIMEOUT_MS = 2 * ATTEMPT_TIMEOUT_MS;

/** Answers what asks for a token; `claims`: the challenge of a 401 answer. */
export async function tokenRequester(
    environment: Environment,
    cloud: Cloud,
    tenantId: string,
): Promise<(claims?: string) => Promise<AccessToken>> {
    const [identity, httpClient] = await Promise.all([loadIdentity(), signInTransport()]);
    const scope = `${cloud.graphUrl}/.default`;
    return async (claims) => {
        try {
            // A new one each time: its cache must not answer with a token that was refused, nor stay for each of many tenants.
            const credential = credentialOf({ identity, httpClient, environment, cloud, tenantId });
            const answer = await inTime(credential.getToken(scope, claims === undefined ? {} : { claims }), cloud);
            if (answer === null) throw new Error("no token was answered");
            return { token: answer.token, expiresOn: answer.expiresOnTimestamp };
        } catch (error) {
            throw signInError(error, environment, cloud, tenantId);
        }
    };
}

/** Neither a timeout nor an abort signal ends a hanging sign-in of the library (measured). */
async function inTime<T>(answer: Promise<T>, cloud: Cloud): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_done, fail) => {
        const { host } = new URL(cloud.loginUrl);
        const error = new Error(`network_error: ${host} did not answer within ${SIGN_IN_TIMEOUT_MS / 1000} s`);
        timer = setTimeout(() => fail(error), signInTimeoutMs());
    });
    try {
        return await Promise.race([answer, late]);
    } finally {
        clearTimeout(timer);
    }
}

function signInTimeoutMs(): number {
    const seconds = Number(process.env["RESTORE_PORTAL_SIGN_IN_SECONDS"]);
    return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : SIGN_IN_TIMEOUT_MS;
}

interface SignIn {
    readonly identity: Identity;
    readonly httpClient: HttpClient;
    readonly environment: Environment;
    readonly cloud: Cloud;
    readonly tenantId: string;
}

function credentialOf({ identity, httpClient, environment, cloud, tenantId }: SignIn): TokenCredential {
    const { kind, clientId = "" } = readCredentials(environment);
    // The instance discovery of the library asks the public cloud, whatever the authority.
    const options = {
        authorityHost: cloud.loginUrl,
        disableInstanceDiscovery: true,
        retryOptions: { maxRetries: 2 },
        httpClient,
    };
    const get = (name: string) => variable(environment, name);
    const makers: Record<CredentialKind, () => TokenCredential> = {
        secret: () =>
            new identity.ClientSecretCredential(
                tenantId,
                clientId,
                get("AZURE_CLIENT_SECRET") ?? get("ARM_CLIENT_SECRET") ?? "",
                options,
            ),
        certificate: () => certificateCredential(identity, environment, { tenantId, clientId, options }),
        workloadIdentity: () => {
            const tokenFilePath = get("AZURE_FEDERATED_TOKEN_FILE") ?? get("ARM_OIDC_TOKEN_FILE_PATH") ?? "";
            return new identity.WorkloadIdentityCredential({ ...options, tenantId, clientId, tokenFilePath });
        },
        oidcToken: () =>
            new identity.ClientAssertionCredential(
                tenantId,
                clientId,
                () => Promise.resolve(get("ARM_OIDC_TOKEN") ?? ""),
                options,
            ),
        githubOidc: () =>
            new identity.ClientAssertionCredential(tenantId, clientId, () => githubToken(environment, cloud), options),
        managedIdentity: () =>
            clientId === ""
                ? new identity.ManagedIdentityCredential()
                : new identity.ManagedIdentityCredential({ clientId }),
        azureCli: () => new identity.AzureCliCredential({ tenantId }),
    };
    return makers[kind]();
}

function certificateCredential(
    identity: Identity,
    environment: Environment,
    { tenantId, clientId, options }: { tenantId: string; clientId: string; options: object },
): TokenCredential {
    const certificatePath =
        variable(environment, "AZURE_CLIENT_CERTIFICATE_PATH") ?? variable(environment, "ARM_CLIENT_CERTIFICATE_PATH");
    const certificatePassword =
        variable(environment, "AZURE_CLIENT_CERTIFICATE_PASSWORD") ??
        variable(environment, "ARM_CLIENT_CERTIFICATE_PASSWORD");
    const password = certificatePassword === undefined ? {} : { certificatePassword };
    const text = variable(environment, "ARM_CLIENT_CERTIFICATE");
    if (certificatePath !== undefined) {
        return new identity.ClientCertificateCredential(tenantId, clientId, { certificatePath, ...password }, options);
    }
    // azuread takes base64 here; PEM text is what the library reads.
    const certificate =
        text?.includes("-----BEGIN") === true ? text : Buffer.from(text ?? "", "base64").toString("utf8");
    return new identity.ClientCertificateCredential(tenantId, clientId, { certificate, ...password }, options);
}

const FEDERATION_AUDIENCES: Readonly<Record<Cloud["region"], string>> = {
    Worldwide: "api://AzureADTokenExchange",
    USGovernment: "api://AzureADTokenExchangeUSGov",
    USDefence: "api://AzureADTokenExchangeUSGov",
    China: "api://AzureADTokenExchangeChina",
};

/** A workflow's token lives five minutes, so each sign-in asks for a new one. */
async function githubToken({ env }: Environment, { region }: Cloud): Promise<string> {
    const url = new URL(env["ACTIONS_ID_TOKEN_REQUEST_URL"] ?? "");
    url.searchParams.set("audience", FEDERATION_AUDIENCES[region]);
    const headers = { Authorization: `Bearer ${env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] ?? ""}` };
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS) });
    if (!answer.ok)
        throw new Error(
            `the workflow's token service answered ${answer.status}; give the job the permission id-token: write`,
        );
    return ((await answer.json()) as { value: string }).value;
}

/** By AADSTS number: the library's classes and statuses do not tell refusals apart (measured). */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
    [/AADSTS7000215/, "correct the client secret (its value, not its id)"],
    [/AADSTS7000222/, "the client secret is expired; make a new one"],
    [
        /AADSTS700027/,
        "register the certificate on the deploying identity's application, or use the one that is registered",
    ],
    [
        /AADSTS700024|AADSTS50013/,
        "the assertion is outside its valid time; check the clock of this machine and the token of the pipeline",
    ],
    [
        /AADSTS700016|AADSTS7000229/,
        "the deploying identity is not known in this tenant; check the client id and the tenant",
    ],
    [/AADSTS7000112/, "the deploying identity is disabled; enable its service principal"],
    [/AADSTS9002[0-9]|AADSTS90002/, "the tenant is not known here; check tenantId and region"],
    [/AADSTS7002[0-9]/, "the federated credential does not match; compare its issuer, subject and audience"],
    [/AADSTS53003/, "a Conditional Access policy blocks the deploying identity"],
    [
        /Azure CLI could not be found|az login/i,
        "set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET (or a certificate), or sign in by az login",
    ],
];

function signInError(error: unknown, environment: Environment, cloud: Cloud, tenantId: string): PortalError {
    if (error instanceof PortalError) return error;
    const text = fullText(error);
    const sentence = /AADSTS\d+:[^\r\n]*?(?=(?:\s*Trace ID:|\s*- Correlation ID|\r|\n|$))/.exec(text)?.[0];
    const { host } = new URL(cloud.loginUrl);
    const isUnreachable =
        sentence === undefined &&
        /network_error|endpoints_resolution_error|fetch failed|ECONN|ENOTFOUND|EAI_AGAIN|certificate/i.test(text);
    const remedy = REMEDIES.find(([pattern]) => pattern.test(text))?.[1];
    const what = sentence ?? (isUnreachable ? `${host} cannot be reached (${firstLine(text)})` : firstLine(text));
    const message = `signing in to tenant ${tenantId} as ${readCredentials(environment).clientId ?? "the signed-in user"}: ${what}`;
    const full = withoutSecrets(
        remedy === undefined ? message : `${message.replace(/\.$/, "")}; ${remedy}`,
        environment,
    );
    return new PortalError(isUnreachable ? "ERR_GRAPH_UNAVAILABLE" : "ERR_CREDENTIALS", full, { cause: error });
}

function fullText(error: unknown): string {
    const {
        message = String(error),
        cause,
        errorResponse,
    } = error as {
        message?: string;
        cause?: unknown;
        errorResponse?: { errorDescription?: string };
    };
    const parts = [message, errorResponse?.errorDescription, cause instanceof Error ? fullText(cause) : undefined];
    return parts.filter(Boolean).join(" ");
}

function firstLine(text: string): string {
    return (text.split(/\r?\n/)[0] ?? "").slice(0, 300);
}

const SECRETS = [
    "AZURE_CLIENT_SECRET",
    "ARM_CLIENT_SECRET",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "ARM_CLIENT_CERTIFICATE_PASSWORD",
    "ARM_OIDC_TOKEN",
];

/** No library's text is trusted not to repeat what it was given. */
function withoutSecrets(text: string, environment: Environment): string {
    const values = SECRETS.map((name) => environment.env[variableName(environment, name)]).filter(
        (value): value is string => !!value && value.length > 3,
    );
    return values.reduce((clean, value) => clean.split(value).join("***"), text);
}
