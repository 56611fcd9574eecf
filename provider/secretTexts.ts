// Hides the texts of secret values in the messages of this process. The engine removes the marks of secrets before it
// calls a hook of a dynamic provider, so the resource class passes the paths of the secret inputs to `check`.

import { numbered, oneLine } from "./plainText";

const MIN_LENGTH = 4;
const texts = new Set<string>();
let longestFirst: readonly string[] | undefined;

/**
 * Returns whether the name of an environment variable says that its value is a secret. Windows ignores the case of
 * names.
 */
export function isSecretVariable(name: string): boolean {
    return /(SECRET|PASSWORD|TOKEN|PASSPHRASE|ACCESS_KEY|STORAGE_KEY)$/i.test(name);
}

/** Remembers every text of 4 or more characters in a secret value. */
export function noteSecret(value: unknown): void {
    if (typeof value === "string") {
        if (value.length < MIN_LENGTH) return;
        const visible = value.replace(/\p{C}/gu, numbered);
        // Error messages name hosts, so the host of a secret address is hidden too.
        const host = URL.canParse(value) ? new URL(value).hostname : "";
        const forms = [value, value.trim(), JSON.stringify(value).slice(1, -1), visible, oneLine(value), host];
        for (const text of forms.filter(Boolean)) {
            for (const form of [text, text.toLowerCase(), text.toUpperCase()]) texts.add(form);
        }
        longestFirst = undefined;
    } else if (typeof value === "object" && value !== null) {
        for (const part of Object.values(value)) noteSecret(part);
    }
}

/** Returns the text with `[secret]` in place of each secret. */
export function withoutSecretTexts(text: string): string {
    if (texts.size === 0) return text;
    longestFirst ??= [...texts].sort((a, b) => b.length - a.length);
    return longestFirst.reduce((clean, secret) => clean.replaceAll(secret, "[secret]"), text);
}

/** Returns the names of the properties whose values contain a secret. */
export function secretNames(values: Readonly<Record<string, unknown>>): string[] {
    return Object.entries(values)
        .filter(([, value]) => holdsSecret(JSON.stringify(value ?? "")))
        .map(([name]) => name);
}

const holdsSecret = (text: string) => [...texts].some((secret) => text.includes(secret));
