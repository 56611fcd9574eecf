// Proves a client's identity by a certificate, as Restore Portal does. This file uses no code of the provider.
// https://learn.microsoft.com/entra/identity-platform/certificate-credentials
import { createPrivateKey, createHash, randomUUID, sign, X509Certificate, type KeyObject } from "node:crypto";
import { execFileSync } from "node:child_process";

import type { TestTenant } from "../tenant/testTenant";

export interface ClientCertificate {
    readonly certificate: X509Certificate;
    readonly key: KeyObject;
}

/** Opens a PFX with openssl. `base64`: the PFX, such as the output `pfx` of PortalCertificate. */
export function openPfx(base64: string, password: string): ClientCertificate {
    const env = { ...process.env, PFX_PASSWORD: password };
    const args = ["pkcs12", "-nodes", "-passin", "env:PFX_PASSWORD"];
    const input = Buffer.from(base64, "base64");
    const pem = execFileSync("openssl", args, { input, env, encoding: "utf8", stdio: ["pipe", "pipe", "pipe"] });
    const part = (label: string) =>
        new RegExp(`-----BEGIN ${label}-----[^]*?-----END ${label}-----`).exec(pem)?.[0] ?? "";
    return { certificate: new X509Certificate(part("CERTIFICATE")), key: createPrivateKey(part("PRIVATE KEY")) };
}

/** The permissions of Microsoft Graph that the portal's service requests when it exchanges the user's token. */
export const GRAPH_SCOPES = ["https://graph.microsoft.com/User.Read"];

export const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** Returns the client's assertion for the tenant with this id. `now`: the time of the tenant's clock. */
export function clientAssertion(
    url: string,
    tenantId: string,
    appId: string,
    { certificate, key }: ClientCertificate,
    now = new Date(),
): string {
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
    const seconds = Math.floor(now.getTime() / 1000);
    const thumbprint = createHash("sha256").update(certificate.raw).digest("base64url");
    const header = { alg: "PS256", typ: "JWT", "x5t#S256": thumbprint };
    const claims = {
        aud: `${url}/${tenantId}/oauth2/v2.0/token`,
        iss: appId,
        sub: appId,
        jti: randomUUID(),
        nbf: seconds,
        exp: seconds + 300,
    };
    const text = `${encode(header)}.${encode(claims)}`;
    const signature = sign("sha256", Buffer.from(text), { key, padding: 6, saltLength: 32 }).toString("base64url");
    return `${text}.${signature}`;
}

/** Returns the token service's error, or `undefined` if it issues a token. */
export async function refusalOf(
    tenant: TestTenant,
    appId: string,
    certificate: ClientCertificate,
    now = new Date(),
): Promise<string | undefined> {
    const { tenantId, url } = tenant.emulator;
    const form = new URLSearchParams({
        grant_type: "client_credentials",
        scope: "https://graph.microsoft.com/.default",
        client_id: appId,
        client_assertion_type: ASSERTION_TYPE,
        client_assertion: clientAssertion(url, tenantId, appId, certificate, now),
    });
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const { status, body } = await tenant.send(
        "POST",
        `${url}/${tenantId}/oauth2/v2.0/token`,
        headers,
        form.toString(),
    );
    return status === 200 ? undefined : String((body as { error_description?: string }).error_description);
}
