// Starts the backends in which teams keep Pulumi's state: a folder, Azure Blob Storage, and PostgreSQL. Azurite
// replaces Azure Blob Storage. PostgreSQL is the real server, from Debian's package.
import { spawn, execFileSync, type ChildProcess } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { chownSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { azurite, postgres } from "../pipelines/tools";

export const BACKENDS = ["file", "azure", "postgres"] as const;
export type BackendName = (typeof BACKENDS)[number];

export interface Backend {
    /** The environment variables that a deployment must set. */
    readonly env: Record<string, string>;
    close(): Promise<void>;
}

/** Returns `undefined` if the server cannot be downloaded or started. In CI, throws the error instead. */
export async function startBackend(name: BackendName): Promise<Backend | undefined> {
    const folder = mkdtempSync(join(tmpdir(), `backend-${name}-`));
    try {
        return await START[name](folder);
    } catch (error) {
        rmSync(folder, { recursive: true, force: true });
        if (process.env["CI"]) throw error;
        console.warn(`the state in ${name} is not tested: ${error instanceof Error ? error.message : String(error)}`);
        return undefined;
    }
}

const START: Readonly<Record<BackendName, (folder: string) => Backend | Promise<Backend>>> = {
    file: (folder) => ({
        env: { PULUMI_BACKEND_URL: `file://${folder}` },
        close: () => {
            rmSync(folder, { recursive: true });
            return Promise.resolve();
        },
    }),
    azure: startAzure,
    postgres: startPostgres,
};

async function startAzure(folder: string): Promise<Backend> {
    const [account, key, port] = ["portals", randomBytes(64).toString("base64"), await freePort()];
    const args = [azurite(), "--blobPort", String(port), "--location", folder, "--silent", "--disableTelemetry"];
    const env = { ...process.env, AZURITE_ACCOUNTS: `${account}:${key}` };
    const server = spawn(process.execPath, [...args, "--skipApiVersionCheck"], { env, stdio: "ignore" });
    await untilListening(port);
    await createContainer(port, account, key);
    const url = `azblob://state?protocol=http&domain=127.0.0.1:${port}&localemu=true`;
    return {
        env: { PULUMI_BACKEND_URL: url, AZURE_STORAGE_ACCOUNT: account, AZURE_STORAGE_KEY: key },
        close: () => ended(server, folder),
    };
}

/**
 * Creates the container. Signs the request as
 * https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key requires.
 */
async function createContainer(port: number, account: string, key: string): Promise<void> {
    const headers = { "x-ms-date": new Date().toUTCString(), "x-ms-version": "2021-12-02" };
    const named = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
    const text = `PUT${"\n".repeat(12)}${named.join("")}/${account}/${account}/state\nrestype:container`;
    const signature = createHmac("sha256", Buffer.from(key, "base64")).update(text).digest("base64");
    const options = { method: "PUT", headers: { ...headers, Authorization: `SharedKey ${account}:${signature}` } };
    const status = await new Promise<number>((done, fail) => {
        const url = `http://127.0.0.1:${port}/${account}/state?restype=container`;
        const outgoing = request(url, options, (answer) => {
            answer.resume();
            done(answer.statusCode ?? 0);
        });
        outgoing.on("error", fail).end();
    });
    if (status !== 201) throw new Error(`Azurite answered ${status} to a new container`);
}

async function startPostgres(folder: string): Promise<Backend> {
    const { command, env: libraries } = postgres(folder);
    const [data, port] = [join(folder, "data"), await freePort()];
    mkdirSync(data);
    // PostgreSQL refuses to run as root.
    const isRoot = process.getuid?.() === 0;
    const user = isRoot ? { uid: 65534, gid: 65534 } : {};
    if (isRoot) for (const path of [folder, data]) chownSync(path, 65534, 65534);
    const options = { ...user, cwd: folder, env: { ...process.env, ...libraries } };
    const initial = ["--pgdata", data, "--username", "postgres", "--auth", "trust", "--no-sync"];
    execFileSync(join(command, "initdb"), initial, { ...options, stdio: "pipe" });
    const args = ["-D", data, "-k", folder, "-p", String(port), "-c", "listen_addresses=127.0.0.1"];
    const server = spawn(join(command, "postgres"), args, { ...options, stdio: "ignore" });
    await untilListening(port);
    return {
        env: { PULUMI_BACKEND_URL: `postgres://postgres@127.0.0.1:${port}/postgres?sslmode=disable` },
        close: () => ended(server, folder),
    };
}

async function ended(server: ChildProcess, folder: string): Promise<void> {
    const exit = new Promise((done) => server.once("exit", done));
    server.kill("SIGINT");
    await exit;
    rmSync(folder, { recursive: true, force: true });
}

async function freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    await new Promise((done) => server.close(done));
    return port;
}

async function untilListening(port: number): Promise<void> {
    for (let attempt = 0; attempt < 300; attempt++) {
        const isListening = await new Promise<boolean>((done) => {
            const socket = connect(port, "127.0.0.1", () => done(true)).on("error", () => done(false));
            socket.on("close", () => socket.destroy());
        });
        if (isListening) return;
        await new Promise((done) => setTimeout(done, 200));
    }
    throw new Error(`nothing listens on port ${port} after a minute`);
}
