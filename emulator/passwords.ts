// Handles client secrets of applications and service principals.
// https://learn.microsoft.com/graph/api/application-addpassword
import { randomBytes, randomUUID } from "node:crypto";

import { isoSeconds, isoTicks } from "./blankObjects";
import { NO_CONTENT, type Answer, type GraphCall } from "./context";
import { badRequest, invalidValue } from "./graphError";
import type { PasswordCredential } from "./graphTypes";
import { isGuid } from "./guids";
import { hashSecret } from "./tenant";

export interface HasPasswords {
    readonly passwordCredentials: readonly PasswordCredential[];
    readonly set: (passwordCredentials: PasswordCredential[]) => void;
}

export function addPassword(call: GraphCall, { passwordCredentials, set }: HasPasswords): Answer {
    const password = newPassword(call, (call.body["passwordCredential"] as object | null | undefined) ?? {});
    set([...passwordCredentials, { ...password, secretText: null }]);
    const context = `${call.graphUrl}/$metadata#microsoft.graph.passwordCredential`;
    const headers = { location: new URL(call.graphUrl).origin };
    return { status: 200, body: { "@odata.context": context, ...password }, headers };
}

export function removePassword(call: GraphCall, { passwordCredentials, set }: HasPasswords): Answer {
    const { keyId } = call.body as { keyId?: string };
    if (!passwordCredentials.some((one) => one.keyId === keyId)) {
        throw badRequest(`No password credential found with keyId '${String(keyId)}'.`);
    }
    set(passwordCredentials.filter((one) => one.keyId !== keyId));
    return NO_CONTENT;
}

type Requested = Readonly<Partial<Record<"displayName" | "startDateTime" | "endDateTime" | "keyId", string | null>>>;

export function newPassword({ tenant }: GraphCall, requested: Requested): PasswordCredential {
    const secretText = `${randomBytes(3).toString("base64url")}~${randomBytes(24).toString("base64url")}`;
    const keyId = isGuid(requested.keyId) ? requested.keyId : randomUUID();
    tenant.secrets.set(keyId, hashSecret(secretText));
    const now = new Date(tenant.now());
    const inTwoYears = new Date(now);
    inTwoYears.setUTCFullYear(inTwoYears.getUTCFullYear() + 2);
    return {
        customKeyIdentifier: null,
        displayName: requested.displayName ?? null,
        endDateTime: dateOf(requested, "endDateTime") ?? isoTicks(inTwoYears),
        hint: secretText.slice(0, 3),
        keyId,
        secretText,
        startDateTime: dateOf(requested, "startDateTime") ?? isoTicks(now),
    };
}

/** Converts a date with a time zone offset to UTC, as Graph does. */
function dateOf(requested: Requested, name: "startDateTime" | "endDateTime"): string | undefined {
    const text = requested[name];
    if (text === undefined || text === null) return undefined;
    const date = new Date(text);
    if (Number.isNaN(date.getTime())) throw invalidValue(name, "PasswordCredential");
    return date.getUTCMilliseconds() === 0 ? isoSeconds(date) : date.toISOString();
}
