// What the commands print. A name or a text from Entra, from a server or from state cannot steer the terminal or the
// pipeline that shows it.
import { plainLines } from "../provider/plainText";

/** Prints text for people, which may have several lines. */
export function print(text: string): void {
    console.log(plainLines(text));
}

/** The error of a command. */
export function printError(text: string): void {
    console.error(plainLines(text));
}
