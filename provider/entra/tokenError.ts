// Makes the error of a failed sign-in: why the token request failed, and what to do.
import { PortalError } from "../portalError";
import type { Cloud } from "./clouds";
import { variable, variableName, type Environment } from "./credentialVariables";
import { readCredentials } from "./credentials";

/** The identity and the tenant of the token request. */
export interface TokenRequest {
    readonly environment: Environment;
    readonly cloud: Cloud;
    readonly tenantId: string;
}

/** `error`: the error that @azure/identity threw, or an error of the provider itself. */
export function tokenError(error: unknown, request: TokenRequest): PortalError {
    const { environment } = request;
    if (error instanceof PortalError) {
        const message = withoutSecrets(error.message, environment);
        return message === error.message ? error : error.reworded(message);
    }
    const text = fullText(error);
    const refusal = refusalIn(text);
    const isUnreachable = refusal === undefined && UNREACHABLE.test(text);
    const reason = isUnreachable ? `${tokenService(request)} cannot be reached (${firstLine(text)})` : firstLine(text);
    const message = `${signingIn(request)}: ${refusal ?? reason}`;
    const advice = isUnreachable ? unreachableAdvice(environment) : tokenAdvice(text);
    const full = advice === undefined ? message : `${message.replace(/\.$/, "")}; ${advice}`;
    const code = isUnreachable ? "ERR_GRAPH_UNAVAILABLE" : "ERR_CREDENTIALS";
    return new PortalError(code, withoutSecrets(full, environment), { cause: error });
}

function unreachableAdvice(environment: Environment): string | undefined {
    if (readCredentials(environment).kind !== "managedIdentity") return undefined;
    return `run the command on a machine that has a managed identity, or unset ${variableName(environment, "ARM_USE_MSI")}`;
}

/** The beginning of a message about a sign-in. */
export function signingIn({ environment, tenantId }: TokenRequest): string {
    const { kind, clientId } = readCredentials(environment);
    // After `az login`, the account may be a user, a service principal or a managed identity.
    const unnamed = kind === "managedIdentity" ? "the managed identity of this machine" : "the account of az login";
    return `signing in to tenant ${tenantId} as ${clientId ?? unnamed}`;
}

/** Names the service that issues the token. The endpoint of managed identities is on this machine. */
export function tokenService({ environment, cloud }: TokenRequest): string {
    const { kind } = readCredentials(environment);
    return kind === "managedIdentity" ? "the endpoint of managed identities" : new URL(cloud.loginUrl).host;
}

/** Returns Entra's own sentence, without the trace ids that follow it. */
function refusalIn(text: string): string | undefined {
    return /AADSTS\d+:[^\r\n]*?(?=(?:\s*Trace ID:|\s*- Correlation ID|\r|\n|$))/.exec(text)?.[0];
}

/** Texts of errors that show that the token service did not answer. */
const UNREACHABLE = /network_error|endpoints_resolution_error|fetch failed|ECONN|ENOTFOUND|EAI_AGAIN/i;

const FEDERATION =
    "no federated credential of the deploying identity matches the token; compare issuer, subject and audience of both";
const CLOUD =
    "the tenant is in another cloud; change the input region to the tenant's cloud, or use a tenant in the cloud of this region";
const CLOCK =
    "check the clock of this machine; if a pipeline or cluster issues the assertion, also check the assertion's issuer, audience and expiry time";
const BUSY = "Entra is not available at the moment; run the command again";

/**
 * Advice by the number after AADSTS, because the library's classes and statuses do not distinguish refusals (measured).
 * Other numbers have no advice, because even neighbouring numbers have different causes.
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const ADVICE: Readonly<Record<string, string>> = {
    "50013": `Entra does not accept the assertion; ${CLOCK}`,
    "53003":
        "a Conditional Access policy blocks the deploying identity; ask an administrator of the policy to allow it",
    "700016": "the tenant does not know the deploying identity; check the client id and the tenant",
    "7000112": "the deploying identity is disabled; enable its service principal",
    "7000215": "correct the client secret; use its value, not its id",
    "7000222": "the client secret has expired; create a new one",
    "7000229": "the tenant has no service principal of the deploying identity; check the client id and the tenant",
    "700024": `the client assertion has expired or is not valid yet; ${CLOCK}`,
    "700027":
        "register the certificate on the deploying identity's application, or use the certificate that is registered there",
    "70021": FEDERATION,
    "700211": FEDERATION,
    "700212": FEDERATION,
    "700213": FEDERATION,
    "90002": "this cloud does not know the tenant; check tenantId and region",
    "90024": BUSY,
    "90033": BUSY,
    "90038": CLOUD,
    "900382": CLOUD,
    "900432": CLOUD,
};

const NO_CLI = /Azure CLI could not be found|az login/i;

/** Returns advice for a failed sign-in. `text`: Entra's sentence, or the texts of an error and of its causes. */
export function tokenAdvice(text: string): string | undefined {
    const numbers = [...text.matchAll(/AADSTS(\d+)/g)].map((match) => match[1] ?? "");
    const advice = numbers.map((number) => ADVICE[number]).find((one) => one !== undefined);
    if (advice !== undefined || !NO_CLI.test(text)) return advice;
    return "set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET (or a certificate), or sign in with az login";
}

/**
 * Returns the texts of an error and of its causes. The kind of credentials decides which of these texts contains
 * Entra's sentence.
 */
function fullText(error: unknown): string {
    const {
        message = String(error),
        cause,
        errorResponse,
    } = error as { message?: string; cause?: unknown; errorResponse?: { errorDescription?: string } };
    const parts = [errorResponse?.errorDescription, cause instanceof Error ? fullText(cause) : undefined];
    // The message of an error often contains the message of its cause, so a repeated text is left out.
    return parts.reduce<string>((text, part = "") => (text.includes(part) ? text : `${text} ${part}`), message);
}

function firstLine(text: string): string {
    return (text.split(/\r?\n/)[0] ?? "").slice(0, 300);
}

const SECRET_VARIABLES = [
    "AZURE_CLIENT_SECRET",
    "ARM_CLIENT_SECRET",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "ARM_CLIENT_CERTIFICATE_PASSWORD",
    "ARM_OIDC_TOKEN",
    "SYSTEM_ACCESSTOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
];

/**
 * Hides secrets that a library repeats in its error. A value of three characters or fewer is not hidden, because
 * ordinary words may contain it.
 */
function withoutSecrets(text: string, environment: Environment): string {
    const values = SECRET_VARIABLES.flatMap((name) => [variable(environment, name), environment.env[name]]).filter(
        (value): value is string => value !== undefined && value.length > 3,
    );
    return values.reduce((clean, value) => clean.split(value).join("***"), text);
}
