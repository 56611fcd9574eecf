/** Quotes an argument, if needed, for a command that a person copies. sh, PowerShell and cmd accept double quotes. */
export function shellWord(text: string): string {
    return /^[\w@%+=:,./\\-]+$/.test(text) ? text : `"${text}"`;
}
