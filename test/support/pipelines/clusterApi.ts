// Runs the script of the CronJob that reports the results of the previews. A local server replaces the Kubernetes API.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parseAllDocuments } from "yaml";

import { expectSuccess, run } from "../engine/workspace";

const PATH = "/apis/pulumi.com/v1/namespaces/restore-portal/stacks";
const TOKEN = "token-of-the-account";

/** The metadata that the script writes to a Stack. */
export interface Patch {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
}

interface CronJob {
    readonly kind: string;
    readonly spec: {
        readonly jobTemplate: {
            readonly spec: { readonly template: { readonly spec: { readonly containers: { command: string[] }[] } } };
        };
    };
}

/**
 * Runs the script of the CronJob once, and returns the metadata that the script writes to the Stack that detects drift.
 * `text`: the file with the CronJob. `lastUpdate`: the field `lastUpdate` in the status of that Stack.
 */
export async function resultAfter(text: string, lastUpdate: object): Promise<Patch> {
    const folder = mkdtempSync(join(tmpdir(), "cluster-"));
    writeFileSync(join(folder, "token"), TOKEN);
    const patches: Patch[] = [];
    const api = createServer((request, answer) => {
        void answered(`${request.method ?? ""} ${request.url ?? ""}`, request).then(([status, body]) => {
            answer.statusCode = request.headers.authorization === `Bearer ${TOKEN}` ? status : 401;
            answer.end(JSON.stringify(body));
        });
    });
    async function answered(call: string, request: AsyncIterable<Buffer>): Promise<[number, object]> {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk);
        if (call === `GET ${PATH}?labelSelector=app.kubernetes.io%2Fcomponent%3Ddrift`)
            return [
                200,
                { items: [{ metadata: { name: "new" } }, { metadata: { name: "a" }, status: { lastUpdate } }] },
            ];
        if (call !== `PATCH ${PATH}/a`) return [404, {}];
        patches.push((JSON.parse(Buffer.concat(chunks).toString()) as { metadata: Patch }).metadata);
        return [200, {}];
    }
    await new Promise<void>((done) => api.listen(0, "127.0.0.1", done));
    const url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
    const job = parseAllDocuments(text)
        .map((document) => document.toJS() as CronJob)
        .find(({ kind }) => kind === "CronJob");
    const [command = "", ...args] = (job?.spec.jobTemplate.spec.template.spec.containers[0]?.command ?? []).map((one) =>
        one
            .replace("https://kubernetes.default.svc", url)
            .replaceAll("/var/run/secrets/kubernetes.io/serviceaccount", folder),
    );
    try {
        const env = { PATH: process.env["PATH"] };
        expectSuccess(await run(command, args, { cwd: folder, env, timeoutMs: 30_000 }));
    } finally {
        api.closeAllConnections();
        await new Promise((done) => api.close(done));
        rmSync(folder, { recursive: true });
    }
    const [patch, ...others] = patches;
    if (patch === undefined || others.length > 0)
        throw new Error(`the script must write once, not ${patches.length} times`);
    return patch;
}
