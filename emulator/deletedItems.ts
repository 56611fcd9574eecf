// Handles Graph's routes for deleted items. https://learn.microsoft.com/graph/api/directory-deleteditems-restore
import { HIDDEN, shownApplication } from "./applicationView";
import { NO_CONTENT, type Answer, type GraphCall } from "./context";
import { notFound } from "./graphError";
import type { Application, ServicePrincipal } from "./graphTypes";
import { countAnswer, entityAnswer, listAnswer, type Kind } from "./odata/collection";
import { assertMayReadApplications, assertMayWrite } from "./permissions";
import { nameInUse } from "./servicePrincipals";
import { shownServicePrincipal } from "./servicePrincipalView";
import type { Deleted } from "./tenant";

function isApplication(object: Deleted): object is Application & { deletedDateTime: string } {
    return "identifierUris" in object;
}

function kindOf(type: "application" | "servicePrincipal"): Kind {
    const filterable = {
        id: ["eq"],
        appId: ["eq"],
        deletedDateTime: ["eq", "ge", "le"],
        displayName: ["eq", "startswith"],
    } as const;
    return {
        set: `${type}s`,
        type,
        filterable,
        hidden: HIDDEN,
        searchable: ["displayName"],
        orderableInAdvanced: ["displayName", "deletedDateTime"],
    };
}

type DeletedType = "application" | "servicePrincipal";

function objectsOf(call: GraphCall, type: DeletedType): object[] {
    assertMayReadApplications(call);
    const all = call.tenant.deletedItems(call.replica.listBehind("deletedItem"));
    return all.filter((one) => isApplication(one) === (type === "application")).map((one) => present(call, one));
}

export const listDeleted = (type: DeletedType) => (call: GraphCall) => {
    const path = `/directory/deletedItems/microsoft.graph.${type}`;
    return listAnswer(call, kindOf(type), { path, objects: objectsOf(call, type) });
};

export const countDeleted = (type: DeletedType) => (call: GraphCall) =>
    countAnswer(call, kindOf(type), { objects: objectsOf(call, type) });

function present(call: GraphCall, object: Deleted): object {
    return isApplication(object) ? shownApplication(object) : shownServicePrincipal(call, object);
}

function existing({ tenant, params }: GraphCall, lagMs = 0): Deleted {
    const id = params["deleted"] ?? "";
    const found = tenant.deletedItems(lagMs).find((one) => one.id === id);
    if (found) return found;
    throw notFound(id);
}

const DELETED: Kind = { set: "directoryObjects", type: "directoryObject", hidden: HIDDEN };

function typed(call: GraphCall, object: Deleted): object {
    const type = isApplication(object) ? "#microsoft.graph.application" : "#microsoft.graph.servicePrincipal";
    return { "@odata.type": type, ...present(call, object) };
}

/**
 * `type` is the type of an OData cast in the route, such as `graph.application`. Graph answers 404 for an object of
 * another type.
 */
export const getDeleted = (type?: DeletedType) => (call: GraphCall) => {
    assertMayReadApplications(call);
    const found = existing(call, call.replica.behind("deletedItem"));
    if (type !== undefined && isApplication(found) !== (type === "application")) throw notFound(found.id);
    return entityAnswer(call, DELETED, typed(call, found));
};

/** Restoring an application does not restore its service principal, which is a separate deleted item. */
export function restore(call: GraphCall): Answer {
    existing(call, call.replica.behind("deletedItem"));
    const found = existing(call);
    const { tenant } = call;
    assertMayWrite(call, found.id);
    tenant.deleted.remove(found.id);
    const living = { ...found, deletedDateTime: null };
    if (isApplication(found)) tenant.applications.put(living as Application);
    else restoreServicePrincipal(call, living as ServicePrincipal, found);
    return entityAnswer({ ...call, query: new URLSearchParams() }, DELETED, typed(call, found));
}

function restoreServicePrincipal({ tenant }: GraphCall, living: ServicePrincipal, found: Deleted): void {
    if (tenant.servicePrincipalOf(living.appId)) {
        tenant.deleted.put(found);
        throw nameInUse(living.appId);
    }
    tenant.servicePrincipals.put(living);
    for (const grant of tenant.grantsOfDeleted.get(living.id) ?? []) tenant.grants.put(grant);
    tenant.grantsOfDeleted.delete(living.id);
    for (const one of tenant.assignmentsOfDeleted.get(living.id) ?? []) tenant.appRoleAssignments.put(one);
    tenant.assignmentsOfDeleted.delete(living.id);
}

export function purge(call: GraphCall): Answer {
    const { id } = existing(call);
    assertMayWrite(call, id);
    call.tenant.deleted.remove(id);
    return NO_CONTENT;
}
