// Reads a browser's request to the sign-in host: the application, the redirect URI for the answer, and the user. Also
// sends the browser back to the application.
import type { Answer } from "../context";
import { usableApplication, type VisibleApplication } from "../foreignApplications";
import type { Tenant } from "../tenant";
import type { TenantUser } from "../graphTypes";
import type { World } from "../world";
import { allReplyUrls, platformOf, rootOf, type Platform } from "./replyUrls";
import { assertIdentifier, clientOf, notFound } from "./signInClient";
import { errorUri, faultDescription, SignInFault } from "./signInError";
import { CHOSEN_USER, formPostPage, MFA, pickerPage } from "./signInPages";
import { required } from "./tokenCall";

export interface BrowserCall {
    readonly world: World;
    /** The tenant in the path. `undefined` means any organization (`/common`, `/organizations`). */
    readonly tenant: Tenant | undefined;
    readonly params: URLSearchParams;
    readonly cookie: string | undefined;
}

export interface ReplyTo {
    readonly client: VisibleApplication;
    readonly redirectUri: string;
    readonly platform: Platform;
    readonly mode: string;
    readonly state: string | null;
}

const MODES = ["query", "fragment", "form_post"];

/**
 * Entra shows an error of this function on a page, because the redirect URI is not trusted yet. If `isOptional` is
 * true, the first registered redirect URI replaces a missing one, as on the page of admin consent.
 */
export function replyToOf({ world, tenant, params }: BrowserCall, isOptional = false): ReplyTo {
    const clientId = required(params, "client_id");
    const client = tenant ? clientOf({ tenant, tenants: world.tenants }, clientId) : anywhere(world, clientId);
    const { application } = client;
    if (allReplyUrls(application).length === 0)
        throw forPage(500113, "No reply address is registered for the application.");
    const redirectUri = params.get("redirect_uri") ?? (isOptional ? allReplyUrls(application)[0] : undefined);
    if (redirectUri === undefined) throw forPage(900971, "No reply address provided.");
    const platform = platformOf(application, redirectUri);
    if (!platform) {
        const text = `The redirect URI '${redirectUri}' specified in the request does not match the redirect URIs configured for the application '${application.appId}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal. Navigate to https://aka.ms/redirectUriMismatchError to learn more about how to fix this.`;
        throw forPage(50011, text);
    }
    const mode = params.get("response_mode") ?? "query";
    if (!MODES.includes(mode)) throw forPage(70007, `'${mode}' is not a supported value of 'response_mode'.`);
    return { client, redirectUri, platform, mode, state: params.get("state") };
}

function forPage(number: number, text: string): SignInFault {
    return new SignInFault(400, "invalid_request", number, text);
}

function anywhere(world: World, clientId: string): VisibleApplication {
    assertIdentifier(clientId);
    for (const tenant of world.tenants.values()) {
        const visible = usableApplication({ tenant, tenants: world.tenants }, clientId.toLowerCase());
        if (visible) return visible;
    }
    throw notFound(clientId, "organizations");
}

/** A single-tenant application can use neither `/common` nor `/organizations`. */
export function assertAudience({ tenant }: BrowserCall, { application }: VisibleApplication): void {
    if (tenant || application.signInAudience !== "AzureADMyOrg") return;
    const text = `Application '${application.appId}'(${application.displayName}) is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such applications created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant.`;
    throw new SignInFault(400, "invalid_request", 50194, text);
}

export interface Visitor {
    readonly user: TenantUser;
    readonly tenant: Tenant;
    readonly isMfaDone: boolean;
}

const COOKIE = "ESTSAUTH";

/**
 * Returns the user from the page on which the user picks an account, from a test's setting, or from the cookie.
 * `undefined` means that the user must pick an account.
 */
export function visitorOf({ world, params, cookie }: BrowserCall): Visitor | undefined {
    const isMfaDone = params.get(MFA) === "done";
    const chosen = params.get(CHOSEN_USER);
    if (chosen !== null) return withMfa(world.findUser(chosen), isMfaDone || isRemembered(cookie, chosen));
    if (world.signedInUserId !== undefined)
        return withMfa(world.findUser(world.signedInUserId), isMfaDone || world.isMfaDone);
    if (["login", "select_account"].includes(params.get("prompt") ?? "")) return undefined;
    const { userId, mfa } = remembered(cookie);
    const found = withMfa(world.findUser(userId), isMfaDone || mfa);
    const hint = params.get("login_hint");
    return hint === null || hint === found?.user.userPrincipalName ? found : undefined;
}

function withMfa(found: Omit<Visitor, "isMfaDone"> | undefined, isMfaDone: boolean): Visitor | undefined {
    return found && { ...found, isMfaDone };
}

function remembered(cookie: string | undefined): { readonly userId: string; readonly mfa: boolean } {
    const [userId = "", mfa] = (new RegExp(`(?:^|; )${COOKIE}=([^;]+)`).exec(cookie ?? "")?.[1] ?? "").split(".");
    return { userId, mfa: mfa === "mfa" };
}

function isRemembered(cookie: string | undefined, userId: string): boolean {
    const known = remembered(cookie);
    return known.userId === userId && known.mfa;
}

/** `SameSite=None` makes the browser send the cookie also from a hidden frame in another site's page. */
export function rememberVisitor({ user, isMfaDone }: Visitor): Readonly<Record<string, string>> {
    const value = isMfaDone ? `${user.id}.mfa` : user.id;
    return { "set-cookie": `${COOKIE}=${value}; Path=/; Secure; HttpOnly; SameSite=None` };
}

export function forgetVisitor(): Readonly<Record<string, string>> {
    return { "set-cookie": `${COOKIE}=; Path=/; Secure; HttpOnly; SameSite=None; Max-Age=0` };
}

/** `accountEnabled: false` means that an administrator has blocked the user's sign-in. */
export function assertAccountEnabled({ user }: Visitor): void {
    if (user.accountEnabled !== false) return;
    throw new SignInFault(400, "invalid_grant", 50057, "The user account is disabled.");
}

export function promptForVisitor({ world, tenant, params }: BrowserCall): Answer {
    const tenants = tenant ? [tenant] : [...world.tenants.values()];
    return pickerPage(
        params,
        tenants.flatMap(({ users }) => [...users.values()]),
    );
}

/** The emulator has no guests: only a tenant's own users may sign in. */
export function assertMember(
    { tenant, world }: BrowserCall,
    visitor: Visitor,
    { application }: VisibleApplication,
): void {
    if (!tenant || tenant === visitor.tenant) return;
    const text = `User account '${visitor.user.userPrincipalName}' from identity provider '${world.url}/${visitor.tenant.tenantId}/' does not exist in tenant '${tenant.verifiedDomains[0] ?? ""}' and cannot access the application '${application.appId}'(${application.displayName}) in that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different Azure Active Directory user account.`;
    throw new SignInFault(400, "access_denied", 50020, text);
}

export function sendBack({ redirectUri, mode, state }: ReplyTo, values: Readonly<Record<string, string>>): Answer {
    const answer = new URLSearchParams(values);
    if (state !== null) answer.set("state", state);
    if (mode === "form_post") return formPostPage(redirectUri, answer);
    const root = rootOf(redirectUri);
    const separator = mode === "fragment" ? "#" : root.includes("?") ? "&" : "?";
    return { status: 302, headers: { location: `${root}${separator}${answer.toString()}` } };
}

export function faultValues(fault: SignInFault, now: Date): Record<string, string> {
    return {
        error: fault.error,
        error_description: faultDescription(fault, now),
        error_uri: errorUri(fault),
        ...(fault.suberror === undefined ? {} : { suberror: fault.suberror }),
    };
}
