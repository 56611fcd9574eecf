// Handles Graph's routes for delegated permission grants.
// https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant
import { created, NO_CONTENT, type Answer, type GraphCall } from "./context";
import { badRequest, GraphFault, invalidValue, notFound } from "./graphError";
import type { OAuth2PermissionGrant } from "./graphTypes";
import { isGuid, mixedEndian } from "./guids";
import { countAnswer, entityAnswer, listAnswer, type Kind } from "./odata/collection";
import { deltaAnswer } from "./odata/delta";
import { assertMayReadGrants, assertMayWriteGrants } from "./permissions";

const MAX_SCOPE_LENGTH = 3850;
const FIELDS = ["clientId", "consentType", "principalId", "resourceId", "scope", "startTime", "expiryTime"];

export const GRANT: Kind = {
    set: "oauth2PermissionGrants",
    type: "oAuth2PermissionGrant",
    filterable: { clientId: ["eq"], consentType: ["eq"], resourceId: ["eq"], principalId: ["eq"] },
};

export function listGrants(call: GraphCall): Answer {
    assertMayReadGrants(call);
    const objects = call.tenant.grants.all(call.replica.listBehind("grant"));
    return listAnswer(call, GRANT, { path: "/oauth2PermissionGrants", objects });
}

export function countGrants(call: GraphCall): Answer {
    assertMayReadGrants(call);
    return countAnswer(call, GRANT, { objects: call.tenant.grants.all(call.replica.listBehind("grant")) });
}

export function deltaOfGrants(call: GraphCall): Answer {
    assertMayReadGrants(call);
    const { grants: history } = call.tenant;
    return deltaAnswer(call, { kind: GRANT, path: "/oauth2PermissionGrants", history, show: (one) => one });
}

export function getGrant(call: GraphCall): Answer {
    assertMayReadGrants(call);
    return grantAnswer(call);
}

/** `isOf` tells whether the grant belongs to the object of the route. Graph answers 404 for other grants. */
export function grantAnswer(call: GraphCall, isOf: (grant: OAuth2PermissionGrant) => boolean = () => true): Answer {
    const found = existing(call, call.replica.behind("grant"));
    if (!isOf(found)) throw notFound(found.id);
    return entityAnswer(call, GRANT, found);
}

function existing({ tenant, params }: GraphCall, lagMs = 0): OAuth2PermissionGrant {
    const id = params["grant"] ?? "";
    const found = tenant.grants.asOf(id, lagMs);
    if (found) return found;
    throw notFound(id);
}

export function postGrant(call: GraphCall): Answer {
    assertMayWriteGrants(call);
    const { tenant, body, replica } = call;
    const unknown = Object.keys(body).find((name) => !FIELDS.includes(name) && !name.startsWith("@odata"));
    if (unknown !== undefined) throw badRequest(`Invalid property '${unknown}'.`);
    const {
        clientId,
        resourceId,
        consentType,
        principalId = null,
        scope = "",
    } = body as Partial<OAuth2PermissionGrant>;
    if (consentType !== "AllPrincipals" && consentType !== "Principal")
        throw invalidValue("consentType", "OAuth2PermissionGrant");
    if (consentType === "Principal" ? !isGuid(principalId) : principalId !== null)
        throw invalidValue("principalId", "OAuth2PermissionGrant");
    for (const id of [clientId, resourceId]) {
        if (typeof id !== "string") throw badRequest("One or more properties are missing: clientId, resourceId.");
        if (!tenant.servicePrincipals.asOf(id, replica.behind("servicePrincipal"))) throw notFound(id);
    }
    const grant = {
        clientId: clientId ?? "",
        consentType,
        principalId,
        resourceId: resourceId ?? "",
        scope: checkedScope(scope),
    };
    const id = grantId(grant);
    if (tenant.grants.current(id)) throw duplicate(call);
    tenant.grants.put({ ...grant, id });
    return created(call, "oauth2PermissionGrants", { ...grant, id });
}

function duplicate({ duplicateGrantStatus }: GraphCall): GraphFault {
    const code = duplicateGrantStatus === 409 ? "Request_MultipleObjectsWithSameKeyValue" : "Request_BadRequest";
    return new GraphFault(duplicateGrantStatus, code, "Permission entry already exists.");
}

/** Only the scope can change. The new string replaces the whole old string. */
export function patchGrant(call: GraphCall): Answer {
    assertMayWriteGrants(call);
    existing(call, call.replica.behind("grant"));
    const stored = existing(call);
    const other = Object.keys(call.body).find((name) => name !== "scope" && !name.startsWith("@odata"));
    if (other !== undefined) throw badRequest(`Property cannot be updated: ${other}`);
    call.tenant.grants.put({ ...stored, scope: checkedScope(call.body["scope"]) });
    return NO_CONTENT;
}

export function deleteGrant(call: GraphCall): Answer {
    assertMayWriteGrants(call);
    call.tenant.grants.remove(existing(call).id);
    return NO_CONTENT;
}

function checkedScope(scope: unknown): string {
    if (typeof scope !== "string" || scope.length > MAX_SCOPE_LENGTH)
        throw invalidValue("scope", "OAuth2PermissionGrant");
    return scope;
}

/**
 * The ids of client, resource and user determine the id of a grant: it is the base64url of the GUIDs' bytes in .NET's
 * order (azure-cli issue 20974).
 */
export function grantId({ clientId, resourceId, principalId }: Omit<OAuth2PermissionGrant, "id">): string {
    const ids = [clientId, resourceId, ...(principalId === null ? [] : [principalId])];
    return Buffer.concat(ids.map(mixedEndian)).toString("base64url");
}
