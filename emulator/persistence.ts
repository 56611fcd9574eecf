// Saves the tenants and their identities in a folder, so that they survive a restart of the emulator.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { replaceSecretFile } from "../system/secretFile";
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

export function save(folder: string, state: SavedState): void {
    mkdirSync(folder, { recursive: true });
    replaceSecretFile(join(folder, FILE), JSON.stringify(state));
}
