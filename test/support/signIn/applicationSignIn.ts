// Signs an application in to the embedded tenant with plain requests, by a secret or by a certificate.
import { constants, createHash, randomUUID, sign, X509Certificate, type KeyObject } from "node:crypto";
import { request } from "node:https";

import { startEmulator, type Emulator } from "../../../emulator";
import { issueCertificate, type IssuedCertificate } from "../../../provider/certificate/issue";
import { ASSERTION_TYPE } from "./signIn";

export interface JsonAnswer {
    readonly status: number;
    readonly body: Record<string, unknown>;
}

export interface AssertionOptions {
    readonly alg?: "PS256" | "RS256";
    readonly key?: KeyObject;
    readonly padding?: string;
    readonly pem?: string;
}

export class ApplicationSignIn {
    private constructor(
        readonly emulator: Emulator,
        readonly issued: IssuedCertificate,
        readonly clientId: string,
        readonly clientSecret: string,
    ) {}

    /** Starts a tenant with an application that has `Application.Read.All`, a secret and a certificate. */
    static async start(): Promise<ApplicationSignIn> {
        const emulator = await startEmulator();
        const issued = await issueCertificate({ name: "Client", keySize: 2048, validDays: 30, now: new Date() });
        const { clientId, clientSecret } = emulator.addIdentity({ roles: ["Application.Read.All"] });
        const signIn = new ApplicationSignIn(emulator, issued, clientId, clientSecret);
        const key = new X509Certificate(issued.certificatePem).raw.toString("base64");
        const body = { keyCredentials: [{ type: "AsymmetricX509Cert", usage: "Verify", key }] };
        const path = `/applications(appId='${clientId}')`;
        const { status } = await signIn.graph("PATCH", path, await signIn.adminToken(), body);
        if (status !== 204) throw new Error(`registering the certificate: status ${status}`);
        return signIn;
    }

    async adminToken(): Promise<string> {
        const { clientId, clientSecret } = this.emulator.identity("admin");
        const { body } = await this.token({ client_id: clientId, client_secret: clientSecret });
        return String(body["access_token"]);
    }

    send(method: string, path: string, headers: Record<string, string>, body?: string): Promise<JsonAnswer> {
        return send(this.emulator, method, path, headers, body);
    }

    token(form: Record<string, string>, tenant = this.emulator.tenantId): Promise<JsonAnswer> {
        const headers = { "Content-Type": "application/x-www-form-urlencoded" };
        const body = { grant_type: "client_credentials", scope: "https://graph.microsoft.com/.default", ...form };
        return this.send("POST", `/${tenant}/oauth2/v2.0/token`, headers, new URLSearchParams(body).toString());
    }

    graph(method: string, path: string, bearer: string, body?: unknown): Promise<JsonAnswer> {
        const headers = { Authorization: `Bearer ${bearer}` };
        return this.send(method, `/v1.0${path}`, headers, body === undefined ? undefined : JSON.stringify(body));
    }

    byAssertion(assertion: string): Promise<JsonAnswer> {
        return this.token({
            client_id: this.clientId,
            client_assertion_type: ASSERTION_TYPE,
            client_assertion: assertion,
        });
    }

    assertion(claims: object = {}, options: AssertionOptions = {}): string {
        const { emulator, issued, clientId } = this;
        const { alg = "PS256", key = issued.privateKey, padding = "", pem = issued.certificatePem } = options;
        const der = new X509Certificate(pem).raw;
        const hash = createHash(alg === "PS256" ? "sha256" : "sha1");
        const x5t = hash.update(der).digest("base64url") + padding;
        const now = Math.floor(Date.now() / 1000);
        const header = { alg, typ: "JWT", ...(alg === "PS256" ? { "x5t#S256": x5t } : { x5t }) };
        const payload = {
            aud: `${emulator.url}/${emulator.tenantId}/oauth2/v2.0/token`,
            iss: clientId,
            sub: clientId,
            jti: randomUUID(),
            nbf: now,
            exp: now + 600,
            ...claims,
        };
        const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
        const text = `${encode(header)}.${encode(payload)}`;
        const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
        const signature = sign("sha256", Buffer.from(text), alg === "PS256" ? { key, ...pss } : key);
        return `${text}.${signature.toString("base64url")}`;
    }
}

export function send(
    { url, caPem }: Emulator,
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string,
): Promise<JsonAnswer> {
    return new Promise((done, fail) => {
        const outgoing = request(`${url}${path}`, { method, headers, ca: caPem }, (incoming) => {
            let text = "";
            incoming.on("data", (chunk: Buffer) => (text += chunk.toString()));
            incoming.on("end", () =>
                done({
                    status: incoming.statusCode ?? 0,
                    body: (text === "" ? {} : JSON.parse(text)) as JsonAnswer["body"],
                }),
            );
        });
        outgoing.on("error", fail);
        outgoing.end(body);
    });
}
