// Gets a token that another service issued for the deploying identity: from a file, from a variable, or from GitHub.
// Entra exchanges this token for an access token. For Azure Pipelines, only reads what the sign-in library needs to get
// such a token.
import { REGIONS } from "../inputs/regions";
import { PortalError } from "../portalError";
import type { Cloud } from "./clouds";
import { readCredentialFile } from "./credentialFile";
import { SERVICE_CONNECTIONS, TOKEN_FILES } from "./credentials";
import {
    credentialsError,
    givenVariable,
    jobVariable,
    type Environment,
    type GivenVariable,
} from "./credentialVariables";
import { ATTEMPT_TIMEOUT_MS, transportError } from "./http";
import { send } from "./network";
import { isRetriedStatus } from "./retry";

/** Reads the file for each sign-in, because the cluster or pipeline renews it. */
export function tokenOfFile(environment: Environment): string {
    const file = required(givenVariable(environment, "path", ...TOKEN_FILES), TOKEN_FILES[0]);
    const token = readCredentialFile(file, "a file with a token")
        .toString("utf8")
        .replace(/^\uFEFF/, "")
        .trim();
    if (/^[\x21-\x7E]+$/.test(token)) return token;
    throw credentialsError(
        `the file of ${file.name} contains no token, or more than a token; write only the token into the file`,
    );
}

export function tokenOfVariable(environment: Environment): string {
    return required(givenVariable(environment, "secret", "ARM_OIDC_TOKEN"), "ARM_OIDC_TOKEN").value;
}

/** A token of a GitHub workflow is valid for five minutes, so each sign-in requests a new one. */
export async function tokenOfGithub(environment: Environment, { region }: Cloud): Promise<string> {
    const url = requestUrl(environment, "ACTIONS_ID_TOKEN_REQUEST_URL");
    url.searchParams.set("audience", REGIONS[region].federationAudience);
    const bearer = required(jobVariable(environment, "secret", GITHUB_BEARER), GITHUB_BEARER);
    const { status, body } = await request(url, bearer.value);
    const { value } = (body ?? {}) as { value?: unknown };
    if (typeof value === "string" && value !== "") return value;
    throw withoutToken(`${GITHUB_PURPOSE}: ${url.host} answered ${status} without a token`, status);
}

function withoutToken(what: string, status: number): PortalError {
    if (isRetriedStatus(status))
        return new PortalError("ERR_GRAPH_UNAVAILABLE", `${what}; run the command again later`, { status });
    const advice =
        status >= 400
            ? "give the job the permission id-token: write"
            : "check whether a proxy or another service answers in its place";
    return new PortalError("ERR_CREDENTIALS", `${what}; ${advice}`);
}

const GITHUB_BEARER = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";
const GITHUB_PURPOSE = "getting a token of the GitHub workflow";

async function request(url: URL, bearer: string): Promise<{ status: number; body: unknown }> {
    try {
        const headers = { Authorization: `Bearer ${bearer}` };
        const answer = await send(url, { headers, signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS) });
        const body: unknown = await answer.json().catch(() => undefined);
        return { status: answer.status, body };
    } catch (error) {
        throw transportError(error, url.href, GITHUB_PURPOSE);
    }
}

/**
 * Returns the connection id and the access token for AzurePipelinesCredential. That class reads SYSTEM_OIDCREQUESTURI
 * itself, so this function only checks the variable.
 */
export function azurePipeline(environment: Environment): { connectionId: string; accessToken: string } {
    requestUrl(environment, "SYSTEM_OIDCREQUESTURI");
    const connection = required(givenVariable(environment, "id", ...SERVICE_CONNECTIONS), SERVICE_CONNECTIONS[0]);
    const accessToken = jobVariable(environment, "secret", "SYSTEM_ACCESSTOKEN");
    if (accessToken === undefined) {
        throw credentialsError(
            `${connection.name} is set, but SYSTEM_ACCESSTOKEN is not; map it in the step: env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)`,
        );
    }
    return { connectionId: encodeURIComponent(connection.value), accessToken: accessToken.value };
}

function requestUrl(environment: Environment, name: string): URL {
    const { value } = required(jobVariable(environment, "address", name), name);
    const url = URL.canParse(value) ? new URL(value) : undefined;
    // The request contains a token, so only this machine may answer it without TLS.
    if (url?.protocol === "https:" || /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/.test(url?.href ?? ""))
        return url as URL;
    throw credentialsError(
        `${name} is not an https:// URL; remove your own value, because the pipeline sets this variable`,
    );
}

function required(given: GivenVariable | undefined, name: string): GivenVariable {
    if (given) return given;
    throw credentialsError(
        `${name} is missing in this step; the pipeline sets it for the job, so pass it on to this step, for example into its container`,
    );
}
