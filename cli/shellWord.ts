/** Quotes an argument of a command that a person copies. Double quotes mean the same in sh, PowerShell and cmd. */
export function shellWord(text: string): string {
    return /^[\w@%+=:,./\\-]+$/.test(text) ? text : `"${text}"`;
}
