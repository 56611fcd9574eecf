// The environment variables of one set of credentials: `AZURE_*` and `ARM_*`, or the same names with the prefix that
// the input `credentials` sets. The provider's own variables are in settings.ts.

export interface Environment {
    readonly env: NodeJS.ProcessEnv;
    /** `CHINA` reads `CHINA_AZURE_CLIENT_ID` and so on. */
    readonly prefix: string | undefined;
}

export function environmentOf(credentials: string | undefined, env: NodeJS.ProcessEnv = process.env): Environment {
    return { env, prefix: credentials };
}

/** Returns the complete name of a variable in this set. */
export function variableName({ prefix }: Environment, name: string): string {
    return prefix === undefined ? name : `${prefix}_${name}`;
}

/** An empty value counts as unset, because some pipelines cannot unset a variable. */
export function variable(environment: Environment, name: string): string | undefined {
    return environment.env[variableName(environment, name)] || undefined;
}

/** The first of these variables that is set. */
export function firstVariable(environment: Environment, ...names: readonly string[]): string | undefined {
    return names.map((name) => variable(environment, name)).find((value) => value !== undefined);
}
