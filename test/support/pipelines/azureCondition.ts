// Evaluates the conditions of stages and steps in an Azure pipeline.
// https://learn.microsoft.com/azure/devops/pipelines/process/expressions

export interface Surroundings {
    readonly variables: Readonly<Record<string, string>>;
    /** `true`: a stage in `dependsOn`, or an earlier step of the job, has failed. */
    readonly failed: boolean;
}

type Value = string | boolean;

/** Returns whether the condition holds. A missing condition means `succeeded()`. */
export function holds(condition: string | undefined, surroundings: Surroundings): boolean {
    const tokens = (condition ?? "succeeded()").match(/variables\['[^']+'\]|'[^']*'|\w+|[(),]/g) ?? [];
    const value = evaluate(tokens, surroundings);
    if (tokens.length > 0) throw new Error(`the condition ${condition ?? ""} has more than one expression`);
    return value === true;
}

function evaluate(tokens: string[], surroundings: Surroundings): Value {
    const token = tokens.shift() ?? "";
    const variable = /^variables\['(.+)'\]$/.exec(token)?.[1];
    if (variable !== undefined) return surroundings.variables[variable] ?? "";
    if (token.startsWith("'")) return token.slice(1, -1);
    const args: Value[] = [];
    if (tokens.shift() !== "(") throw new Error(`the condition has "${token}" where a function is expected`);
    while (tokens[0] !== ")") {
        args.push(evaluate(tokens, surroundings));
        if (tokens[0] === ",") tokens.shift();
    }
    tokens.shift();
    return call(token, args, surroundings);
}

function call(name: string, args: readonly Value[], { failed }: Surroundings): boolean {
    const [first, ...rest] = args;
    const functions: Readonly<Record<string, () => boolean>> = {
        and: () => args.every((arg) => arg === true),
        not: () => first !== true,
        eq: () => first === rest[0],
        in: () => rest.includes(first ?? ""),
        succeeded: () => !failed,
        succeededOrFailed: () => true,
        canceled: () => false,
    };
    const known = functions[name];
    if (!known) throw new Error(`the condition has the unknown function ${name}`);
    return known();
}
