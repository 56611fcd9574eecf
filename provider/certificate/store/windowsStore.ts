// Exports a certificate with its key from the Personal store of Windows. The export runs in Windows PowerShell, or in
// `pwsh` if Windows PowerShell is missing.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { CertificateError, type CertificateFault } from "../certificateError";
import type { StoreSource } from "../inputs";
import { criterion, notInStore, severalInStore, type StoredCertificate } from "./messages";
import { WINDOWS_STORE_BOOTSTRAP, WINDOWS_STORE_SCRIPT } from "./windowsStoreScript";
import { isSecretVariable } from "../../secretTexts";
import { randomPfxPassword } from "../pfx/writePfx";

export const WINDOWS_LOCATIONS = ["CurrentUser", "LocalMachine"];

const TIMEOUT_MS = 60_000;
const MAX_ANSWER_BYTES = 1024 * 1024;

type StoreAnswer =
    | { readonly outcome: "exported"; readonly pfx: string }
    | { readonly outcome: "several" | "noPrivateKey" | "notFound"; readonly certificates: readonly StoredCertificate[] }
    | { readonly outcome: "failed"; readonly hresult: string; readonly message: string };

/** The random password of the PFX exists only in this process and in the process of PowerShell. */
export function exportFromWindowsStore(source: StoreSource): { pfx: Buffer; password: string } {
    const { thumbprint, subject, location } = source;
    const locations = location === undefined ? WINDOWS_LOCATIONS : [location];
    const password = randomPfxPassword();
    const answer = runPowerShell({ locations, thumbprint, subject, password });
    const store = `the Personal store of ${locations.join(" and ")}`;
    switch (answer.outcome) {
        case "exported":
            return { pfx: Buffer.from(answer.pfx, "base64"), password };
        case "several":
            throw severalInStore(source, store, answer.certificates);
        case "notFound":
            throw notInStore(source, store, answer.certificates);
        case "noPrivateKey":
            throw new CertificateError(
                "noIdentity",
                `the certificate with ${criterion(source)} in ${store} has no private key; import it again from a PFX file that contains the key`,
            );
        case "failed":
            throw failure(source, store, answer);
    }
}

/** Recognizes a failure by its HRESULT, because Windows' own texts are in the language of the machine. */
const FAILURES: Readonly<Record<string, readonly [CertificateFault, string]>> = {
    "0x8009000B": [
        "notExportable",
        "its private key is not exportable; import the certificate again and mark the key as exportable",
    ],
    "0x80090029": [
        "notExportable",
        "a TPM, smart card or policy protects its private key from export; use a certificate with an exportable key",
    ],
    "0x80090010": [
        "accessDenied",
        "access to its private key was denied; run the deployment as administrator, or grant read access to the key",
    ],
    "0x80070005": [
        "accessDenied",
        "access was denied; run the deployment as administrator, or grant read access to the key",
    ],
    "0x80090016": [
        "accessDenied",
        "its private key is missing or not readable; run the deployment as administrator, or import the certificate again",
    ],
    "0x80092004": ["noIdentity", "it has no private key; import it again from a PFX file that contains the key"],
    "0x80070002": [
        "notFound",
        "a Personal store is missing on this machine; set source.store.location to a location that has one",
    ],
};

function failure(
    source: StoreSource,
    store: string,
    { hresult, message }: { hresult: string; message: string },
): CertificateError {
    const [fault, words] = FAILURES[hresult] ?? [
        "unsupported",
        `PowerShell failed: ${message.slice(0, 300).replace(/\.$/, "")}; export the certificate as a file, and use source.pfx`,
    ];
    return new CertificateError(
        fault,
        `exporting the certificate with ${criterion(source)} from ${store}: ${words} (${hresult})`,
    );
}

function runPowerShell(request: object): StoreAnswer {
    const line = Buffer.from(JSON.stringify(request)).toString("base64");
    const input = `${line}\n${WINDOWS_STORE_SCRIPT}`;
    const bootstrap = Buffer.from(WINDOWS_STORE_BOOTSTRAP, "utf16le").toString("base64");
    const args = ["-NoLogo", "-NoProfile", "-NonInteractive", "-EncodedCommand", bootstrap];
    const options = { input, timeout: TIMEOUT_MS, maxBuffer: MAX_ANSWER_BYTES, windowsHide: true, env: environment() };
    for (const shell of shells()) {
        const { error, stdout, status } = spawnSync(shell, args, options);
        const { code } = (error ?? {}) as { code?: string };
        if (code === "ENOENT") continue;
        if (code === "ETIMEDOUT") throw unread(`${shell} did not answer within ${TIMEOUT_MS / 1000} s`);
        if (error) throw unread(`${shell} failed (${String(code)})`);
        return parse(stdout.toString("latin1"), shell, status);
    }
    throw unread("neither powershell.exe nor pwsh is on PATH");
}

function unread(reason: string): CertificateError {
    return new CertificateError(
        "unsupported",
        `reading the Personal store: ${reason}; export the certificate as a file, and use source.pfx`,
    );
}

function shells(): string[] {
    const path = join(
        process.env["SystemRoot"] ?? "C:\\Windows",
        "System32",
        "WindowsPowerShell",
        "v1.0",
        "powershell.exe",
    );
    return [existsSync(path) ? path : "powershell.exe", "pwsh"];
}

/** Returns the environment without the deployment's credentials, because PowerShell does not need them. */
function environment(): NodeJS.ProcessEnv {
    const isCredential = (name: string) => isSecretVariable(name) || /(^|_)(AZURE|ARM|PULUMI|ACTIONS)_/i.test(name);
    return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isCredential(name)));
}

/** The answer is the last line. PowerShell may print other lines before it, such as warnings. */
function parse(text: string, shell: string, status: number | null): StoreAnswer {
    const line = text.trim().split(/\s+/).at(-1) ?? "";
    try {
        return JSON.parse(Buffer.from(line, "base64").toString("utf8")) as StoreAnswer;
    } catch {
        throw unread(`the answer of ${shell} is not readable (exit code ${status ?? "none"})`);
    }
}
