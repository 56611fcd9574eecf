// Reads the signing keys of an outside issuer through its discovery document. The emulator does not cache these keys.
import { createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import { get as getHttp } from "node:http";
import { get as getHttps } from "node:https";
import { rootCertificates } from "node:tls";

import type { World } from "../world";
import { SignInFault } from "./signInError";

export interface IssuerKey {
    readonly kid: string | undefined;
    readonly key: KeyObject;
}

const TIMEOUT_MS = 5000;

export async function issuerKeys(world: World, issuer: string): Promise<readonly IssuerKey[]> {
    const root = issuer.replace(/\/$/, "");
    if (root.startsWith(`${world.url}/`)) return keysIn(world.keys.jwks());
    try {
        const document = (await read(world, `${root}/.well-known/openid-configuration`)) as { jwks_uri?: string };
        return keysIn(await read(world, document.jwks_uri ?? ""));
    } catch {
        throw new SignInFault(400, "invalid_request", 50166, "Request to External OIDC endpoint failed.");
    }
}

function keysIn(document: unknown): IssuerKey[] {
    const { keys = [] } = document as { keys?: (JsonWebKey & { kid?: string; kty?: string })[] };
    return keys
        .filter(({ kty }) => kty === "RSA")
        .map((jwk) => ({ kid: jwk.kid, key: createPublicKey({ key: jwk, format: "jwk" }) }));
}

/**
 * Entra reads an issuer's documents only over https. The emulator also accepts http for a test's issuer on loopback.
 */
function read({ trustedCertificates }: World, url: string): Promise<unknown> {
    const { protocol, hostname } = new URL(url);
    const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
    if (protocol !== "https:" && !isLoopback) throw new Error(`${url} must be https`);
    const ca = trustedCertificates.length === 0 ? {} : { ca: [...rootCertificates, ...trustedCertificates] };
    return new Promise((done, fail) => {
        const options = { ...ca, timeout: TIMEOUT_MS };
        const request = (protocol === "https:" ? getHttps : getHttp)(url, options, (response) => {
            let text = "";
            response.on("data", (chunk: Buffer) => (text += chunk.toString()));
            response.on("error", fail);
            response.on("end", () => {
                try {
                    if (response.statusCode !== 200) throw new Error(`status ${response.statusCode ?? 0}`);
                    done(JSON.parse(text) as unknown);
                } catch (error) {
                    fail(error instanceof Error ? error : new Error(String(error)));
                }
            });
        });
        request.on("timeout", () => request.destroy(new Error("timeout")));
        request.on("error", fail);
    });
}
