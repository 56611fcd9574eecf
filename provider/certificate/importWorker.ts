// Runs in the worker thread that importInWorker.ts starts. Answers each request with an identity or with an error.
import { parentPort } from "node:worker_threads";

import { CertificateError } from "./certificateError";
import { importIdentity } from "./importIdentity";
import type { ImportAnswer, ImportRequest } from "./importInWorker";

parentPort?.on("message", (request: ImportRequest) => {
    parentPort?.postMessage({ number: request.number, ...answer(request) });
});

function answer({ source, now }: ImportRequest): ImportAnswer {
    try {
        const { certificate, ...identity } = importIdentity(source, now);
        return { identity: { ...identity, pem: certificate.pem } };
    } catch (error) {
        return error instanceof CertificateError ? { fault: error.fault, message: error.message } : { error };
    }
}
