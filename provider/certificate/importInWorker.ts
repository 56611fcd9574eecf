// Imports a certificate in a worker thread. Reading an ordinary PFX file of NSS (Firefox) takes up to a second, and
// reading Windows' store takes as long as PowerShell needs. Meanwhile the provider process must answer the engine and
// read other resources.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { SHARE_ENV, Worker } from "node:worker_threads";

import { parseCertificate } from "../inputs/certificate";
import { CertificateError, type CertificateFault } from "./certificateError";
import type { Identity } from "./chooseIdentity";
import { importIdentity } from "./importIdentity";
import type { ImportedSource } from "./inputs";

export interface ImportRequest {
    readonly number: number;
    readonly source: ImportedSource;
    readonly now: Date;
}

/**
 * Contains only values that one thread can send to another: a key can be sent, but not an object of a class in this
 * package.
 */
export type ImportAnswer =
    | { readonly identity: Omit<Identity, "certificate"> & { readonly pem: string } }
    | { readonly fault: CertificateFault; readonly message: string }
    | { readonly error: unknown };

const WORKER = join(__dirname, "importWorker.js");

interface Waiting {
    readonly resolve: (identity: Identity) => void;
    readonly reject: (error: unknown) => void;
}
const waiting = new Map<number, Waiting>();
let worker: Worker | undefined;
let count = 0;

/** Throws as `importIdentity` does. */
export async function importInWorker(source: ImportedSource, now: Date): Promise<Identity> {
    // In a bundled program, the worker's own file is missing, so the import runs in this thread.
    if (!existsSync(WORKER)) return importIdentity(source, now);
    const number = ++count;
    return new Promise<Identity>((resolve, reject) => {
        waiting.set(number, { resolve, reject });
        worker ??= started();
        worker.ref();
        worker.postMessage({ number, source, now } satisfies ImportRequest);
    });
}

/** An idle worker stays for further imports, but does not keep the process alive. */
function started(): Worker {
    const fresh = new Worker(WORKER, { env: SHARE_ENV });
    fresh.on("message", ({ number, ...answer }: ImportAnswer & { number: number }) => {
        const one = waiting.get(number);
        waiting.delete(number);
        if (waiting.size === 0) fresh.unref();
        if (one) settle(one, answer);
    });
    fresh.on("error", (error) => {
        worker = undefined;
        for (const { reject } of waiting.values()) reject(error);
        waiting.clear();
    });
    return fresh;
}

function settle({ resolve, reject }: Waiting, answer: ImportAnswer): void {
    if ("error" in answer) reject(answer.error);
    else if ("fault" in answer) reject(new CertificateError(answer.fault, answer.message));
    else {
        const { pem, ...identity } = answer.identity;
        resolve({ ...identity, certificate: parseCertificate(pem) });
    }
}
