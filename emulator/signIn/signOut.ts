// Signs a user out of the browser.
// https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#send-a-sign-out-request
import type { Answer } from "../context";
import type { World } from "../world";
import { platformOf, rootOf } from "./replyUrls";
import { signedOutPage } from "./signInPages";
import { forgetVisitor, type BrowserCall } from "./signInRequest";

/** If the request contains no registered redirect URI, the user gets a page of the sign-in host. */
export function signOut({ world, params }: BrowserCall): Answer {
    const back = params.get("post_logout_redirect_uri");
    if (back === null || !isRegistered(world, back)) return { ...signedOutPage(), headers: forgetVisitor() };
    const location = new URL(rootOf(back));
    const state = params.get("state");
    if (state !== null) location.searchParams.set("state", state);
    return { status: 302, headers: { ...forgetVisitor(), location: location.href } };
}

function isRegistered({ tenants }: World, uri: string): boolean {
    return [...tenants.values()].some(({ applications }) =>
        applications.all().some((application) => platformOf(application, uri) !== undefined),
    );
}
