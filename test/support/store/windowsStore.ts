// Runs the script for the Personal store of Windows in a real PowerShell. On Linux, .NET keeps such a store in the home
// folder, which is a new folder here.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { readPfx } from "../../../provider/certificate/pfx/readPfx";
import { WINDOWS_STORE_SCRIPT } from "../../../provider/certificate/store/windowsStoreScript";
import { runScript } from "../powershell/powershell";
import { StoredFiles } from "./subjects";

const PASSWORD = "onlyForThisTest0";

export interface StoreAnswer {
    readonly outcome: string;
    readonly pfx?: string;
    readonly hresult?: string;
    readonly message?: string;
    readonly certificates?: readonly { thumbprint: string; subject: string; notAfter: string; location: string }[];
}

export class WindowsStore {
    readonly home = mkdtempSync(join(tmpdir(), "home-"));
    readonly stored = new StoredFiles();

    /**
     * Runs the script once per request, all in one PowerShell process, and returns its answers. `change` may plant a
     * fault in the script.
     */
    answers(requests: readonly object[], change = (script: string) => script): StoreAnswer[] {
        const lines = requests.map((request) => base64({ locations: ["CurrentUser"], password: PASSWORD, ...request }));
        const files = this.stored.files.map(({ path }) => path);
        const task = { files, script: change(WINDOWS_STORE_SCRIPT), requests: lines };
        const answers = runScript("store.ps1", task, { HOME: this.home }) as string[];
        return answers.map((text) => JSON.parse(Buffer.from(text, "base64").toString()) as StoreAnswer);
    }

    /** Returns the name of the certificate that was exported with its key, or the outcome. */
    meaningOf({ outcome, pfx }: StoreAnswer): string | undefined {
        if (pfx === undefined) return outcome;
        return this.stored.nameOf(readPfx(Buffer.from(pfx, "base64"), PASSWORD, new Date()).certificate.thumbprint);
    }

    remove(): void {
        this.stored.remove();
        rmSync(this.home, { recursive: true, force: true });
    }
}

function base64(value: object): string {
    return Buffer.from(JSON.stringify(value)).toString("base64");
}
