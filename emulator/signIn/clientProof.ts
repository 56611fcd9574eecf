// Verifies how a client proves its identity at the token endpoint: by a secret, or by an assertion.
import type { VisibleApplication } from "../foreignApplications";
import { assertAssertion, decodeAssertion, type Claims } from "./clientAssertions";
import { assertFederated, isFederated } from "./federation";
import { SignInFault } from "./signInError";
import { required, type TokenCall } from "./tokenCall";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/**
 * The value of `azpacr` (version 2 tokens) or `appidacr` (version 1 tokens): 0 for a public client without proof, 1 for
 * a secret, 2 for an assertion.
 */
export type Proof = "0" | "1" | "2";

export function assertProof(call: TokenCall, { application, home }: VisibleApplication): Proof {
    const { form } = call;
    const assertion = form.get("client_assertion");
    if (assertion !== null) {
        if (form.get("client_assertion_type") !== ASSERTION_TYPE)
            required(new URLSearchParams(), "client_assertion_type");
        const claims = decodeAssertion(assertion.split(".")[1] ?? "") as Claims;
        if (isFederated(claims, application.appId)) {
            assertFederated(call, { application, home }, assertion);
            return "2";
        }
        // Entra's sign-in service accepts a new certificate only after some time. No source gives such a time for a new
        // application, so the emulator accepts a new application at once.
        const { keyCredentials } = home.applications.asOf(application.id, call.lagMs) ?? application;
        assertAssertion({ ...call, assertion, application: { ...application, keyCredentials } });
        return "2";
    }
    assertSecret(call, { application, home }, form.get("client_secret"));
    return "1";
}

function assertSecret(call: TokenCall, { application, home }: VisibleApplication, secret: string | null): void {
    if (!secret) {
        const text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
        throw new SignInFault(401, "invalid_client", 7000218, text);
    }
    const matching = application.passwordCredentials.find(({ keyId }) => home.isSecret(keyId, secret));
    if (!matching) {
        const text = `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${application.appId}'.`;
        throw new SignInFault(401, "invalid_client", 7000215, text);
    }
    if (Date.parse(matching.endDateTime) < call.tenant.now()) {
        const text = `The provided client secret keys for app '${application.appId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`;
        throw new SignInFault(401, "invalid_client", 7000222, text);
    }
}

/**
 * A public client cannot keep a secret. So Entra refuses its request if the request contains a secret or an assertion.
 */
export function assertNoProof({ form }: TokenCall): void {
    if (!form.has("client_secret") && !form.has("client_assertion")) return;
    const text = "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.";
    throw new SignInFault(401, "invalid_client", 700025, text);
}
