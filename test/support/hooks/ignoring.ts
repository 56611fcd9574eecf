// Does what the engine does for the option `ignoreChanges`: before `check`, it takes the ignored inputs from state.
type Json = Record<string, unknown>;

/** Returns the inputs of a program, with the ignored ones as in `olds`. */
export function ignoring(args: Json, olds: Json, names: readonly string[]): Json {
    const kept = Object.entries(args).filter(([name]) => !names.includes(name));
    const before = names.filter((name) => name in olds).map((name) => [name, olds[name]] as const);
    return Object.fromEntries([...kept, ...before]);
}
