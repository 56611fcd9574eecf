// Makes the pages of the sign-in host. A button repeats the request that led to the page, and adds the user's choice.
import { randomUUID } from "node:crypto";

import type { Answer } from "../context";
import type { TenantUser } from "../graphTypes";
import type { SignInFault } from "./signInError";

/** The pages add these parameters to the request. The real Entra does not have them. */
export const CHOSEN_USER = "emulator_user";
export const DECISION = "emulator_consent";
export const MFA = "emulator_mfa";

const STYLE = `body{font:15px/1.5 "Segoe UI",system-ui,sans-serif;background:#f2f2f2;color:#1b1b1b;margin:0}
main{max-width:30rem;margin:6vh auto 0;padding:2.5rem;background:#fff;box-shadow:0 2px 6px #0003}
h1{font-size:1.5rem;font-weight:600;margin:0 0 1rem}small{color:#666}dt{font-weight:600}dd{margin:0 0 .5rem}
button{display:block;width:100%;text-align:left;padding:.75rem;margin:0 0 .5rem;border:1px solid #ccc;background:#fff;font:inherit;cursor:pointer}
button:hover{background:#eef4fb}`;

function page(status: number, title: string, content: string): Answer {
    const head = `<meta charset="utf-8"><title>${escape(title)}</title><style>${STYLE}</style>`;
    const body = `<!doctype html><html lang="en"><head>${head}</head><body><main>${content}</main></body></html>`;
    return { status, body, headers: { "content-type": "text/html; charset=utf-8" } };
}

function escape(text: string): string {
    return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Makes a form that repeats the request. It uses GET, so that the path in the log contains the user's choice. */
function form(params: URLSearchParams, buttons: string): string {
    return `<form method="get">${hidden(params)}${buttons}</form>`;
}

function hidden(values: URLSearchParams): string {
    const field = ([name, value]: [string, string]) =>
        `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`;
    return [...values].map(field).join("");
}

function button(name: string, value: string, label: string): string {
    return `<button name="${name}" value="${escape(value)}">${label}</button>`;
}

export function pickerPage(params: URLSearchParams, users: readonly TenantUser[]): Answer {
    const buttons = users.map(({ id, displayName, userPrincipalName }) =>
        button(CHOSEN_USER, id, `${escape(displayName)}<br><small>${escape(userPrincipalName)}</small>`),
    );
    return page(200, "Sign in to your account", `<h1>Pick an account</h1>${form(params, buttons.join(""))}`);
}

export interface ConsentPage {
    readonly params: URLSearchParams;
    readonly user: TenantUser;
    readonly applicationName: string;
    /**
     * The permissions in the list on the page. Admin consent shows their values, other pages show their display names.
     */
    readonly permissions: readonly string[];
    readonly isForOrganization: boolean;
}

export function consentPage({ params, user, applicationName, permissions, isForOrganization }: ConsentPage): Answer {
    const kept = new URLSearchParams(params);
    kept.set(CHOSEN_USER, user.id);
    const whose = isForOrganization ? "Permissions requested: accept for your organization" : "Permissions requested";
    const list = permissions.map((permission) => `<li>${escape(permission)}</li>`).join("");
    const buttons = button(DECISION, "accept", "Accept") + button(DECISION, "cancel", "Cancel");
    return page(
        200,
        "Permissions requested",
        `<small>${escape(user.userPrincipalName)}</small><h1>${whose}</h1><p>${escape(applicationName)}</p><ul>${list}</ul>${form(kept, buttons)}`,
    );
}

export function signedOutPage(): Answer {
    return page(200, "Sign out", "<h1>You signed out of your account</h1><p>Close all browser windows.</p>");
}

export function faultPage({ status, number, text }: SignInFault, now: Date): Answer {
    const title = number === 90094 ? "Need admin approval" : "Sorry, but we’re having trouble signing you in.";
    return page(
        status,
        "Sign in to your account",
        `<h1>${title}</h1><p>AADSTS${number}: ${escape(text)}</p><dl><dt>Request Id</dt><dd>${randomUUID()}</dd><dt>Timestamp</dt><dd>${now.toISOString()}</dd></dl>`,
    );
}

/**
 * Shows the page for multifactor authentication, which a policy requires. The button on the page counts as completed
 * multifactor authentication.
 */
export function mfaPage({ number, text }: SignInFault, params: URLSearchParams, userId: string): Answer {
    const kept = new URLSearchParams(params);
    kept.set(CHOSEN_USER, userId);
    const buttons = button(MFA, "done", "Approve sign in request");
    const content = `<h1>Approve sign in request</h1><p>AADSTS${number}: ${escape(text)}</p>${form(kept, buttons)}`;
    return page(200, "Sign in to your account", content);
}

/** Makes the page on which the user enters the code that the device shows. */
export function enterCodePage(params: URLSearchParams): Answer {
    const field = '<input name="otc" aria-label="Code" autofocus><button>Next</button>';
    const content = `<h1>Enter code to allow access</h1><p>Enter the code displayed on your app or device.</p>${form(params, field)}`;
    return page(200, "Sign in to your account", content);
}

export function deviceDonePage(isApproved: boolean): Answer {
    const title = isApproved ? "You have signed in on your device" : "You have cancelled the sign-in";
    return page(200, "Sign in to your account", `<h1>${title}</h1><p>You may now close this window.</p>`);
}

/** For `response_mode=form_post`, this page makes the browser post the answer to the application. */
export function formPostPage(redirectUri: string, answer: URLSearchParams): Answer {
    const content = `<form method="post" action="${escape(redirectUri)}">${hidden(answer)}<noscript><button>Continue</button></noscript></form><script>document.forms[0].submit()</script>`;
    return page(200, "Working...", content);
}
