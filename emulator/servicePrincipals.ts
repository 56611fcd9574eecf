// Handles Graph's routes for service principals, which copy many properties of their applications.
import { randomUUID } from "node:crypto";

import { alternateKey, keyInMessage } from "./alternateKey";
import { assignmentsFrom, assignmentsTo } from "./assignmentLists";
import { blankServicePrincipal } from "./blankObjects";
import { created, NO_CONTENT, type Answer, type GraphCall } from "./context";
import { usableApplication } from "./foreignApplications";
import { badRequest, denied, detailed, GraphFault, notFound } from "./graphError";
import type { ServicePrincipal } from "./graphTypes";
import { GRANT, grantAnswer } from "./grants";
import { GRAPH_APP_ID } from "./microsoftGraph";
import { countAnswer, entityAnswer, listAnswer, type Kind } from "./odata/collection";
import { deltaAnswer } from "./odata/delta";
import {
    assertMayAddOwners,
    assertMayCreate,
    assertMayReadApplications,
    assertMayReadGrants,
    assertMayWrite,
    writesOnlyOwned,
} from "./permissions";
import * as references from "./references";
import { relatedObjects } from "./relatedRoutes";
import { changedServicePrincipal } from "./servicePrincipalBody";
import { shownServicePrincipal } from "./servicePrincipalView";
import type { Tenant } from "./tenant";

const OWNER_TYPES = ["servicePrincipal", "user"] as const;

function findServicePrincipal({ tenant, params }: GraphCall, lagMs = 0): ServicePrincipal | undefined {
    const id = params["servicePrincipal"] ?? "";
    const key = alternateKey(id, "appId");
    return key ? tenant.servicePrincipalOf(key.value.toLowerCase(), lagMs) : tenant.servicePrincipals.asOf(id, lagMs);
}

export function existingServicePrincipal(call: GraphCall, lagMs = 0): ServicePrincipal {
    const found = findServicePrincipal(call, lagMs);
    if (found) return found;
    throw notFound(keyInMessage(call.params["servicePrincipal"] ?? ""));
}

function kindFor(call: GraphCall): Kind {
    const { tenant } = call;
    return {
        set: "servicePrincipals",
        type: "servicePrincipal",
        expand: {
            owners: ({ id }: ServicePrincipal) => relatedObjects(call, tenant.ownersOf(id)),
            appRoleAssignedTo: ({ id }: ServicePrincipal) => assignmentsTo(call, id),
            appRoleAssignments: ({ id }: ServicePrincipal) => assignmentsFrom(call, id),
            oauth2PermissionGrants: ({ id }: ServicePrincipal) => tenant.grants.inGroup(id),
        },
        filterable: {
            id: ["eq"],
            accountEnabled: ["eq"],
            alternativeNames: ["any"],
            appId: ["eq", "startswith"],
            appOwnerOrganizationId: ["eq"],
            appRoleAssignmentRequired: ["eq"],
            applicationTemplateId: ["eq"],
            createdDateTime: ["eq", "ge", "le"],
            displayName: ["eq", "startswith"],
            disabledByMicrosoftStatus: ["eq"],
            homepage: ["advanced", "eq", "startswith"],
            notes: ["advanced", "eq", "startswith"],
            keyCredentials: ["any"],
            "owners/$count": ["count"],
            preferredSingleSignOnMode: ["eq"],
            servicePrincipalNames: ["any"],
            servicePrincipalType: ["eq"],
            tags: ["any"],
        },
        searchable: ["displayName", "description", "createdDateTime"],
        orderableInAdvanced: ["displayName", "createdDateTime", "deletedDateTime"],
    };
}

export function getServicePrincipal(call: GraphCall): Answer {
    assertMayReadApplications(call);
    const own = existingServicePrincipal(call, call.replica.behind("servicePrincipal"));
    return entityAnswer(call, kindFor(call), shownServicePrincipal(call, own));
}

function listed(call: GraphCall): object[] {
    assertMayReadApplications(call);
    const { tenant } = call;
    const all = tenant.servicePrincipals.all(call.replica.listBehind("servicePrincipal"));
    const isFilteredByOwners = call.query.get("$filter")?.includes("owners") === true;
    return all.map((one) => ({
        ...shownServicePrincipal(call, one),
        ...(isFilteredByOwners && { owners: tenant.ownersOf(one.id) }),
    }));
}

export const listServicePrincipals = (call: GraphCall): Answer =>
    listAnswer(call, kindFor(call), { path: "/servicePrincipals", objects: listed(call) });

export const countServicePrincipals = (call: GraphCall): Answer =>
    countAnswer(call, kindFor(call), { objects: listed(call) });

export function deltaOfServicePrincipals(call: GraphCall): Answer {
    assertMayReadApplications(call);
    const { servicePrincipals: history, deleted } = call.tenant;
    const show = (one: ServicePrincipal) => shownServicePrincipal(call, one);
    return deltaAnswer(call, { kind: kindFor(call), path: "/servicePrincipals", history, deleted, show });
}

export const postServicePrincipal = (call: GraphCall): Answer => createdAnswer(call, call.body);

function createdAnswer(call: GraphCall, body: GraphCall["body"]): Answer {
    return created(call, "servicePrincipals", shownServicePrincipal(call, create(call, body), true));
}

function create(call: GraphCall, body: GraphCall["body"]): ServicePrincipal {
    assertMayCreate(call);
    const { tenant } = call;
    const { appId, ...rest } = body;
    if (typeof appId !== "string") throw badRequest("One or more properties are missing: appId.");
    const visible = usableApplication(call, appId, call.replica.behind("application"));
    if (!visible || (writesOnlyOwned(call) && visible.home !== tenant)) throw noBackingApplication(call, appId);
    if (writesOnlyOwned(call) && !tenant.ownersOf(visible.application.id).includes(call.caller.objectId))
        throw denied();
    if (tenant.servicePrincipalOf(appId)) throw nameInUse(appId);
    const blank = blankServicePrincipal(randomUUID(), appId, new Date(tenant.now()));
    const servicePrincipal = changedServicePrincipal(call, blank, rest);
    const bound = references.boundIds({ ...call, body }, { name: "owners", types: OWNER_TYPES });
    tenant.servicePrincipals.put(servicePrincipal);
    const owners = new Set([...(writesOnlyOwned(call) ? [call.caller.objectId] : []), ...bound]);
    if (owners.size > 0) tenant.setOwners(servicePrincipal.id, [...owners]);
    return servicePrincipal;
}

// The error is 403 for a caller with only `Application.ReadWrite.OwnedBy`, otherwise 400 (azuread issues 581, 611).
function noBackingApplication(call: GraphCall, appId: string): GraphFault {
    if (writesOnlyOwned(call)) {
        return denied(
            "When using this permission, the backing application of the service principal being created must in the local tenant",
        );
    }
    const message = `The appId '${appId}' of the service principal does not reference a valid application object.`;
    return detailed(message, "NoBackingApplicationObject", "appId");
}

export function nameInUse(appId: string): GraphFault {
    return new GraphFault(
        409,
        "Request_MultipleObjectsWithSameKeyValue",
        `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
    );
}

export function patchServicePrincipal(call: GraphCall): Answer {
    const key = alternateKey(call.params["servicePrincipal"] ?? "", "appId");
    const before = findServicePrincipal(call);
    if (!before && key && call.headers["prefer"]?.includes("create-if-missing") === true) {
        return createdAnswer(call, { ...call.body, appId: key.value });
    }
    existingServicePrincipal(call, call.replica.behind("servicePrincipal"));
    const stored = patchable(call);
    call.tenant.servicePrincipals.put(changedServicePrincipal(call, stored, call.body));
    return NO_CONTENT;
}

export function removeServicePrincipal(call: GraphCall): Answer {
    deleteServicePrincipal(call.tenant, changeable(call));
    return NO_CONTENT;
}

export function changeable(call: GraphCall): ServicePrincipal {
    const own = existingServicePrincipal(call);
    // Nobody may delete Microsoft's own service principals, or add owners and secrets to them.
    if (own.appId === GRAPH_APP_ID) throw denied();
    assertMayWrite(call, own.id, call.tenant.applicationOf(own.appId)?.id);
    return own;
}

/**
 * Microsoft's own service principals accept most changes. azuread changes Microsoft Graph's service principal if a
 * program uses `use_existing`.
 */
function patchable(call: GraphCall): ServicePrincipal {
    const own = existingServicePrincipal(call);
    if (own.appId !== GRAPH_APP_ID) return changeable(call);
    assertMayWrite(call, own.id);
    if (call.body["accountEnabled"] === false) throw denied();
    return own;
}

/**
 * Soft-deletes a service principal. Entra also removes the grants and assignments in which it is the client, the
 * principal or the resource, and restores them together with the service principal.
 */
export function deleteServicePrincipal(tenant: Tenant, servicePrincipal: ServicePrincipal): void {
    const { id } = servicePrincipal;
    const grants = tenant.grants.all().filter(({ clientId, resourceId }) => clientId === id || resourceId === id);
    for (const grant of grants) tenant.grants.remove(grant.id);
    tenant.grantsOfDeleted.set(id, grants);
    const isOfIt = (one: { principalId: string; resourceId: string }) =>
        one.principalId === id || one.resourceId === id;
    const assignments = tenant.appRoleAssignments.all().filter(isOfIt);
    for (const assignment of assignments) tenant.appRoleAssignments.remove(assignment.id);
    tenant.assignmentsOfDeleted.set(id, assignments);
    tenant.servicePrincipals.remove(id);
    tenant.deleted.put({ ...servicePrincipal, deletedDateTime: new Date(tenant.now()).toISOString() });
}

export function getGrantOf(call: GraphCall): Answer {
    assertMayReadGrants(call);
    const { id } = existingServicePrincipal(call, call.replica.behind("servicePrincipal"));
    return grantAnswer(call, ({ clientId }) => clientId === id);
}

export function listGrantsOf(call: GraphCall): Answer {
    assertMayReadGrants(call);
    const { id } = existingServicePrincipal(call, call.replica.behind("servicePrincipal"));
    const objects = call.tenant.grants.inGroup(id, call.replica.behind("grant"));
    return listAnswer(call, GRANT, { path: `/servicePrincipals/${id}/oauth2PermissionGrants`, objects });
}

function ownersOf({ tenant }: GraphCall, { id }: ServicePrincipal, lagMs = 0): references.Relationship {
    return {
        name: "owners",
        types: OWNER_TYPES,
        path: `/servicePrincipals/${id}`,
        ids: tenant.ownersOf(id, lagMs),
        set: (ids) => tenant.setOwners(id, ids),
    };
}

export function readOwners(call: GraphCall): references.Relationship {
    assertMayReadApplications(call);
    const own = existingServicePrincipal(call, call.replica.behind("servicePrincipal"));
    return ownersOf(call, own, call.replica.behind("owner"));
}

export function addOwner(call: GraphCall): Answer {
    const own = changeable(call);
    assertMayAddOwners(call);
    return references.addReference(call, ownersOf(call, own));
}

export const removeOwner = (call: GraphCall): Answer =>
    references.removeReference(call, ownersOf(call, changeable(call)));
