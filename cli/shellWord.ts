/** Quotes an argument, if needed, for a command that a person copies into sh or, on Windows, into PowerShell. */
export function shellWord(text: string, platform: NodeJS.Platform = process.platform): string {
    const isWindows = platform === "win32";
    if (isWindows ? /^[\w@%+=:,./\\-]+$/.test(text) : /^[\w@%+=:,./-]+$/.test(text)) return text;
    // Some characters have a special meaning between double quotes. A text with such a character gets single quotes.
    const isReplaced = isWindows ? /["$`]/ : /["$`\\!]/;
    return isReplaced.test(text) ? `'${text.replaceAll("'", isWindows ? "''" : "'\\''")}'` : `"${text}"`;
}
