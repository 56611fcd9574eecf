// Saves the directory in a folder, so that a tenant survives a restart of the emulator.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Identity } from "./seed";
import type { TenantState } from "./tenant";

export interface SavedState {
    readonly tenants: readonly TenantState[];
    readonly identities: Readonly<Record<string, Identity>>;
}

const FILE = "tenants.json";

export function load(folder: string): SavedState | undefined {
    try {
        return JSON.parse(readFileSync(join(folder, FILE), "utf8")) as SavedState;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
    }
}

/**
 * Renames a complete new file over the old one. If the process is killed, the old or the new file is there. Only the
 * file's owner can read it.
 */
export function save(folder: string, state: SavedState): void {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, FILE);
    writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
    renameSync(`${file}.new`, file);
}
