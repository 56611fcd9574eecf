// Runs an outside issuer of OpenID Connect tokens on loopback, in place of a pipeline's issuer on the internet.
import { createSign, generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

import { newCertificateAuthority } from "../../../emulator/certificateAuthority";
import type { Control } from "../../../emulator/control";

export class OutsideIssuer {
    readonly keyId = randomUUID();
    /** All issued tokens. No log, message or state may contain one of them. */
    readonly issued: string[] = [];
    private readonly pair = generateKeyPairSync("rsa", { modulusLength: 2048 });

    private constructor(
        private readonly server: Server,
        private readonly scheme: "http" | "https",
    ) {}

    static start(): Promise<OutsideIssuer> {
        return this.listen(createServer(), "http");
    }

    /** Starts an issuer over TLS. The tenant trusts the issuer's certificate. */
    static startTls(control: Control): Promise<OutsideIssuer> {
        const authority = newCertificateAuthority(new Date());
        control.trustCertificate(authority.caPem);
        const { certificatePem: cert, keyPem: key } = authority.issue(new Date());
        return this.listen(createTlsServer({ cert, key }), "https");
    }

    private static async listen(server: Server, scheme: "http" | "https"): Promise<OutsideIssuer> {
        await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
        const issuer = new OutsideIssuer(server, scheme);
        server.on("request", (request, response) => {
            const answer = issuer.answer(request);
            response.statusCode = answer === undefined ? 401 : 200;
            response.end(JSON.stringify(answer ?? {}));
        });
        return issuer;
    }

    get url(): string {
        return `${this.scheme}://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    /** The variables that GitHub gives to a job with `permissions: id-token: write`. */
    get jobVariables(): Record<string, string> {
        return {
            ACTIONS_ID_TOKEN_REQUEST_URL: `${this.url}/token?api-version=2.0`,
            ACTIONS_ID_TOKEN_REQUEST_TOKEN: this.keyId,
        };
    }

    private answer({ url, headers }: IncomingMessage): object | undefined {
        const { pathname, searchParams } = new URL(url ?? "", this.url);
        if (pathname === "/keys")
            return { keys: [{ ...this.pair.publicKey.export({ format: "jwk" }), kid: this.keyId, use: "sig" }] };
        if (pathname !== "/token") return { issuer: this.url, jwks_uri: `${this.url}/keys` };
        if (headers.authorization !== `Bearer ${this.keyId}`) return undefined;
        return { value: this.token({ aud: searchParams.get("audience") }) };
    }

    /** Issues a token that a client exchanges for Entra's access token. The given claims replace the usual ones. */
    token(claims: object = {}, key = this.pair.privateKey): string {
        const now = Math.floor(Date.now() / 1000);
        const usual = { iss: this.url, sub: SUBJECT, aud: AUDIENCE, iat: now, nbf: now, exp: now + 300 };
        const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
        const text = `${encode({ typ: "JWT", alg: "RS256", kid: this.keyId })}.${encode({ ...usual, ...claims })}`;
        const token = `${text}.${createSign("RSA-SHA256").update(text).sign(key, "base64url")}`;
        this.issued.push(token);
        return token;
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
