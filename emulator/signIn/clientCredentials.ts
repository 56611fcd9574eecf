// Issues access tokens to applications that sign in as themselves, without a user.
// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
import { MANAGEMENT_NAMES } from "../management";
import { ORGANIZATION_NAME } from "../organization";
import { accessTokenAnswer, commonClaims } from "./accessTokens";
import { assertApplicationAssigned, assignedRoles } from "./assignments";
import { issuerV1, issuerV2 } from "./authority";
import { assertProof } from "./clientProof";
import { resourceNamed, type Resource } from "./resources";
import { assertEnabled, clientOf, notFound } from "./signInClient";
import { SignInFault } from "./signInError";
import { required, type TokenCall } from "./tokenCall";

/** Checks in this order: client, proof, service principal, resource. */
export function answerClientCredentials(call: TokenCall): object {
    const { tenant, form } = call;
    const client = clientOf(call, required(form, "client_id"));
    const { application } = client;
    const principal = tenant.servicePrincipalOf(application.appId);
    // An application of another tenant is unknown in this tenant until it has a service principal in this tenant.
    if (!principal && client.home !== tenant) throw notFound(application.appId, ORGANIZATION_NAME);
    const proof = assertProof(call, client);
    if (!principal) {
        const text = `The client application ${application.appId} is missing service principal in the tenant ${tenant.tenantId}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`;
        throw new SignInFault(401, "invalid_client", 7000229, text);
    }
    assertEnabled(application, principal);
    const { audience, isV2, resource } = requestedResource(call);
    if (resource) assertApplicationAssigned(tenant, application, principal, resource);
    const roles = resource ? assignedRoles(call, [principal.id], resource.principal) : [];
    const { appId } = application;
    const version = isV2
        ? { iss: issuerV2(call.authority, tenant.tenantId), ver: "2.0", azp: appId, azpacr: proof }
        : {
              iss: issuerV1(call.authority, tenant.tenantId),
              idp: issuerV1(call.authority, tenant.tenantId),
              ver: "1.0",
              appid: appId,
              appidacr: proof,
          };
    const token = call.world.keys.sign({
        ...commonClaims(call),
        aud: audience,
        ...version,
        idtyp: "app",
        oid: principal.id,
        sub: principal.id,
        ...(roles.length > 0 ? { roles } : {}),
    });
    return accessTokenAnswer(token);
}

interface RequestedResource {
    /**
     * Version 2 tokens contain the resource's appId. Version 1 tokens, such as those for Microsoft's own resources,
     * contain the resource's name in the request.
     */
    readonly audience: string;
    /** Whether the resource requires tokens of version 2. */
    readonly isV2: boolean;
    /** `undefined` for Azure's management API, which has no roles in the emulator. */
    readonly resource?: Resource;
}

/**
 * The scope must name one resource with `/.default`. The resource needs a service principal in the tenant, except for
 * Azure's management API.
 */
function requestedResource(call: TokenCall): RequestedResource {
    const scope = call.form.get("scope") ?? "";
    if (scope === "") {
        const text =
            "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope  is not valid.";
        throw new SignInFault(400, "invalid_scope", 70011, text);
    }
    const exact = /^(\S+)\/\.default$/.exec(scope)?.[1];
    if (exact === undefined) {
        const text = `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`;
        throw new SignInFault(400, "invalid_scope", 1002012, text);
    }
    const name = exact.replace(/\/$/, "");
    // For Azure's management API, the audience keeps a slash at the end of the requested name.
    if (MANAGEMENT_NAMES.includes(name)) return { audience: exact, isV2: false };
    const resource = resourceNamed(call, name);
    const isV2 = resource.application?.api.requestedAccessTokenVersion === 2;
    return { audience: isV2 ? resource.appId : name, isV2, resource };
}
