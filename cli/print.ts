// Prints what the commands show. A name or text from Entra, a server or state cannot control the terminal or pipeline
// that shows it.
import { plainLines } from "../provider/plainText";

/** Prints text for people, which may have several lines. */
export function print(text: string): void {
    console.log(plainLines(text));
}

/** Prints the error of a command. */
export function printError(text: string): void {
    console.error(plainLines(text));
}

/** Sends the provider's messages to standard error, so that a report on standard output does not contain them. */
export async function quietly<T>(work: () => Promise<T>): Promise<T> {
    const { log } = console;
    console.log = console.error;
    try {
        return await work();
    } finally {
        console.log = log;
    }
}
