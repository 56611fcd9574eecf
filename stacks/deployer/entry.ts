// Reads one entry of the configuration's list of pipelines. Each mistake becomes an error that names the entry and the
// field.
export const IDENTITIES = ["deployer", "reader"] as const;
/** `deployer` may write. `reader` may only read, for the previews of pull requests. */
export type IdentityName = (typeof IDENTITIES)[number];

export class Entry {
    private readonly used = new Set(["system", "identity"]);

    constructor(
        private readonly values: Readonly<Record<string, unknown>>,
        private readonly position: string,
    ) {}

    fail(text: string): never {
        throw new Error(`configuration ${this.position}: ${text}`);
    }

    text(key: string, hint: string, form = /^\S(.*\S)?$/): string {
        return this.optional(key, hint, form) ?? this.fail(`${key} is missing: give ${hint}`);
    }

    optional(key: string, hint: string, form = /^\S(.*\S)?$/): string | undefined {
        this.used.add(key);
        const value = this.values[key];
        if (value === undefined) return undefined;
        // YAML reads an id without quotes as a number, so numbers are allowed.
        const text = typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
        if (typeof text !== "string" || !form.test(text))
            this.fail(`${key} must be ${hint}, got ${JSON.stringify(value)}`);
        return text;
    }

    flag(key: string): boolean {
        this.used.add(key);
        const value = this.values[key] ?? false;
        if (typeof value !== "boolean") this.fail(`${key} must be true or false, got ${JSON.stringify(value)}`);
        return value;
    }

    get identity(): IdentityName {
        const value = this.values["identity"] ?? "deployer";
        const known = IDENTITIES.find((name) => name === value);
        return known ?? this.fail(`identity must be deployer or reader, got ${JSON.stringify(value)}`);
    }

    refuseUnknown(): void {
        const unknown = Object.keys(this.values).filter((key) => !this.used.has(key));
        if (unknown.length === 0) return;
        const are = unknown.length === 1 ? "is" : "are";
        const known = [...this.used].sort().join(", ");
        this.fail(`${unknown.join(", ")} ${are} unknown here; the known fields are ${known}`);
    }
}
