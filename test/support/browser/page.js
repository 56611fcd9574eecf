// The portal's page. It signs in with Microsoft's library for browsers and shows the name that the portal's service
// returns. `?authority=` replaces the tenant in the portal's authority. `?prompt=` sets the prompt of the sign-in.
const main = document.querySelector("main");

function show(state, title, text) {
    main.dataset.state = state;
    main.querySelector("h1").textContent = title;
    main.querySelector("p").textContent = text;
    main.querySelector("button").hidden = state !== "signed-out";
}

function fail(error) {
    const { errorMessage, errorCode, message } = error;
    const text = errorMessage || message || String(error);
    const code = /AADSTS\d+/.exec(text)?.[0] ?? errorCode ?? "Error";
    show("failed", `Sign-in failed: ${code}`, text);
}

const { clientId, authority, scope } = await (await fetch("/configuration")).json();
const { origin, host } = new URL(authority);
const query = new URLSearchParams(location.search);
const request = { scopes: [scope], prompt: query.get("prompt") ?? undefined };
if (query.has("authority")) request.authority = `${origin}/${query.get("authority")}`;

const client = new msal.PublicClientApplication({
    auth: { clientId, authority, knownAuthorities: [host], redirectUri: location.origin },
});

async function signedIn({ accessToken }) {
    const answer = await fetch("/me", { method: "POST", headers: { Authorization: `Bearer ${accessToken}` } });
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.error);
    show("signed-in", `Welcome, ${body.displayName}`, `Signed in as ${body.userPrincipalName}`);
}

try {
    await client.initialize();
    const result = await client.handleRedirectPromise();
    if (result) await signedIn(result);
    else show("signed-out", "Restore your data", "Sign in with your Microsoft 365 account.");
    main.querySelector("button").addEventListener("click", () => client.loginRedirect(request).catch(fail));
} catch (error) {
    fail(error);
}
