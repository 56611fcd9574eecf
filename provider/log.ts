// Prints lines for the user. The engine shows these lines as messages of the stack.
import { plain } from "./plainText";
import { withoutSecretTexts } from "./secretTexts";

const printed = new Set<string>();

/** Prints a line once per process, no matter how many resources cause it. */
export function logOnce(text: string): void {
    const line = plain(withoutSecretTexts(text));
    if (printed.has(line)) return;
    printed.add(line);
    console.log(line);
}

/** Prints a warning once per process. The deployment continues. */
export function warn(line: string): void {
    logOnce(`warning: ${line}`);
}
