// Runs an outside issuer of OpenID Connect tokens on loopback. A pipeline's issuer is on the internet.
import { createSign, generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export class OutsideIssuer {
    readonly keyId = randomUUID();
    private readonly pair = generateKeyPairSync("rsa", { modulusLength: 2048 });

    private constructor(private readonly server: Server) {}

    static async start(): Promise<OutsideIssuer> {
        const server = createServer();
        await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
        const issuer = new OutsideIssuer(server);
        server.on("request", (request, response) => {
            const isKeys = request.url === "/keys";
            const key = { ...issuer.pair.publicKey.export({ format: "jwk" }), kid: issuer.keyId, use: "sig" };
            const document = { issuer: issuer.url, jwks_uri: `${issuer.url}/keys` };
            response.end(JSON.stringify(isKeys ? { keys: [key] } : document));
        });
        return issuer;
    }

    get url(): string {
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    /** Issues a token for the exchange. The given claims replace the usual ones. */
    token(claims: object = {}, key = this.pair.privateKey): string {
        const now = Math.floor(Date.now() / 1000);
        const usual = { iss: this.url, sub: SUBJECT, aud: AUDIENCE, iat: now, nbf: now, exp: now + 300 };
        const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
        const text = `${encode({ typ: "JWT", alg: "RS256", kid: this.keyId })}.${encode({ ...usual, ...claims })}`;
        return `${text}.${createSign("RSA-SHA256").update(text).sign(key, "base64url")}`;
    }

    close(): Promise<void> {
        return new Promise((done) => {
            this.server.close(() => done());
            this.server.closeAllConnections();
        });
    }
}

export const SUBJECT = "repo:contoso/portals:ref:refs/heads/main";
export const AUDIENCE = "api://AzureADTokenExchange";
