// Lines for the user. The engine shows what the provider process prints as messages of the stack.

const told = new Set<string>();

/** Says a thing once per process, however many resources it concerns. */
export function tellOnce(line: string): void {
    if (told.has(line)) return;
    told.add(line);
    console.log(line);
}

/** Says that something works but deserves a look. */
export function warn(line: string): void {
    tellOnce(`warning: ${line}`);
}
