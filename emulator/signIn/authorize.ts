// Answers requests to the authorize endpoint. An application sends its users here, and they return with an
// authorization code.
// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
import { randomUUID } from "node:crypto";

import type { Answer } from "../context";
import type { Application } from "../graphTypes";
import { promptForConsent } from "./promptForConsent";
import type { AuthorizationCode } from "./issued";
import { requestedScopes, unknownScope, type RequestedScopes } from "./resources";
import { assertAssigned } from "./assignments";
import { assertAccess, NEEDS_MFA } from "./conditionalAccess";
import { faultPage, mfaPage } from "./signInPages";
import { assertEnabled, principalOf } from "./signInClient";
import { SignInFault } from "./signInError";
import {
    promptForVisitor,
    assertAccountEnabled,
    assertAudience,
    assertMember,
    faultValues,
    rememberVisitor,
    replyToOf,
    sendBack,
    visitorOf,
    type BrowserCall,
    type ReplyTo,
    type Visitor,
} from "./signInRequest";
import { required } from "./tokenCall";

/**
 * Even if the redirect URI is valid, Entra shows errors with these AADSTS numbers to the user on its own page. It sends
 * other errors to the application, except the errors of conditional access (see `policies`).
 */
const FOR_THE_USER = [700016, 7000112, 50020, 50057, 50105, 90094];

export function authorize(call: BrowserCall): Answer {
    const replyTo = replyToOf(call);
    try {
        return answer(call, replyTo);
    } catch (fault) {
        if (!(fault instanceof SignInFault) || FOR_THE_USER.includes(fault.number)) throw fault;
        return sendBack(replyTo, faultValues(fault, new Date(call.world.now())));
    }
}

/**
 * Checks in this order: request, user and the user's tenant, application in this tenant, account and assignment of the
 * user, scopes, conditional access, consent.
 */
function answer(call: BrowserCall, replyTo: ReplyTo): Answer {
    const { world, params } = call;
    const { application } = replyTo.client;
    assertResponseType(params, application);
    assertPrompt(params.get("prompt"));
    const challenge = challengeOf(params);
    const scope = required(params, "scope");
    assertAudience(call, replyTo.client);
    const visitor = visitorOf(call);
    if (!visitor) {
        if (params.get("prompt") !== "none") return promptForVisitor(call);
        const text = "A silent sign-in request was sent but no user is signed in.";
        throw new SignInFault(400, "login_required", 50058, text);
    }
    assertMember(call, visitor, replyTo.client);
    const principal = principalOf(visitor.tenant, application);
    assertEnabled(application, principal);
    assertAccountEnabled(visitor);
    assertAssigned(visitor.tenant, visitor.user, application, principal);
    const viewpoint = { tenant: visitor.tenant, tenants: world.tenants, url: world.url };
    const requested = requestedScopes(viewpoint, scope);
    assertPublished(requested, application);
    const policyPage = policies(call, visitor, appIdsOf(requested, application));
    if (policyPage) return policyPage;
    const consentPage = promptForConsent({
        params,
        visitor,
        tenants: world.tenants,
        application,
        principal,
        requested,
    });
    if (consentPage) return consentPage;
    const back = sendBack(replyTo, code(call, replyTo, visitor, { scope, challenge }));
    return { ...back, headers: { ...back.headers, ...rememberVisitor(visitor) } };
}

/** If the request contains no resource, the user signs in to the application itself. */
function appIdsOf({ resources }: RequestedScopes, { appId }: Application): string[] {
    return resources.length === 0 ? [appId] : resources.map(({ resource }) => resource.appId);
}

/**
 * Applies conditional access. If a policy refuses, an interactive request gets a page. For a silent request, Entra
 * sends the error to the application.
 */
function policies({ world, params }: BrowserCall, visitor: Visitor, appIds: string[]): Answer | undefined {
    const { user, tenant, isMfaDone } = visitor;
    try {
        assertAccess({ tenant, user, appIds, isMfaDone, clientAddress: world.clientAddress });
        return undefined;
    } catch (fault) {
        if (!(fault instanceof SignInFault)) throw fault;
        if (params.get("prompt") === "none") {
            throw new SignInFault(400, "interaction_required", fault.number, fault.text, fault.suberror);
        }
        if (fault.number === NEEDS_MFA) return mfaPage(fault, params, user.id);
        return faultPage(fault, new Date(world.now()));
    }
}

function assertResponseType(params: URLSearchParams, { appId, web }: Application): void {
    const responseType = required(params, "response_type");
    if (responseType === "code") return;
    const { enableIdTokenIssuance, enableAccessTokenIssuance } = web.implicitGrantSettings;
    const words = responseType.split(" ");
    const disabled = words.find(
        (word) => (word === "id_token" && !enableIdTokenIssuance) || (word === "token" && !enableAccessTokenIssuance),
    );
    if (disabled !== undefined) {
        const text = `response_type '${disabled}' is not enabled for the application.`;
        throw new SignInFault(400, "unsupported_response_type", disabled === "token" ? 700051 : 700054, text);
    }
    const text = `The response type '${responseType}' is not emulated for application '${appId}'.`;
    throw new SignInFault(400, "unsupported_response_type", 70005, text);
}

function assertPrompt(prompt: string | null): void {
    if (prompt === null || ["login", "none", "select_account"].includes(prompt)) return;
    throw new SignInFault(400, "invalid_request", 90023, `Unsupported 'prompt' value '${prompt}'.`);
}

function challengeOf(params: URLSearchParams): AuthorizationCode["challenge"] {
    const value = params.get("code_challenge");
    if (value === null) return undefined;
    const method = params.get("code_challenge_method") ?? "plain";
    if (method !== "S256" && method !== "plain") {
        throw new SignInFault(400, "invalid_request", 50149, "Invalid Code_Challenge_method parameter.");
    }
    if (!/^[\w.~-]{43,128}$/.test(value)) {
        throw new SignInFault(400, "invalid_request", 501491, "Invalid size of Code_Challenge parameter.");
    }
    return { value, method };
}

function assertPublished(requested: RequestedScopes, { displayName }: Application): void {
    const unknown = unknownScope(requested);
    if (!unknown) return;
    const text = `The application '${displayName}' asked for scope '${unknown.scope}' that doesn't exist on the resource '${unknown.resource.appId}'. Contact the app vendor.`;
    throw new SignInFault(400, "invalid_client", 650053, text);
}

function code(
    { world, params }: BrowserCall,
    { client, redirectUri, platform }: ReplyTo,
    { user, tenant, isMfaDone }: Visitor,
    request: Pick<AuthorizationCode, "scope" | "challenge">,
): Record<string, string> {
    const issued = world.issued.addCode({
        ...request,
        tenantId: tenant.tenantId,
        appId: client.application.appId,
        userId: user.id,
        isMfaDone,
        redirectUri,
        platform,
        nonce: params.get("nonce") ?? undefined,
        issuedAt: world.now(),
    });
    const info = Buffer.from(JSON.stringify({ uid: user.id, utid: tenant.tenantId })).toString("base64url");
    return {
        code: issued,
        ...(params.get("client_info") === "1" ? { client_info: info } : {}),
        session_state: randomUUID(),
    };
}
