// Issues tokens for the application itself.
// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
import { accessTokenAnswer, commonClaims } from "./accessTokens";
import { assertProof } from "./clientProof";
import { resourceNamed } from "./resources";
import { assertEnabled, clientOf, notFound } from "./signInClient";
import { SignInFault } from "./signInError";
import { required, type TokenCall } from "./tokenCall";

/** Checks in this order: client, proof, service principal, resource. */
export function answerClientCredentials(call: TokenCall): object {
    const { tenant, form } = call;
    const client = clientOf(call, required(form, "client_id"));
    const { application } = client;
    const principal = tenant.servicePrincipalOf(application.appId);
    // Without a service principal, this tenant does not know an application of another tenant.
    if (!principal && client.home !== tenant) throw notFound(application.appId, tenant.tenantId);
    const proof = assertProof(call, client);
    if (!principal) {
        const text = `The client application ${application.appId} is missing service principal in the tenant ${tenant.tenantId}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`;
        throw new SignInFault(401, "invalid_client", 7000229, text);
    }
    assertEnabled(application, principal);
    const audience = audienceOf(call);
    const roles = tenant.roles.get(principal.id) ?? [];
    const token = call.world.keys.sign({
        ...commonClaims(call),
        aud: audience,
        iss: `${call.url}/${tenant.tenantId}/v2.0`,
        appid: application.appId,
        azp: application.appId,
        azpacr: proof,
        idtyp: "app",
        oid: principal.id,
        sub: principal.id,
        ver: "2.0",
        ...(roles.length > 0 ? { roles } : {}),
    });
    return accessTokenAnswer(token);
}

/** The scope must be one resource with `/.default`: Graph, or an application with a service principal in the tenant. */
function audienceOf(call: TokenCall): string {
    const scope = call.form.get("scope") ?? "";
    if (scope === "") {
        const text =
            "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope  is not valid.";
        throw new SignInFault(400, "invalid_scope", 70011, text);
    }
    const name = /^(\S+)\/\.default$/.exec(scope)?.[1]?.replace(/\/$/, "");
    if (name === undefined) {
        const text = `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`;
        throw new SignInFault(400, "invalid_scope", 1002012, text);
    }
    const { application } = resourceNamed(call, name);
    return application?.appId ?? name;
}
