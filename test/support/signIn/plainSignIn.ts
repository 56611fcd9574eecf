// Signs a user in to the portal with plain requests, one method per request. This file follows the protocol and uses
// no code of the emulator.
// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
import { createHash, randomBytes } from "node:crypto";

import { PORTAL_URL } from "../tenant/portals";
import { ASSERTION_TYPE, clientAssertion, GRAPH_SCOPES, type ClientCertificate } from "./signIn";
import type { Answer, TestTenant } from "../tenant/testTenant";

export interface Reply extends Answer {
    /** The parameters in the redirect to the application. `undefined`: Entra showed a page to the user. */
    readonly back: URLSearchParams | undefined;
    readonly location: string | undefined;
}

export interface Tokens {
    readonly access_token: string;
    readonly id_token?: string;
    readonly refresh_token?: string;
    readonly scope?: string;
    readonly error?: string;
    readonly suberror?: string;
    readonly error_codes?: readonly number[];
    readonly error_description?: string;
}

/** Parameters that replace the usual ones. `undefined` omits a parameter. */
type Change = Record<string, string | undefined>;

export class PlainSignIn {
    private readonly verifier = randomBytes(32).toString("base64url");

    /** `authority`: the part of the path that selects the tenant, such as its id or `organizations`. */
    constructor(
        private readonly tenant: TestTenant,
        readonly appId: string,
        readonly authority = tenant.tenantId,
    ) {}

    /** Sends the authorize request as a browser does: by GET, or by POST as a form. */
    async authorize(change: Change = {}, method: "GET" | "POST" = "GET", cookie?: string): Promise<Reply> {
        const params = query({
            client_id: this.appId,
            response_type: "code",
            redirect_uri: PORTAL_URL,
            response_mode: "fragment",
            scope: `api://${this.appId}/access_as_user openid profile offline_access`,
            state: "state-1",
            nonce: "nonce-1",
            client_info: "1",
            code_challenge: createHash("sha256").update(this.verifier).digest("base64url"),
            code_challenge_method: "S256",
            ...change,
        });
        return this.browse("/oauth2/v2.0/authorize", params, method, cookie);
    }

    async adminConsent(change: Change = {}, version: "" | "/v2.0" = ""): Promise<Reply> {
        const params = query({ client_id: this.appId, redirect_uri: PORTAL_URL, state: "state-1", ...change });
        return this.browse(`${version}/adminconsent`, params, "GET");
    }

    private async browse(path: string, params: string, method: string, cookie?: string): Promise<Reply> {
        const url = `${this.tenant.emulator.url}/${this.authority}${path}`;
        const headers = cookie === undefined ? {} : { Cookie: cookie };
        const answer =
            method === "GET"
                ? await this.tenant.send("GET", `${url}?${params}`, headers, undefined)
                : await this.tenant.send("POST", url, headers, params);
        const { location } = answer.headers;
        return { ...answer, location, back: location === undefined ? undefined : backOf(location) };
    }

    redeem(code: string, change: Change = {}, origin: string | null = PORTAL_URL): Promise<Answer> {
        const form = {
            grant_type: "authorization_code",
            client_id: this.appId,
            redirect_uri: PORTAL_URL,
            scope: `api://${this.appId}/access_as_user openid profile offline_access`,
            code,
            code_verifier: this.verifier,
            client_info: "1",
        };
        return this.token({ ...form, ...change }, origin);
    }

    refresh(refreshToken: string, change: Change = {}, origin: string | null = PORTAL_URL): Promise<Answer> {
        const form = { grant_type: "refresh_token", client_id: this.appId, refresh_token: refreshToken };
        return this.token({ ...form, ...change }, origin);
    }

    onBehalfOf(assertion: string, certificate: ClientCertificate, change: Change = {}): Promise<Answer> {
        const { tenant, appId, authority } = this;
        const form = {
            grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
            client_id: appId,
            scope: GRAPH_SCOPES.join(" "),
            requested_token_use: "on_behalf_of",
            assertion,
            client_assertion_type: ASSERTION_TYPE,
            client_assertion: clientAssertion(tenant.emulator.url, authority, appId, certificate),
        };
        return this.token({ ...form, ...change }, null);
    }

    token(form: Change, origin: string | null): Promise<Answer> {
        const headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            ...(origin === null ? {} : { Origin: origin }),
        };
        const url = `${this.tenant.emulator.url}/${this.authority}/oauth2/v2.0/token`;
        return this.tenant.send("POST", url, headers, query(form));
    }

    graph(path: string, token: string): Promise<Answer> {
        const headers = { Authorization: `Bearer ${token}` };
        return this.tenant.send("GET", `${this.tenant.emulator.url}/v1.0${path}`, headers, undefined);
    }

    /** Signs in the user that the test set in the emulator, and returns the tokens that the portal's page gets. */
    async tokens(change: Change = {}): Promise<Tokens> {
        const { back } = await this.authorize(change);
        const answer = await this.redeem(back?.get("code") ?? "");
        if (answer.status !== 200) throw new Error(`requesting a token: ${JSON.stringify(answer.body)}`);
        return answer.body as Tokens;
    }
}

function query(params: Change): string {
    const present = Object.entries(params).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return new URLSearchParams(present).toString();
}

function backOf(location: string): URLSearchParams {
    const { hash, search } = new URL(location);
    return new URLSearchParams(hash === "" ? search : hash.slice(1));
}

/**
 * Returns the AADSTS number in a redirect, a page or a JSON answer. `undefined`: the answer contains no such number.
 */
export function aadsts({ body, back }: Answer & Partial<Reply>): number | undefined {
    const text = back?.get("error_description") ?? (typeof body === "string" ? body : JSON.stringify(body));
    const number = /AADSTS(\d+):/.exec(text)?.[1];
    return number === undefined ? undefined : Number(number);
}

export function claimsOf(token: string | undefined): Record<string, unknown> {
    return JSON.parse(Buffer.from(token?.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;
}
