// Finds the credentials in the environment, by the variables of @azure/identity and azuread. A message names variables,
// tenants and clients, but never the value of a secret.
import { isGuid } from "../inputs/rawInputs";
import { PortalError } from "../portalError";
import { environmentOf, variable, variableName, type Environment } from "./credentialVariables";

export type CredentialKind =
    "secret" | "certificate" | "workloadIdentity" | "oidcToken" | "githubOidc" | "managedIdentity" | "azureCli";

export interface EnvironmentCredentials {
    readonly kind: CredentialKind;
    readonly tenantId: string | undefined;
    readonly clientId: string | undefined;
}

/** If any of these is set, the environment is meant to sign in. `az login` is used only if none is set. */
const SIGNS = [
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_FEDERATED_TOKEN_FILE",
    "ARM_CLIENT_ID",
    "ARM_CLIENT_SECRET",
    "ARM_CLIENT_CERTIFICATE",
    "ARM_CLIENT_CERTIFICATE_PATH",
    "ARM_USE_OIDC",
    "ARM_OIDC_TOKEN",
    "ARM_OIDC_TOKEN_FILE_PATH",
    "ARM_USE_MSI",
];

export function credentialsPresent(name?: string, env?: NodeJS.ProcessEnv): boolean {
    const environment = environmentOf(name, env);
    return SIGNS.some((sign) => variable(environment, sign) !== undefined);
}

export function readCredentials(environment: Environment): EnvironmentCredentials {
    const tenantId = agreed(environment, "TENANT_ID");
    const clientId = agreed(environment, "CLIENT_ID");
    const kind = kindOf(environment);
    if (kind === "managedIdentity") return { kind, tenantId, clientId };
    if (kind === "azureCli") {
        if (clientId === undefined) return { kind, tenantId, clientId };
        throw credentialsError(
            `${variableName(environment, "AZURE_CLIENT_ID")} is set without a secret, certificate or token; set AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH or AZURE_FEDERATED_TOKEN_FILE (or the ARM_ ones), or unset it to use az login`,
        );
    }
    assertComplete(environment, { TENANT_ID: tenantId, CLIENT_ID: clientId });
    return { kind, tenantId, clientId };
}

function assertComplete(environment: Environment, values: Readonly<Record<string, string | undefined>>): void {
    const missing = Object.keys(values).filter((name) => values[name] === undefined);
    if (missing.length === 0) return;
    const names = missing.map((name) => `${variableName(environment, `AZURE_${name}`)} (or ARM_${name})`);
    throw credentialsError(`${names.join(" and ")} must be set together with the secret, certificate or token`);
}

/** `AZURE_` and `ARM_` variables may both be set, but not to different tenants or clients. */
function agreed(environment: Environment, name: "TENANT_ID" | "CLIENT_ID"): string | undefined {
    const [azure, arm] = [variable(environment, `AZURE_${name}`), variable(environment, `ARM_${name}`)];
    if (azure !== undefined && arm !== undefined && azure.toLowerCase() !== arm.toLowerCase()) {
        const names = [variableName(environment, `AZURE_${name}`), variableName(environment, `ARM_${name}`)];
        throw credentialsError(
            `${names.join(" and ")} differ ("${azure}", "${arm}"); set only one of them, or both to the same value`,
        );
    }
    return azure ?? arm;
}

function kindOf(environment: Environment): CredentialKind {
    const has = (...names: string[]) => names.some((name) => variable(environment, name) !== undefined);
    const isOn = (name: string) => /^(1|true)$/i.test(variable(environment, name) ?? "");
    if (has("AZURE_CLIENT_SECRET", "ARM_CLIENT_SECRET")) return "secret";
    if (has("AZURE_CLIENT_CERTIFICATE_PATH", "ARM_CLIENT_CERTIFICATE", "ARM_CLIENT_CERTIFICATE_PATH"))
        return "certificate";
    if (has("ARM_OIDC_TOKEN")) return "oidcToken";
    if (has("AZURE_FEDERATED_TOKEN_FILE", "ARM_OIDC_TOKEN_FILE_PATH")) return "workloadIdentity";
    if (isOn("ARM_USE_OIDC") && environment.env["ACTIONS_ID_TOKEN_REQUEST_URL"]) return "githubOidc";
    if (isOn("ARM_USE_MSI")) return "managedIdentity";
    return "azureCli";
}

export function credentialsError(what: string): PortalError {
    return new PortalError("ERR_CREDENTIALS", `reading credentials from the environment: ${what}`);
}

/**
 * Throws without a request if the environment names another tenant than state. Otherwise an application that these
 * credentials cannot see would count as deleted.
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
        `signing in: the credentials belong to tenant ${credentialsTenant}, but the resource to tenant ${resourceTenant}; use credentials of ${resourceTenant}, or select others with the input "credentials"`,
    );
}
