// Verifies client assertions. A client signs these JWTs with the key of a registered certificate.
// https://learn.microsoft.com/entra/identity-platform/certificate-credentials
import { createHash } from "node:crypto";

import type { Application, KeyCredential } from "../graphTypes";
import { isSignedBy } from "./assertionSignature";
import { SignInFault } from "./signInError";
import type { TokenCall } from "./tokenCall";

/**
 * Entra accepts clocks that differ by five minutes. Without this tolerance, assertions of msal-node would fail: their
 * times are up to half a second in the future.
 */
const TOLERANCE_S = 300;

export interface AssertionCall extends TokenCall {
    readonly assertion: string;
    readonly application: Application;
}

interface Header {
    readonly x5t?: string;
    readonly "x5t#S256"?: string;
}

export interface Claims {
    readonly aud?: string | readonly string[];
    readonly iss?: string;
    readonly sub?: string;
    readonly nbf?: number;
    readonly exp?: number;
}

export function assertAssertion(call: AssertionCall): void {
    const [head = "", payload = ""] = call.assertion.split(".");
    const header = decodeAssertion(head) as Header;
    const claims = decodeAssertion(payload) as Claims;
    const key = findKey(call, header);
    if (Date.parse(key.endDateTime) < call.tenant.now()) throw expiredKey(key);
    if (!isSignedBy(call.assertion, key)) throw invalidSignature(key);
    assertTimes(call, claims);
    const isForUs =
        typeof claims.aud === "string" &&
        [call.url, call.authority].some((root) => String(claims.aud).startsWith(`${root}/`)) &&
        /\/oauth2\/(v2\.0\/)?token/.test(claims.aud);
    if (!isForUs || claims.iss !== call.application.appId || claims.sub !== call.application.appId) {
        throw new SignInFault(
            401,
            "invalid_client",
            700023,
            `Client assertion audience claim does not match Realm issuer.`,
        );
    }
}

export function decodeAssertion(part: string): object {
    const decoded = jsonOf(part);
    if (typeof decoded === "object" && decoded !== null) return decoded;
    throw new SignInFault(401, "invalid_client", 50027, "JWT token is invalid or malformed.");
}

function jsonOf(part: string): unknown {
    try {
        return JSON.parse(Buffer.from(part, "base64url").toString());
    } catch {
        return undefined;
    }
}

function digest(key: KeyCredential, algorithm: "sha1" | "sha256"): string {
    return createHash(algorithm)
        .update(Buffer.from(key.key ?? "", "base64"))
        .digest("base64url");
}

function findKey({ application }: AssertionCall, header: Header): KeyCredential {
    const withoutPadding = (value: unknown) => (typeof value === "string" ? value.replace(/=+$/, "") : undefined);
    const [sha1, sha256] = [withoutPadding(header.x5t), withoutPadding(header["x5t#S256"])];
    const found = application.keyCredentials.find(
        (key) => digest(key, "sha256") === sha256 || digest(key, "sha1") === sha1,
    );
    if (found) return found;
    const thumbprint = Buffer.from(sha256 ?? sha1 ?? "", "base64url")
        .toString("hex")
        .toUpperCase();
    throw notRegistered(`The key was not found., Thumbprint of key used by client: '${thumbprint}'`, application.appId);
}

function notRegistered(reason: string, appId: string): SignInFault {
    const text = `The certificate with identifier used to sign the client assertion is not registered on application. [Reason - ${reason}, Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '${appId}'.]`;
    return new SignInFault(401, "invalid_client", 700027, text);
}

function thumbprintOf(key: KeyCredential): string {
    return Buffer.from(digest(key, "sha1"), "base64url").toString("hex").toUpperCase();
}

function expiredKey(key: KeyCredential): SignInFault {
    const text = `Client assertion contains an invalid signature. [Reason - The key used is expired., Thumbprint of key used by client: '${thumbprintOf(key)}', Found key 'Start=${key.startDateTime}, End=${key.endDateTime}']`;
    return new SignInFault(401, "invalid_client", 700027, text);
}

function invalidSignature(key: KeyCredential): SignInFault {
    const text = `Client assertion failed signature validation. [Thumbprint of key used by client: '${thumbprintOf(key)}']`;
    return new SignInFault(401, "invalid_client", 700027, text);
}

export function assertTimes({ tenant }: Pick<TokenCall, "tenant">, { nbf, exp }: Claims): void {
    const now = tenant.now() / 1000;
    const isInTime = exp !== undefined && exp > now - TOLERANCE_S && (nbf ?? 0) < now + TOLERANCE_S;
    if (isInTime) return;
    const iso = (seconds: number | undefined) => new Date((seconds ?? 0) * 1000).toISOString();
    const text = `Client assertion is not within its valid time range. Current time: ${iso(now)}, assertion valid from ${iso(nbf)}, expiry time of assertion ${iso(exp)}. Review the documentation at https://docs.microsoft.com/azure/active-directory/develop/active-directory-certificate-credentials .`;
    throw new SignInFault(401, "invalid_client", 700024, text);
}
