// Implements workload identity federation. A client can sign in with a token of an outside issuer if a federated
// credential names the token's issuer, subject and audience.
// https://learn.microsoft.com/entra/workload-id/workload-identity-federation
import { verify } from "node:crypto";

import type { VisibleApplication } from "../foreignApplications";
import type { StoredFederation } from "../tenant";
import { assertTimes, decodeAssertion, type Claims } from "./clientAssertions";
import type { IssuerKey } from "./issuerKeys";
import { SignInFault } from "./signInError";
import type { TokenCall } from "./tokenCall";

/**
 * Returns whether the token comes from an outside issuer, which is a URL. If a client signs an assertion itself, the
 * issuer is the client's own id.
 */
export function isFederated({ iss }: Claims, appId: string): boolean {
    return iss !== undefined && iss !== appId && URL.canParse(iss);
}

const PAGE = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation";

/**
 * Finds the credential that matches all three claims. If the application has credentials, but none matches, the error
 * names the first claim that differs: issuer, subject or audience.
 */
export function matchingCredential(
    { application, home }: VisibleApplication,
    { iss, sub, aud }: Claims,
    lagMs: number,
): StoredFederation {
    const current = home.federatedCredentials.inGroup(application.id);
    const known = home.federatedCredentials.inGroup(application.id, lagMs);
    const isMatch = (one: StoredFederation) =>
        one.issuer === iss && one.subject === sub && one.audiences.includes(String(aud));
    const found = known.find(isMatch);
    if (found) return found;
    // The credential exists, but it is new. Entra's sign-in service accepts a new credential only after some minutes.
    if (current.some(isMatch)) {
        const text = `No matching federated identity record found for presented assertion. Assertion Issuer: '${iss ?? ""}'. Assertion Subject: '${sub ?? ""}'. Assertion Audience: '${String(aud)}'. ${PAGE}`;
        throw new SignInFault(401, "invalid_client", 70021, text);
    }
    if (known.length === 0) {
        const text = `The client '${application.appId}'(${application.displayName}) has no configured federated identity credentials.`;
        throw new SignInFault(401, "invalid_client", 70025, text);
    }
    const ofIssuer = known.filter((one) => one.issuer === iss);
    if (ofIssuer.length === 0) throw noMatch(700211, "issuer", iss);
    const ofSubject = ofIssuer.filter((one) => one.subject === sub);
    throw ofSubject.length === 0 ? noMatch(700213, "subject", sub) : noMatch(700212, "audience", String(aud));
}

function noMatch(number: number, what: "issuer" | "subject" | "audience", value = ""): SignInFault {
    const isCompared = what === "subject" || what === "audience";
    const note = isCompared
        ? "Please note that matching is done using a case-sensitive comparison. Check"
        : "Please check";
    const text = `No matching federated identity record found for presented assertion ${what} '${value}'. ${note} your federated identity credential Subject, Audience and Issuer against the presented assertion. ${PAGE}`;
    return new SignInFault(401, "invalid_client", number, text);
}

export function assertFederated(call: TokenCall, client: VisibleApplication, assertion: string): void {
    const [head = "", payload = "", signature = ""] = assertion.split(".");
    const claims = decodeAssertion(payload) as Claims;
    matchingCredential(client, claims, call.lagMs);
    const { alg, kid } = decodeAssertion(head) as { alg?: string; kid?: string };
    const keys = (call.issuerKeys ?? []).filter((one) => kid === undefined || one.kid === kid);
    const isSigned = ({ key }: IssuerKey) =>
        verify("sha256", Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, "base64url"));
    if (alg !== "RS256" || !keys.some(isSigned)) {
        const text =
            "Unable to verify token signature. The signing key identifier does not match any valid registered keys.";
        throw new SignInFault(401, "invalid_client", 5000811, text);
    }
    assertTimes(call, claims);
}
