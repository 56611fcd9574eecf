// Reads the environment variables of one set of credentials: `AZURE_*` and `ARM_*`, or the same names with the prefix
// that the input `credentials` sets. The provider's own variables are in settings.ts.
import { PortalError } from "../portalError";
import { variableFault, type VariableKind } from "./variableFaults";

export interface Environment {
    readonly env: NodeJS.ProcessEnv;
    /** With the prefix `CHINA`, the variables are `CHINA_AZURE_CLIENT_ID` and so on. */
    readonly prefix: string | undefined;
}

export function environmentOf(credentials: string | undefined, env: NodeJS.ProcessEnv = process.env): Environment {
    return { env, prefix: credentials };
}

/** Returns the name of a variable with the prefix of these credentials. */
export function variableName({ prefix }: Environment, name: string): string {
    return prefix === undefined ? name : `${prefix}_${name}`;
}

/** An empty value counts as unset, because some pipelines cannot unset a variable. */
export function variable(environment: Environment, name: string): string | undefined {
    return environment.env[variableName(environment, name)] || undefined;
}

/** Returns whether a flag is set to a value other than `0`, `f` or `false`. azuread also reads these as false. */
export function isGivenFlag(environment: Environment, name: string): boolean {
    return !/^\s*(0|f|false)?\s*$/i.test(variable(environment, name) ?? "");
}

/**
 * `ARM_USE_OIDC=false` counts as unset. Throws for a value that is neither true nor false. If such a value counted as
 * false, the provider might sign in with `az login`.
 */
export function isOn(environment: Environment, name: string): boolean {
    if (!isGivenFlag(environment, name)) return false;
    const value = variable(environment, name) ?? "";
    if (/^\s*(1|t|true)\s*$/i.test(value)) return true;
    throw credentialsError(
        `${variableName(environment, name)} ${variableFault(value, "id") ?? "must be true or false"}`,
    );
}

export interface GivenVariable {
    /** The name with its prefix. */
    readonly name: string;
    readonly value: string;
}

/**
 * Returns the first of these variables that is set. Throws if its value cannot be right, for example because a shell
 * damaged the value.
 */
export function givenVariable(
    environment: Environment,
    kind: VariableKind,
    ...names: readonly string[]
): GivenVariable | undefined {
    const name = names.find((one) => variable(environment, one) !== undefined);
    if (name === undefined) return undefined;
    const given = { name: variableName(environment, name), value: variable(environment, name) ?? "" };
    assertPlausible(given, kind);
    return given;
}

/** Reads a variable that applies to all credentials, such as one that the pipeline sets. Its name has no prefix. */
export function jobVariable(
    { env }: Environment,
    kind: VariableKind,
    ...names: readonly string[]
): GivenVariable | undefined {
    return givenVariable({ env, prefix: undefined }, kind, ...names);
}

function assertPlausible({ name, value }: GivenVariable, kind: VariableKind): void {
    const fault = variableFault(value, kind);
    if (fault !== undefined) throw credentialsError(`${name} ${fault}`);
}

export function credentialsError(what: string, cause?: unknown): PortalError {
    return new PortalError("ERR_CREDENTIALS", `reading credentials from the environment: ${what}`, { cause });
}
