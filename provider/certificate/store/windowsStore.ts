// Exports a certificate with its key from Windows' Personal store, by the PowerShell that every Windows has.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { CertificateError, type CertificateFault } from "../certificateError";
import type { StoreSource } from "../inputs";
import { criterion, notInStore, severalInStore, type StoredCertificate } from "./messages";
import { WINDOWS_STORE_BOOTSTRAP, WINDOWS_STORE_SCRIPT } from "./windowsStoreScript";
import { randomPfxPassword } from "../pfx/writePfx";

const TIMEOUT_MS = 60_000;
const MAX_ANSWER_BYTES = 1024 * 1024;

type StoreAnswer =
    | { readonly outcome: "exported"; readonly pfx: string }
    | { readonly outcome: "several" | "noPrivateKey" | "notFound"; readonly certificates: readonly StoredCertificate[] }
    | { readonly outcome: "failed"; readonly hresult: string; readonly message: string };

/** The PFX is protected by a password that lives in the two processes alone. */
export function exportFromWindowsStore(wanted: StoreSource): { pfx: Buffer; password: string } {
    const locations = wanted.location === undefined ? ["CurrentUser", "LocalMachine"] : [wanted.location];
    const password = randomPfxPassword();
    const { thumbprint, subject } = wanted;
    const answer = ask({ locations, thumbprint, subject, password });
    const store = `the Personal store of ${locations.join(" and ")}`;
    switch (answer.outcome) {
        case "exported":
            return { pfx: Buffer.from(answer.pfx, "base64"), password };
        case "several":
            throw severalInStore(wanted, store, answer.certificates);
        case "notFound":
            throw notInStore(wanted, store, answer.certificates);
        case "noPrivateKey":
            throw new CertificateError(
                "noIdentity",
                `the certificate with ${criterion(wanted)} in ${store} has no private key; import it again from the PFX that holds the key`,
            );
        case "failed":
            throw failure(wanted, store, answer);
    }
}

/** By HRESULT: the texts are in the language of the machine. */
const FAILURES: Readonly<Record<string, readonly [CertificateFault, string]>> = {
    "0x8009000B": [
        "notExportable",
        "its private key is not exportable; import it again and mark the key as exportable",
    ],
    "0x80090029": [
        "notExportable",
        "its private key cannot leave its provider (TPM, smart card or policy); use a certificate with an exportable key",
    ],
    "0x80090010": [
        "accessDenied",
        "access to its private key is denied; run the deployment elevated, or grant read access to the key",
    ],
    "0x80070005": ["accessDenied", "access is denied; run the deployment elevated, or grant read access to the key"],
    "0x80090016": [
        "accessDenied",
        "its key container is missing or not readable; run the deployment elevated, or import the certificate again",
    ],
    "0x80092004": ["noIdentity", "it has no private key; import it again from the PFX that holds the key"],
    "0x80070002": ["notFound", "the store does not exist on this machine; give another location"],
};

function failure(
    wanted: StoreSource,
    store: string,
    { hresult, message }: { hresult: string; message: string },
): CertificateError {
    const [fault, words] = FAILURES[hresult] ?? ["unsupported", `PowerShell failed: ${message.slice(0, 300)}`];
    return new CertificateError(
        fault,
        `exporting the certificate with ${criterion(wanted)} from ${store}: ${words} (${hresult})`,
    );
}

function ask(request: object): StoreAnswer {
    const line = Buffer.from(JSON.stringify(request)).toString("base64");
    const input = `${line}\n${WINDOWS_STORE_SCRIPT}`;
    const bootstrap = Buffer.from(WINDOWS_STORE_BOOTSTRAP, "utf16le").toString("base64");
    const args = ["-NoLogo", "-NoProfile", "-NonInteractive", "-EncodedCommand", bootstrap];
    const options = { input, timeout: TIMEOUT_MS, maxBuffer: MAX_ANSWER_BYTES, windowsHide: true, env: environment() };
    for (const shell of shells()) {
        const { error, stdout, status } = spawnSync(shell, args, options);
        const { code } = (error ?? {}) as { code?: string };
        if (code === "ENOENT") continue;
        if (error)
            throw new CertificateError(
                "unsupported",
                `asking the Personal store by ${shell}: ${code === "ETIMEDOUT" ? `no answer within ${TIMEOUT_MS / 1000} s` : String(code)}`,
            );
        return parse(stdout.toString("latin1"), shell, status);
    }
    throw new CertificateError(
        "unsupported",
        "asking the Personal store: neither powershell.exe nor pwsh is on PATH; give the certificate as source.pfx",
    );
}

function shells(): string[] {
    const whole = join(
        process.env["SystemRoot"] ?? "C:\\Windows",
        "System32",
        "WindowsPowerShell",
        "v1.0",
        "powershell.exe",
    );
    return [existsSync(whole) ? whole : "powershell.exe", "pwsh"];
}

/** The child has no use for the deployment's credentials. */
function environment(): NodeJS.ProcessEnv {
    const entries = Object.entries(process.env).filter(([name]) => !/(^|_)(AZURE|ARM|PULUMI|ACTIONS)_/i.test(name));
    return Object.fromEntries(entries);
}

/** The answer is the last line: a profile of the machine may print others before it. */
function parse(text: string, shell: string, status: number | null): StoreAnswer {
    const line = text.trim().split(/\s+/).at(-1) ?? "";
    try {
        return JSON.parse(Buffer.from(line, "base64").toString("utf8")) as StoreAnswer;
    } catch {
        throw new CertificateError(
            "unsupported",
            `asking the Personal store by ${shell}: no answer that can be read (exit code ${status ?? "none"})`,
        );
    }
}
