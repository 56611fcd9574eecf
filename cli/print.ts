// Prints the output of the commands. Control characters are printed as numbers, and a space is put into pipeline
// commands such as `##vso[`. So a text from Entra, a portal server or the state cannot control a terminal or pipeline.
import { plainLines } from "../provider/plainText";

/** Prints text for people to standard output, and keeps its line breaks. */
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
