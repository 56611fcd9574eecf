// Puts a stand-in for the Azure CLI on PATH, which prints the token of a signed-in user of the embedded tenant.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import type { TestTenant } from "./testTenant";

/** Unsets the credentials of a process, so that it signs in with `az login`. */
export const SIGNED_OUT = { AZURE_TENANT_ID: "", AZURE_CLIENT_ID: "", AZURE_CLIENT_SECRET: "" };
/** The permissions in the token of a user who can deploy a portal. */
export const DEPLOYING = ["Application.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All", "Directory.Read.All"];

export class SignedInUser {
    private readonly folder = mkdtempSync(join(tmpdir(), "az-"));
    /** The environment variables of a process that signs in as this user. */
    readonly env: Record<string, string>;

    /** `seconds`: the time that the stand-in needs for its answer. */
    constructor({ emulator }: TestTenant, scopes: readonly string[], seconds = 0) {
        const { id: userId } = emulator.addUser({ displayName: "Signed-in user", isAdministrator: true });
        const answer = {
            accessToken: emulator.control.userToken({ userId, scopes }),
            expires_on: Math.floor(Date.now() / 1000) + 3600,
        };
        writeFileSync(join(this.folder, "answer.json"), JSON.stringify(answer));
        writeFileSync(join(this.folder, "az"), `#!/bin/sh\nsleep ${seconds}\ncat "$(dirname "$0")/answer.json"\n`);
        chmodSync(join(this.folder, "az"), 0o755);
        writeFileSync(
            join(this.folder, "az.cmd"),
            `@ping -n ${seconds + 1} 127.0.0.1 >nul\r\n@type "%~dp0answer.json"\r\n`,
        );
        const secrets = ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"];
        const others = Object.entries(emulator.env).filter(([name]) => !secrets.includes(name));
        const PATH = [this.folder, process.env["PATH"]].join(delimiter);
        this.env = { ...Object.fromEntries(others), PATH };
    }

    remove(): void {
        rmSync(this.folder, { recursive: true, force: true });
    }
}
