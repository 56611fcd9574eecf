// Serves a git repository over HTTPS on loopback. git's own program for web servers answers the requests.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { newCertificateAuthority } from "../../../emulator/certificateAuthority";

export class GitServer {
    private constructor(
        private readonly folder: string,
        private readonly server: Server,
        /** The file with the certificate authority that signed the server's certificate. */
        readonly caFile: string,
        /** The id of the only commit. */
        readonly commit: string,
    ) {}

    /** Serves these files and folders of `root`, without node_modules, as the only commit of the branch main. */
    static async start(root: string, names: readonly string[]): Promise<GitServer> {
        const folder = mkdtempSync(join(tmpdir(), "git-"));
        const work = join(folder, "work");
        mkdirSync(work);
        for (const name of names) {
            const filter = (source: string) => !/[\\/]node_modules([\\/]|$)/.test(source.slice(root.length));
            cpSync(join(root, name), join(work, name), { recursive: true, filter });
        }
        const git = (...args: string[]) => execFileSync("git", args, { cwd: work, stdio: "pipe" });
        git("init", "--quiet", "--initial-branch", "main");
        git("add", "--all");
        git("-c", "user.name=Test", "-c", "user.email=test@contoso.com", "commit", "--quiet", "--message", "all");
        git("clone", "--quiet", "--bare", ".", join(folder, "contoso", "portal.git"));
        const authority = newCertificateAuthority(new Date());
        const { certificatePem: cert, keyPem: key } = authority.issue(new Date());
        const server = createServer({ cert, key }, (request, response) => serve(folder, request, response));
        await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
        const caFile = join(folder, "ca.pem");
        writeFileSync(caFile, authority.caPem);
        return new GitServer(folder, server, caFile, git("rev-parse", "HEAD").toString().trim());
    }

    get url(): string {
        return `https://localhost:${(this.server.address() as AddressInfo).port}/contoso/portal.git`;
    }

    async close(): Promise<void> {
        this.server.closeAllConnections();
        await new Promise((done) => this.server.close(done));
        rmSync(this.folder, { recursive: true, force: true });
    }
}

/** Speaks CGI with `git http-backend`, which gets the request by environment variables and standard input. */
function serve(folder: string, request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", "https://localhost");
    const child = spawn("git", ["http-backend"], {
        env: {
            PATH: process.env["PATH"],
            GIT_PROJECT_ROOT: folder,
            GIT_HTTP_EXPORT_ALL: "1",
            PATH_INFO: url.pathname,
            QUERY_STRING: url.search.slice(1),
            REQUEST_METHOD: request.method,
            CONTENT_TYPE: request.headers["content-type"] ?? "",
            HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
            GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
            ...(request.headers["content-length"] ? { CONTENT_LENGTH: request.headers["content-length"] } : {}),
        },
        stdio: ["pipe", "pipe", "ignore"],
    });
    request.pipe(child.stdin);
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.once("close", () => answer(Buffer.concat(chunks), response));
}

function answer(output: Buffer, response: ServerResponse): void {
    const end = output.indexOf("\r\n\r\n");
    let status = 200;
    for (const line of output.subarray(0, end).toString().split("\r\n")) {
        const [name = "", value = ""] = line.split(/: (.*)/);
        if (name === "Status") status = Number(value.slice(0, 3));
        else response.setHeader(name, value);
    }
    response.statusCode = status;
    response.end(output.subarray(end + 4));
}
