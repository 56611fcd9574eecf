// Handles the device code flow: a device shows a short code, and the user enters it on another device.
// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
import { randomInt } from "node:crypto";

import type { Answer } from "../context";
import { usableApplication } from "../foreignApplications";
import type { Tenant } from "../tenant";
import type { World } from "../world";
import { assertAssigned } from "./assignments";
import { assertNoProof, assertProof, type Proof } from "./clientProof";
import type { DeviceCode } from "./issued";
import { promptForConsent } from "./promptForConsent";
import { requestedScopes } from "./resources";
import { assertEnabled, assertIdentifier, clientOf, notFound, principalOf } from "./signInClient";
import { SignInFault } from "./signInError";
import { DECISION, deviceDonePage, enterCodePage } from "./signInPages";
import {
    assertAccountEnabled,
    assertMember,
    promptForVisitor,
    visitorOf,
    type BrowserCall,
    type Visitor,
} from "./signInRequest";
import { required, type TokenCall } from "./tokenCall";
import { userTokensAnswer } from "./userTokens";

const LIFETIME_S = 900;
const INTERVAL_S = 5;
/** Letters and digits without O, 0, I and 1, because users confuse these. */
const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** `tenant` is `undefined` at `/common` and `/organizations`. */
export function answerDeviceCode(world: World, tenant: Tenant | undefined, form: URLSearchParams): object {
    const appId = required(form, "client_id").toLowerCase();
    assertIdentifier(appId);
    const tenants = tenant ? [tenant] : [...world.tenants.values()];
    if (!tenants.some((one) => usableApplication({ tenant: one, tenants: world.tenants }, appId)))
        throw notFound(appId, tenant?.tenantId ?? "organizations");
    const resource = form.get("resource");
    const scope = resource === null ? required(form, "scope") : `${resource}/.default`;
    const userCode = Array.from({ length: 9 }, () => LETTERS[randomInt(LETTERS.length)]).join("");
    const code = { userCode, tenantId: tenant?.tenantId, appId, scope, issuedAt: world.now() };
    const uri = `${world.url}/common/oauth2/deviceauth`;
    return {
        user_code: userCode,
        device_code: world.issued.addDeviceCode(code),
        verification_uri: uri,
        expires_in: LIFETIME_S,
        interval: INTERVAL_S,
        message: `To sign in, use a web browser to open the page ${uri} and enter the code ${userCode} to authenticate.`,
    };
}

/**
 * Each request shows the next page: a field for the code, the accounts, the permissions that lack consent, and the
 * result. `otc` is the code that the user entered.
 */
export function devicePage(call: BrowserCall): Answer {
    const { world, params } = call;
    const entered = params.get("otc");
    if (entered === null) return enterCodePage(params);
    const code = [...world.issued.deviceCodes.values()].find(({ userCode }) => userCode === entered.toUpperCase());
    if (!code || isExpired(world, code)) throw new SignInFault(400, "invalid_request", 70018, INVALID_USER_CODE);
    const tenant = world.tenants.get(code.tenantId ?? "");
    const visitor = visitorOf(call);
    if (!visitor) return promptForVisitor({ ...call, tenant });
    if (params.get(DECISION) === "cancel") code.outcome = "declined";
    else {
        const page = approve({ ...call, tenant }, code, visitor);
        if (page) return page;
    }
    return deviceDonePage(code.outcome !== "declined");
}

const INVALID_USER_CODE =
    "Invalid verification code due to User typing in wrong user code for device code flow. Authorization is not approved.";

/** Returns the consent page if consent is missing. Otherwise stores the approval of the user. */
function approve(call: BrowserCall, code: DeviceCode, visitor: Visitor): Answer | undefined {
    const { world, params } = call;
    const { tenant, user, isMfaDone } = visitor;
    const viewpoint = { tenant, tenants: world.tenants, url: world.url };
    const client = clientOf(viewpoint, code.appId);
    assertMember(call, visitor, client);
    const { application } = client;
    const principal = principalOf(tenant, application);
    assertEnabled(application, principal);
    assertAccountEnabled(visitor);
    assertAssigned(tenant, user, application, principal);
    const requested = requestedScopes(viewpoint, code.scope);
    const page = promptForConsent({ params, visitor, tenants: world.tenants, application, principal, requested });
    if (!page) code.outcome = { tenantId: tenant.tenantId, userId: user.id, isMfaDone };
    return page;
}

/** Returns the code if the user has approved. Otherwise the error tells the device whether to try again. */
export function approvedCode(world: World, form: URLSearchParams): DeviceCode & { readonly outcome: Approval } {
    const code = world.issued.deviceCodes.get(form.get("device_code") ?? required(form, "code"));
    if (!code || code.appId !== form.get("client_id")?.toLowerCase())
        throw new SignInFault(
            400,
            "bad_verification_code",
            70018,
            "The provided value for the input parameter 'device_code' is not valid.",
        );
    if (isExpired(world, code)) {
        const text =
            "The provided value for the input parameter 'device_code' is not valid. This device code has expired.";
        throw new SignInFault(400, "expired_token", 70020, text);
    }
    const { outcome } = code;
    if (outcome === "declined")
        throw new SignInFault(400, "authorization_declined", 70017, "The user declined the authorization request.");
    if (outcome) return { ...code, outcome };
    const text = "OAuth 2.0 device flow error. Authorization is pending. Continue polling.";
    throw new SignInFault(400, "authorization_pending", 70016, text);
}

type Approval = Exclude<DeviceCode["outcome"], "declined" | undefined>;

function isExpired(world: World, { issuedAt }: DeviceCode): boolean {
    return issuedAt + LIFETIME_S * 1000 <= world.now();
}

/**
 * Checks in this order: code, client, user, proof. `userTokensAnswer` then checks the rest, such as assignment, scopes
 * and consent. A code can be redeemed only once.
 */
export function answerDeviceToken(call: TokenCall): object {
    const { form, tenant, world } = call;
    const { outcome, scope } = approvedCode(world, form);
    const client = clientOf(call, required(form, "client_id"));
    const user = tenant.users.get(outcome.userId);
    if (outcome.tenantId !== tenant.tenantId || !user)
        throw new SignInFault(400, "bad_verification_code", 70018, "The user signed in to another tenant.");
    const proof = proofOf(call, client);
    const { isMfaDone } = outcome;
    const answer = userTokensAnswer(call, { user, client, proof, platform: "publicClient", isMfaDone, scope });
    world.issued.deviceCodes.delete(form.get("device_code") ?? form.get("code") ?? "");
    return answer;
}

/** An application that allows public client flows signs in without a proof. */
function proofOf(call: TokenCall, client: ReturnType<typeof clientOf>): Proof {
    if (client.application.isFallbackPublicClient !== true) return assertProof(call, client);
    assertNoProof(call);
    return "0";
}
