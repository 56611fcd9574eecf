// Runs tests only if this machine has the program that they need.

interface Need {
    /** The program, as the printed line names it. */
    readonly program: string;
    readonly isThere: boolean;
    /** The end of the printed line: why the tests were left out, or what they run with, such as a version. */
    readonly how: string;
}

/** Works like `describe`. Prints one line, so that a reader of the log notices tests that were left out. */
export function describeIf({ program, isThere, how }: Need, name: string, tests: () => void): void {
    process.stderr.write(`${program} tests of "${name}" ${how}\n`);
    (isThere ? describe : describe.skip)(name, tests);
}
