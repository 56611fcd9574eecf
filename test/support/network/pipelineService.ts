// Runs the token service of a pipeline. It issues an assertion that is signed with a certificate of the client. Entra
// accepts such an assertion in place of a federated token.
import { createHash, createPrivateKey, randomUUID, sign, X509Certificate } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface PipelineClient {
    readonly clientId: string;
    readonly tokenUrl: string;
    readonly certificatePem: string;
    readonly keyPem: string;
}

export class PipelineService {
    /** Method, path with query, and Authorization header of each request. */
    readonly requests: string[] = [];

    private constructor(private readonly server: Server) {}

    static async start(client: PipelineClient): Promise<PipelineService> {
        const server = createServer();
        const service = new PipelineService(server);
        server.on("request", ({ method, url, headers }, answer) => {
            service.requests.push([method, url, headers.authorization].join(" "));
            answer.setHeader("Content-Type", "application/json");
            answer.end(JSON.stringify({ oidcToken: assertionOf(client), value: assertionOf(client) }));
        });
        await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
        return service;
    }

    get url(): string {
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    async close(): Promise<void> {
        this.server.closeAllConnections();
        await new Promise((done) => this.server.close(done));
    }
}

export function assertionOf({ clientId, tokenUrl, certificatePem, keyPem }: PipelineClient): string {
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const thumbprint = createHash("sha256").update(new X509Certificate(certificatePem).raw).digest("base64url");
    const now = Math.floor(Date.now() / 1000);
    const claims = { aud: tokenUrl, iss: clientId, sub: clientId, nbf: now - 5, exp: now + 600, jti: randomUUID() };
    const signed = `${encoded({ alg: "RS256", typ: "JWT", "x5t#S256": thumbprint })}.${encoded(claims)}`;
    return `${signed}.${sign("sha256", Buffer.from(signed), createPrivateKey(keyPem)).toString("base64url")}`;
}
