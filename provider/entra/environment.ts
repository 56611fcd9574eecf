// The variables of one set of credentials: `AZURE_*` and `ARM_*`, or those with the prefix that `credentials` names.

export interface Environment {
    readonly env: NodeJS.ProcessEnv;
    /** `CHINA` reads `CHINA_AZURE_CLIENT_ID` and so on. */
    readonly prefix: string | undefined;
}

export function environmentOf(credentials: string | undefined, env: NodeJS.ProcessEnv = process.env): Environment {
    return { env, prefix: credentials };
}

/** The name under which a variable of this set is looked for. */
export function variableName({ prefix }: Environment, name: string): string {
    return prefix === undefined ? name : `${prefix}_${name}`;
}

/** Its value; an empty one counts as unset, as pipelines cannot always unset. */
export function variable(environment: Environment, name: string): string | undefined {
    return environment.env[variableName(environment, name)] || undefined;
}
