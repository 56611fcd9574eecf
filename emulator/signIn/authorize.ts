// The page to which an application sends its users, and the code with which they come back.
// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
import { randomUUID } from "node:crypto";

import { askForConsent } from "./askForConsent";
import type { Answer } from "../context";
import type { Application, ServicePrincipal } from "../graphTypes";
import type { AuthorizationCode } from "./issued";
import { requestedScopes, unknownScope, type RequestedScopes } from "./resources";
import { assertEnabled, principalOf } from "./signInClient";
import { SignInFault } from "./signInError";
import { faultPage } from "./signInPages";
import {
    askForVisitor,
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

/** What Entra tells the user on a page of its own; all else the application is told. */
const FOR_THE_USER = [700016, 7000112, 50020, 50105, 90094];

export function authorize(call: BrowserCall): Answer {
    const now = new Date(call.world.now());
    let replyTo: ReplyTo | undefined;
    try {
        replyTo = replyToOf(call);
        return answer(call, replyTo);
    } catch (fault) {
        if (!(fault instanceof SignInFault)) throw fault;
        if (!replyTo || FOR_THE_USER.includes(fault.number)) return faultPage(fault, now);
        return sendBack(replyTo, faultValues(fault, now));
    }
}

/** Order of the checks: the request itself, the user, the application in the user's tenant, scopes, consent. */
function answer(call: BrowserCall, replyTo: ReplyTo): Answer {
    const { world, params } = call;
    const { application } = replyTo.client;
    assertResponseType(params, application);
    const challenge = challengeOf(params);
    const scope = required(params, "scope");
    assertAudience(call, replyTo.client);
    const visitor = visitorOf(call);
    if (!visitor) {
        if (params.get("prompt") !== "none") return askForVisitor(call);
        const text = "A silent sign-in request was sent but no user is signed in.";
        throw new SignInFault(400, "login_required", 50058, text);
    }
    assertMember(call, visitor, replyTo.client);
    const principal = principalOf(visitor.tenant, application);
    assertEnabled(application, principal);
    assertAssigned(visitor, application, principal);
    const viewpoint = { tenant: visitor.tenant, tenants: world.tenants, url: world.url };
    const requested = requestedScopes(viewpoint, scope);
    assertPublished(requested, application);
    const question = askForConsent({ params, visitor, application, principal, requested });
    if (question) return question;
    const back = sendBack(replyTo, code(call, replyTo, visitor, { scope, challenge }));
    return { ...back, headers: { ...back.headers, ...rememberVisitor(visitor) } };
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

/** Assignments are not emulated: nobody has one. */
function assertAssigned({ user }: Visitor, { appId, displayName }: Application, principal: ServicePrincipal): void {
    if (!principal.appRoleAssignmentRequired) return;
    const text = `Your administrator has configured the application ${displayName} ('${appId}') to block users unless they are specifically granted ('assigned') access to the application. The signed in user '${user.userPrincipalName}' is blocked because they are not a direct member of a group with access, nor had access directly assigned by an administrator. Please contact your administrator to assign access to this application.`;
    throw new SignInFault(400, "access_denied", 50105, text);
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
    { user, tenant }: Visitor,
    asked: Pick<AuthorizationCode, "scope" | "challenge">,
): Record<string, string> {
    const issued = world.issued.addCode({
        ...asked,
        tenantId: tenant.tenantId,
        appId: client.application.appId,
        userId: user.id,
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
