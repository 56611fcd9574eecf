// Selects the deploying identity's credentials from the variables of @azure/identity and of azuread. Its messages
// contain no secrets.
import { GUID, isGuid } from "../inputs/rawInputs";
import { PortalError } from "../portalError";
import {
    credentialsError,
    environmentOf,
    givenVariable,
    isGivenFlag,
    isOn,
    variable,
    variableName,
    type Environment,
} from "./credentialVariables";

export type CredentialKind =
    | "secret"
    | "certificate"
    | "azurePipelines"
    | "oidcToken"
    | "workloadIdentity"
    | "githubOidc"
    | "managedIdentity"
    | "azureCli";

export interface EnvironmentCredentials {
    readonly kind: CredentialKind;
    readonly tenantId: string | undefined;
    readonly clientId: string | undefined;
}

export const SECRETS = ["AZURE_CLIENT_SECRET", "ARM_CLIENT_SECRET"] as const;
export const CERTIFICATE_PATHS = ["AZURE_CLIENT_CERTIFICATE_PATH", "ARM_CLIENT_CERTIFICATE_PATH"] as const;
export const TOKEN_FILES = ["AZURE_FEDERATED_TOKEN_FILE", "ARM_OIDC_TOKEN_FILE_PATH"] as const;
/** azuread accepts both names for the same value. */
export const SERVICE_CONNECTIONS = [
    "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID",
    "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID",
] as const;

/**
 * The first row that has a variable with a value decides the kind of credentials (exception: `isSurpassed`). If no row
 * matches, `ARM_USE_OIDC` and then `ARM_USE_MSI` decide. Without them, the kind is `azureCli`.
 */
const KINDS: readonly { readonly kind: CredentialKind; readonly names: readonly string[] }[] = [
    { kind: "secret", names: SECRETS },
    { kind: "certificate", names: [...CERTIFICATE_PATHS, "ARM_CLIENT_CERTIFICATE"] },
    // This row precedes ARM_OIDC_TOKEN, because the token in that variable may have expired. Azure Pipelines issues a
    // new token for each sign-in.
    { kind: "azurePipelines", names: SERVICE_CONNECTIONS },
    { kind: "oidcToken", names: ["ARM_OIDC_TOKEN"] },
    { kind: "workloadIdentity", names: TOKEN_FILES },
];

/**
 * Returns whether any variable names credentials. If no variable does, the hook `check` does not sign in. A deployment
 * then signs in with `az login`, or throws if the input `credentials` is set.
 */
export function credentialsPresent(name?: string, env?: NodeJS.ProcessEnv): boolean {
    const environment = environmentOf(name, env);
    const signs = ["AZURE_CLIENT_ID", "ARM_CLIENT_ID", ...KINDS.flatMap(({ names }) => names)];
    return (
        signs.some((sign) => variable(environment, sign) !== undefined) ||
        ["ARM_USE_OIDC", "ARM_USE_MSI"].some((flag) => isGivenFlag(environment, flag))
    );
}

/** Returns the last part of a notice: which credentials are missing. */
export function unsetCredentials(name: string | undefined): string {
    return name === undefined
        ? "no credentials are set in the environment"
        : `${namedButUnset(environmentOf(name))} before you deploy`;
}

export function readCredentials(environment: Environment): EnvironmentCredentials {
    const kind = kindOf(environment);
    const tenantId = agreed(environment, "TENANT_ID");
    const clientId = agreed(environment, "CLIENT_ID");
    if (kind === "azureCli") assertCliMaySignIn(environment, clientId);
    else if (kind !== "managedIdentity") assertComplete(environment, { TENANT_ID: tenantId, CLIENT_ID: clientId });
    return { kind, tenantId, clientId };
}

function kindOf(environment: Environment): CredentialKind {
    const row = KINDS.find(({ names }) => names.some((name) => variable(environment, name) !== undefined));
    if (row && !isSurpassed(row.kind, environment)) return row.kind;
    if (isOn(environment, "ARM_USE_OIDC")) {
        if (environment.env["ACTIONS_ID_TOKEN_REQUEST_URL"]) return "githubOidc";
        throw credentialsError(`${variableName(environment, "ARM_USE_OIDC")} is set, but ${withoutToken(environment)}`);
    }
    return isOn(environment, "ARM_USE_MSI") ? "managedIdentity" : "azureCli";
}

/**
 * Returns whether GitHub's token service is used instead of AZURE_FEDERATED_TOKEN_FILE. A GitHub workflow may set that
 * variable for other programs, such as Pulumi's state backend. The token in the file expires after five minutes, but
 * GitHub issues a new token for each sign-in.
 */
function isSurpassed(kind: CredentialKind, environment: Environment): boolean {
    if (kind !== "workloadIdentity" || variable(environment, "ARM_OIDC_TOKEN_FILE_PATH") !== undefined) return false;
    return isOn(environment, "ARM_USE_OIDC") && Boolean(environment.env["ACTIONS_ID_TOKEN_REQUEST_URL"]);
}

/** Returns why there is no token, and what to do. */
function withoutToken(environment: Environment): string {
    const { env } = environment;
    const name = (one: string) => variableName(environment, one);
    if (env["GITHUB_ACTIONS"]) {
        return "GitHub gives this job no token (ACTIONS_ID_TOKEN_REQUEST_URL is not set); add `permissions: id-token: write` to the job; a pull request from a fork gets no token by default";
    }
    if (env["SYSTEM_OIDCREQUESTURI"] || env["TF_BUILD"]) {
        return `the service connection of this pipeline is not named; set ${name(SERVICE_CONNECTIONS[0])} to its id, and SYSTEM_ACCESSTOKEN to $(System.AccessToken)`;
    }
    return `there is no token; set ${name("ARM_OIDC_TOKEN")} to the token that the pipeline issues, or ${name("ARM_OIDC_TOKEN_FILE_PATH")} to the path of a file with this token`;
}

function assertCliMaySignIn(environment: Environment, clientId: string | undefined): void {
    const name = (one: string) => variableName(environment, one);
    if (clientId !== undefined) {
        const pairs = [SECRETS, CERTIFICATE_PATHS, TOKEN_FILES].map(
            ([azure, arm]) => `${name(azure)} (or ${name(arm)})`,
        );
        // A person's `az login` never replaces credentials that the program names.
        const orUser = environment.prefix === undefined ? ", or unset the client id to use az login" : "";
        throw credentialsError(
            `${name("AZURE_CLIENT_ID")} (or ${name("ARM_CLIENT_ID")}) is set without a secret, certificate or token; set ${pairs.join(", or ")}${orUser}`,
        );
    }
    // Without this error, the provider would sign in with `az login`. The rights of a person would then apply instead
    // of the rights of the identity that the program names.
    if (environment.prefix !== undefined)
        throw credentialsError(
            `${namedButUnset(environment)}, or correct the value "${environment.prefix}" of the input "credentials"`,
        );
}

/** Returns which variables to set for the credentials that the program names. */
function namedButUnset(environment: Environment): string {
    const [tenant, client, secret] = ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"].map((name) =>
        variableName(environment, name),
    ) as [string, string, string];
    return `the variables of credentials "${environment.prefix ?? ""}" are not set; set ${tenant}, ${client} and ${secret} (a certificate or token can replace the secret)`;
}

function assertComplete(environment: Environment, values: Readonly<Record<string, string | undefined>>): void {
    const missing = Object.keys(values).filter((name) => values[name] === undefined);
    if (missing.length === 0) return;
    const names = missing.map(
        (name) => `${variableName(environment, `AZURE_${name}`)} (or ${variableName(environment, `ARM_${name}`)})`,
    );
    throw credentialsError(`${names.join(" and ")} must be set together with the secret, certificate or token`);
}

/** `AZURE_` and `ARM_` variables may both be set, but not to different tenants or clients. */
function agreed(environment: Environment, name: "TENANT_ID" | "CLIENT_ID"): string | undefined {
    const [azure, arm] = ["AZURE", "ARM"].map((prefix) => idIn(environment, name, `${prefix}_${name}`));
    if (azure !== undefined && arm !== undefined && azure.toLowerCase() !== arm.toLowerCase()) {
        const names = [variableName(environment, `AZURE_${name}`), variableName(environment, `ARM_${name}`)];
        throw credentialsError(
            `${names.join(" and ")} differ ("${azure}", "${arm}"); set only one of them, or both to the same value`,
        );
    }
    return azure ?? arm;
}

/**
 * The required form of each value. For a value of another form, the token service would only report an unknown tenant
 * or client.
 */
const FORMS = {
    TENANT_ID: { pattern: /^[a-z0-9][a-z0-9.-]*$/i, is: "the tenant's GUID or one of its verified domains" },
    CLIENT_ID: { pattern: GUID, is: "an Application (client) ID, a GUID" },
};

/** The message never repeats a wrong value, because a secret may be in the wrong variable. */
function idIn(environment: Environment, name: keyof typeof FORMS, variableOf: string): string | undefined {
    const given = givenVariable(environment, "id", variableOf);
    const { pattern, is } = FORMS[name];
    if (given !== undefined && !pattern.test(given.value)) throw credentialsError(`${given.name} must be ${is}`);
    return given?.value;
}

/**
 * Throws if the environment names another tenant than state. Sends no request, so it can compare only a GUID, and not a
 * domain. Without this check, a preview might not report the wrong credentials, because it does not always sign in to
 * the tenant in state.
 */
export function assertSameTenant(tenantId: string, credentials: string | undefined, env?: NodeJS.ProcessEnv): void {
    if (!credentialsPresent(credentials, env)) return;
    const given = readCredentials(environmentOf(credentials, env)).tenantId;
    if (isGuid(given) && given.toLowerCase() !== tenantId.toLowerCase()) {
        throw tenantMismatch(given.toLowerCase(), tenantId);
    }
}

export function tenantMismatch(credentialsTenant: string, resourceTenant: string): PortalError {
    return new PortalError(
        "ERR_TENANT_MISMATCH",
        `signing in: the credentials belong to tenant ${credentialsTenant}, but the resource belongs to tenant ${resourceTenant}; use credentials of ${resourceTenant}, or select other credentials with the input "credentials"`,
    );
}
