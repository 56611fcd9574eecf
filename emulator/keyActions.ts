// Handles `addKey` and `removeKey` of applications and service principals. The caller proves that it has the private
// key of a valid certificate of the object. https://learn.microsoft.com/graph/api/application-addkey
import { NO_CONTENT, type Answer, type GraphCall } from "./context";
import { badRequest, denied, GraphFault } from "./graphError";
import type { KeyCredential } from "./graphTypes";
import { replaceKeyCredentials } from "./keyCredentials";
import { isSignedBy } from "./signIn/assertionSignature";

export interface HasKeys {
    /** The id of the object. The proof must name this id as its issuer. */
    readonly id: string;
    readonly keyCredentials: readonly KeyCredential[];
    readonly set: (keyCredentials: KeyCredential[]) => void;
}

export function addKey(call: GraphCall, holder: HasKeys): Answer {
    const { keyCredential, passwordCredential } = call.body;
    assertProof(call, holder);
    if (typeof keyCredential !== "object" || keyCredential === null)
        throw badRequest("Unexpected invalid input parameters.");
    if (passwordCredential !== undefined && passwordCredential !== null)
        throw badRequest("passwordCredential must be null for a key of type AsymmetricX509Cert.");
    const { keyCredentials } = holder;
    const next = replaceKeyCredentials(keyCredentials, [...keyCredentials, keyCredential], new Date(call.tenant.now()));
    holder.set(next);
    const context = `${call.graphUrl}/$metadata#microsoft.graph.keyCredential`;
    return { status: 200, body: { "@odata.context": context, ...next.at(-1), key: null } };
}

export function removeKey(call: GraphCall, holder: HasKeys): Answer {
    const { keyId } = call.body;
    assertProof(call, holder);
    const rest = holder.keyCredentials.filter((one) => one.keyId !== keyId);
    if (rest.length === holder.keyCredentials.length)
        throw badRequest(`No key credential found with keyId '${String(keyId)}'.`);
    holder.set(rest);
    return NO_CONTENT;
}

/**
 * The Application ID of Azure AD Graph. A proof must have this audience, although the request is sent to Microsoft
 * Graph.
 */
const AUDIENCE = "00000002-0000-0000-c000-000000000000";
const MAX_LIFETIME_S = 600;
const TOLERANCE_S = 300;

/**
 * Graph answers 403 if the proof is missing (msgraph-sdk-powershell issue 779), and 401 if the proof is wrong
 * (microsoft-graph-docs issue 14626).
 */
function assertProof({ tenant, body }: GraphCall, { id, keyCredentials }: HasKeys): void {
    const { proof } = body;
    if (typeof proof !== "string" || proof === "") throw denied();
    const now = tenant.now();
    const valid = keyCredentials.filter((one) => Date.parse(one.endDateTime) > now && one.usage === "Verify");
    const { aud, iss, nbf = 0, exp = 0 } = claimsOf(proof);
    const isInTime = nbf <= now / 1000 + TOLERANCE_S && exp > now / 1000 - TOLERANCE_S && exp - nbf <= MAX_LIFETIME_S;
    if (aud === AUDIENCE && iss === id && isInTime && valid.some((key) => isSignedBy(proof, key))) return;
    throw new GraphFault(401, "Authentication_MissingOrMalformed", "Access Token missing or malformed.");
}

interface ProofClaims {
    readonly aud?: string;
    readonly iss?: string;
    readonly nbf?: number;
    readonly exp?: number;
}

function claimsOf(proof: string): ProofClaims {
    try {
        return (JSON.parse(Buffer.from(proof.split(".")[1] ?? "", "base64url").toString()) ?? {}) as ProofClaims;
    } catch {
        return {};
    }
}
