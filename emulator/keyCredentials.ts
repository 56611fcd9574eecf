// Applies Entra's rules for each write of `keyCredentials`: Entra replaces the list, matches entries by `keyId`, and
// refuses a changed entry. https://learn.microsoft.com/graph/applications-how-to-add-certificate; azure-powershell
// issue 6784 (KeyNotUpdatable)
import { createHash, randomUUID, X509Certificate } from "node:crypto";

import { badRequest, detailed } from "./graphError";
import type { KeyCredential } from "./graphTypes";

const FIELDS = ["customKeyIdentifier", "displayName", "endDateTime", "key", "keyId", "startDateTime", "type", "usage"];
const MAX_DISPLAY_NAME = 90;

export function replaceKeyCredentials(stored: readonly KeyCredential[], sent: unknown, now: Date): KeyCredential[] {
    if (!Array.isArray(sent)) throw invalidCredential("must be a collection");
    if (sent.some((entry) => typeof entry !== "object" || entry === null)) throw invalidCredential("an entry is null");
    const next = (sent as Record<string, unknown>[]).map((entry) => {
        const unknown = Object.keys(entry).find((name) => !FIELDS.includes(name) && !name.startsWith("@odata"));
        if (unknown !== undefined) throw badRequest(`Invalid property '${unknown}'.`);
        const known = stored.find(({ keyId }) => keyId === entry["keyId"]);
        return known ? keep(known, entry) : add(entry, now);
    });
    const ids = next.map(({ keyId }) => keyId);
    if (new Set(ids).size < ids.length) throw invalidCredential("keyId must be unique");
    return next;
}

/**
 * If a client sends back a stored entry, the entry must be unchanged. Entra refuses even a rounded date or another
 * display name. Only `key` may be null. `customKeyIdentifier` and `endDateTime` must not be missing.
 */
function keep(known: KeyCredential, sent: Readonly<Record<string, unknown>>): KeyCredential {
    for (const [name, value] of Object.entries(sent)) {
        if (name.startsWith("@odata") || (name === "key" && value === null)) continue;
        if (known[name as keyof KeyCredential] !== value) throw notUpdatable(known.keyId);
    }
    if ("customKeyIdentifier" in sent && "endDateTime" in sent) return known;
    throw notUpdatable(known.keyId);
}

function notUpdatable(keyId: string) {
    const message = `Update to existing credential with KeyId '${keyId}' is not allowed.`;
    return detailed(message, "KeyNotUpdatable", "keyCredentials");
}

function invalidCredential(what: string) {
    return badRequest(`New key credential is invalid: ${what}.`, "KeyCredentialsInvalidValue");
}

function add(sent: Readonly<Record<string, unknown>>, now: Date): KeyCredential {
    const certificate = readCertificate(sent["key"]);
    const { type, usage, keyId, displayName, customKeyIdentifier } = sent;
    if (type !== "AsymmetricX509Cert") throw invalidCredential("type must be AsymmetricX509Cert");
    if (usage !== "Verify") {
        throw badRequest(
            `The value for the property "usage" in one of your credentials is invalid. Acceptable values are Sign, Verify.`,
        );
    }
    const [notBefore, notAfter] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
    const end = dateOf(sent["endDateTime"], notAfter);
    if (end > notAfter || end < now) {
        throw badRequest("Key credential end date is invalid.", "KeyCredentialsInvalidEndDate", [
            {
                code: "InvalidKeyEndDate",
                target: "keyCredentials.endDateTime",
                message: "Key credential end date is invalid.",
            },
        ]);
    }
    const start = dateOf(sent["startDateTime"], notBefore);
    if (start < notBefore || start >= end)
        throw badRequest("Key credential start date is invalid.", "KeyCredentialsInvalidStartDate");
    return {
        customKeyIdentifier:
            typeof customKeyIdentifier === "string"
                ? customKeyIdentifier
                : createHash("sha1").update(certificate.raw).digest("hex").toUpperCase(),
        displayName: typeof displayName === "string" ? displayName.slice(0, MAX_DISPLAY_NAME) : subjectOf(certificate),
        endDateTime: isoSeconds(end),
        key: certificate.raw.toString("base64"),
        keyId: typeof keyId === "string" ? keyId : randomUUID(),
        startDateTime: isoSeconds(start),
        type,
        usage,
    };
}

/** Returns the subject with the attribute names of .NET, the last attribute first. */
function subjectOf({ subject }: X509Certificate): string {
    const names: Readonly<Record<string, string>> = { ST: "S", emailAddress: "E", serialNumber: "SERIALNUMBER" };
    const parts = subject.split("\n").map((part) => {
        const [name = "", ...rest] = part.split("=");
        const value = rest.join("=").replace(/\\(.)/g, "$1");
        return `${names[name] ?? name}=${/[,+";<>\n]/.test(value) ? `"${value.replace(/"/g, '""')}"` : value}`;
    });
    return parts.toReversed().join(", ").slice(0, MAX_DISPLAY_NAME);
}

/** Reads base64 of DER. Also reads base64 of PEM text, which azuread sends. */
function readCertificate(key: unknown): X509Certificate {
    if (typeof key !== "string") throw invalidCredential("a new entry needs a key");
    const bytes = Buffer.from(key, "base64");
    try {
        return new X509Certificate(bytes);
    } catch {
        throw invalidCredential("key is not an X.509 certificate");
    }
}

function dateOf(value: unknown, fallback: Date): Date {
    if (value === undefined || value === null) return fallback;
    const date = new Date(typeof value === "string" ? value : "none");
    if (Number.isNaN(date.getTime())) throw invalidCredential("dates must be ISO 8601");
    return date;
}

function isoSeconds(date: Date): string {
    return date.toISOString().replace(/\.000Z$/, "Z");
}
