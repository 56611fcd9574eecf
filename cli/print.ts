// Prints the output of the commands. It writes control characters as numbers, so that a text from Entra, a server or
// the state cannot control a terminal or pipeline.
import { plainLines } from "../provider/plainText";

/** Prints text for people. The text may have several lines. */
export function print(text: string): void {
    console.log(plainLines(text));
}

export function printError(text: string): void {
    console.error(plainLines(text));
}

/**
 * Sends the provider's messages to standard error during `work`, so that a report on standard output does not contain
 * them.
 */
export async function quietly<T>(work: () => Promise<T>): Promise<T> {
    const { log } = console;
    console.log = console.error;
    try {
        return await work();
    } finally {
        console.log = log;
    }
}
