// Answers Graph's requests for service principals, which copy many properties of their applications.
import { randomUUID } from "node:crypto";

import { created, entity, NO_CONTENT, type Answer, type GraphCall } from "./context";
import { backingApplication, usableApplication, type VisibleApplication } from "./foreignApplications";
import { badRequest, denied, GraphFault, invalidValue, notFound } from "./graphError";
import type { ServicePrincipal } from "./graphTypes";
import { assertKnownOptions, filter, page, select } from "./odata";
import {
    assertMayCreate,
    assertMayReadApplications,
    assertMayReadGrants,
    assertMayWrite,
    writesOnlyOwned,
} from "./permissions";
import { UP_TO_DATE } from "./replication";
import { GRAPH_APP_ID, graphScopes } from "./seed";
import type { Tenant } from "./tenant";

const WRITABLE = ["accountEnabled", "appRoleAssignmentRequired", "tags", "notes", "description"];

function findServicePrincipal({ tenant, params }: GraphCall, lagMs = 0): ServicePrincipal | undefined {
    const key = params["servicePrincipal"] ?? "";
    const appId = /^\(appId='([^']*)'\)$/.exec(key)?.[1];
    return appId === undefined ? tenant.servicePrincipals.asOf(key, lagMs) : tenant.servicePrincipalOf(appId, lagMs);
}

function existing(call: GraphCall, lagMs = 0): ServicePrincipal {
    const found = findServicePrincipal(call, lagMs);
    if (found) return found;
    throw notFound(
        /'([^']*)'/.exec(call.params["servicePrincipal"] ?? "")?.[1] ?? call.params["servicePrincipal"] ?? "",
    );
}

/** Many properties are read-only copies of the application's properties, and the copies can lag. */
function present(call: GraphCall, servicePrincipal: ServicePrincipal): object {
    const { appId, tags } = servicePrincipal;
    const visible = backingApplication(call, appId, call.replica.behind("application"));
    const mirrored = visible ? mirrorOf(visible) : appId === GRAPH_APP_ID ? MICROSOFT_GRAPH : {};
    return { ...servicePrincipal, ...mirrored, tags: [...new Set([...tags, ...(visible?.application.tags ?? [])])] };
}

function mirrorOf({ application, home: { tenantId } }: VisibleApplication): object {
    const { appId, displayName, appRoles, api, web, spa, publicClient, identifierUris, signInAudience } = application;
    return {
        appDisplayName: displayName,
        appOwnerOrganizationId: tenantId,
        appRoles,
        displayName,
        oauth2PermissionScopes: api.oauth2PermissionScopes,
        replyUrls: [...web.redirectUris, ...spa.redirectUris, ...publicClient.redirectUris],
        servicePrincipalNames: [appId, ...identifierUris],
        signInAudience,
    };
}

/** This is Microsoft's own service principal. Its application is in Microsoft's tenant. */
const MICROSOFT_GRAPH = {
    appDisplayName: "Microsoft Graph",
    appOwnerOrganizationId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
    appRoles: [],
    displayName: "Microsoft Graph",
    oauth2PermissionScopes: graphScopes(),
    replyUrls: [],
    servicePrincipalNames: [GRAPH_APP_ID, "https://graph.microsoft.com"],
    signInAudience: "AzureADMultipleOrgs",
};

export function getServicePrincipal(call: GraphCall): Answer {
    assertMayReadApplications(call);
    assertKnownOptions(call, ["$select"]);
    const shown = select(
        call,
        present(call, existing(call, call.replica.behind("servicePrincipal"))),
        "servicePrincipal",
    );
    return { status: 200, body: entity(call, "servicePrincipals", shown) };
}

export function listServicePrincipals(call: GraphCall): Answer {
    assertMayReadApplications(call);
    assertKnownOptions(call, ["$select", "$filter", "$top", "$count", "$skiptoken"]);
    const matches = filter(call, { appId: ["eq"], displayName: ["eq", "startswith"], servicePrincipalNames: ["any"] });
    const all = call.tenant.servicePrincipals
        .all(call.replica.listBehind("servicePrincipal"))
        .map((one) => present(call, one));
    const shown = all.filter(matches).map((one) => select(call, one, "servicePrincipal"));
    return { status: 200, body: page(call, "servicePrincipals", shown, "/servicePrincipals") };
}

export function postServicePrincipal(call: GraphCall): Answer {
    return created(call, "servicePrincipals", present({ ...call, replica: UP_TO_DATE }, create(call, call.body)));
}

function create(call: GraphCall, body: Readonly<Record<string, unknown>>): ServicePrincipal {
    assertMayCreate(call);
    const { tenant } = call;
    const { appId, ...rest } = body;
    if (typeof appId !== "string") throw badRequest("One or more properties are missing: appId.");
    const visible = usableApplication(call, appId, call.replica.behind("application"));
    if (!visible || (writesOnlyOwned(call) && visible.home !== tenant)) throw noBackingApplication(call, appId);
    if (writesOnlyOwned(call) && !tenant.ownersOf(visible.application.id).includes(call.caller.objectId))
        throw denied();
    if (tenant.servicePrincipalOf(appId)) throw nameInUse(appId);
    const blank: ServicePrincipal = {
        id: randomUUID(),
        deletedDateTime: null,
        accountEnabled: true,
        appId,
        appRoleAssignmentRequired: false,
        createdDateTime: new Date(tenant.now()).toISOString(),
        description: null,
        notes: null,
        servicePrincipalType: "Application",
        tags: [],
    };
    const servicePrincipal = changed(call, blank, rest);
    tenant.servicePrincipals.put(servicePrincipal);
    if (writesOnlyOwned(call)) tenant.setOwners(servicePrincipal.id, [call.caller.objectId]);
    return servicePrincipal;
}

// With OwnedBy, Graph answers differently for the same state (azuread issues 581, 611).
function noBackingApplication(call: GraphCall, appId: string): GraphFault {
    if (writesOnlyOwned(call)) {
        return denied(
            "When using this permission, the backing application of the service principal being created must in the local tenant",
        );
    }
    return badRequest(
        `The appId '${appId}' of the service principal does not reference a valid application object.`,
        "Request_BadRequest",
        [
            {
                code: "NoBackingApplicationObject",
                target: "appId",
                message: "PropertyErrorCode=NoBackingApplicationObject",
            },
        ],
    );
}

function nameInUse(appId: string): GraphFault {
    return new GraphFault(
        409,
        "Request_MultipleObjectsWithSameKeyValue",
        `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
    );
}

function changed(call: GraphCall, base: ServicePrincipal, body: Readonly<Record<string, unknown>>): ServicePrincipal {
    for (const [name, value] of Object.entries(body)) {
        if (name.startsWith("@odata")) continue;
        if (!WRITABLE.includes(name)) throw badRequest(`Property '${name}' is invalid or read-only.`);
        const isBoolean = name === "accountEnabled" || name === "appRoleAssignmentRequired";
        if (isBoolean && typeof value !== "boolean") throw invalidValue(name, "ServicePrincipal");
        if (name === "tags" && !(Array.isArray(value) && value.every((tag) => typeof tag === "string")))
            throw invalidValue(name, "ServicePrincipal");
    }
    const next = { ...base, ...body };
    // The application's tags appear here as copies. They are not the service principal's own tags.
    const copied = new Set(backingApplication(call, base.appId)?.application.tags);
    return { ...next, tags: [...new Set(next.tags)].filter((tag) => !copied.has(tag)) };
}

export function patchServicePrincipal(call: GraphCall): Answer {
    const appId = /^\(appId='([^']*)'\)$/.exec(call.params["servicePrincipal"] ?? "")?.[1];
    const before = findServicePrincipal(call);
    if (!before && appId !== undefined && call.headers["prefer"]?.includes("create-if-missing") === true) {
        return created(
            call,
            "servicePrincipals",
            present({ ...call, replica: UP_TO_DATE }, create(call, { ...call.body, appId })),
        );
    }
    existing(call, call.replica.behind("servicePrincipal"));
    const stored = existing(call);
    assertMayChange(call, stored);
    call.tenant.servicePrincipals.put(changed(call, stored, call.body));
    return NO_CONTENT;
}

export function removeServicePrincipal(call: GraphCall): Answer {
    const servicePrincipal = existing(call);
    assertMayChange(call, servicePrincipal);
    deleteServicePrincipal(call.tenant, servicePrincipal);
    return NO_CONTENT;
}

function assertMayChange(call: GraphCall, { id, appId }: ServicePrincipal): void {
    // Nobody may change Microsoft's own service principals.
    if (appId === GRAPH_APP_ID) throw denied();
    assertMayWrite(call, id, call.tenant.applicationOf(appId)?.id);
}

/** Soft-deletes it. Entra removes its grants and the grants to it, and restores them with it. */
export function deleteServicePrincipal(tenant: Tenant, servicePrincipal: ServicePrincipal): void {
    const { id } = servicePrincipal;
    const grants = tenant.grants.all().filter(({ clientId, resourceId }) => clientId === id || resourceId === id);
    for (const grant of grants) tenant.grants.remove(grant.id);
    tenant.grantsOfDeleted.set(id, grants);
    tenant.servicePrincipals.remove(id);
    tenant.deleted.put({ ...servicePrincipal, deletedDateTime: new Date(tenant.now()).toISOString() });
}

export function listGrantsOf(call: GraphCall): Answer {
    assertMayReadGrants(call);
    assertKnownOptions(call, ["$select", "$top", "$skiptoken"]);
    const { id } = existing(call, call.replica.behind("servicePrincipal"));
    const grants = call.tenant.grants.inGroup(id, call.replica.behind("grant"));
    return {
        status: 200,
        body: page(call, "oauth2PermissionGrants", grants, `/servicePrincipals/${id}/oauth2PermissionGrants`),
    };
}
