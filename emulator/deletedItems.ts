// Answers Graph's requests for deleted items. https://learn.microsoft.com/graph/api/directory-deleteditems-restore
import { entity, NO_CONTENT, type Answer, type GraphCall } from "./context";
import { GraphFault, notFound } from "./graphError";
import type { Application, ServicePrincipal } from "./graphTypes";
import { assertKnownOptions, filter, page, select } from "./odata";
import { assertMayReadApplications, assertMayWrite } from "./permissions";
import type { Deleted } from "./tenant";

function isApplication(object: Deleted): object is Application & { deletedDateTime: string } {
    return "identifierUris" in object;
}

function list(call: GraphCall, isKind: (object: Deleted) => boolean, type: string): Answer {
    assertMayReadApplications(call);
    assertKnownOptions(call, ["$select", "$filter", "$top", "$count", "$skiptoken"]);
    const matches = filter(call, { displayName: ["eq", "startswith"] });
    const found = call.tenant.deletedItems(call.replica.listBehind("deletedItem")).filter(isKind).filter(matches);
    const shown = found.map((one) => select(call, present(one), type));
    return { status: 200, body: page(call, `${type}s`, shown, `/directory/deletedItems/microsoft.graph.${type}`) };
}

export const listDeletedApplications = (call: GraphCall): Answer => list(call, isApplication, "application");
export const listDeletedServicePrincipals = (call: GraphCall): Answer =>
    list(call, (one) => !isApplication(one), "servicePrincipal");

function present(object: Deleted): object {
    if (!isApplication(object)) return object;
    return { ...object, keyCredentials: object.keyCredentials.map((key) => ({ ...key, key: null })) };
}

function existing({ tenant, params }: GraphCall, lagMs = 0): Deleted {
    const id = params["deleted"] ?? "";
    const found = tenant.deletedItems(lagMs).find((one) => one.id === id);
    if (found) return found;
    throw notFound(id);
}

export function getDeleted(call: GraphCall): Answer {
    assertMayReadApplications(call);
    assertKnownOptions(call, ["$select"]);
    const found = existing(call, call.replica.behind("deletedItem"));
    const type = isApplication(found) ? "#microsoft.graph.application" : "#microsoft.graph.servicePrincipal";
    return { status: 200, body: entity(call, "directoryObjects", { "@odata.type": type, ...present(found) }) };
}

/** A restored application does not bring back its service principal, which is a separate deleted item. */
export function restore(call: GraphCall): Answer {
    existing(call, call.replica.behind("deletedItem"));
    const found = existing(call);
    const { tenant } = call;
    assertMayWrite(call, found.id);
    tenant.deleted.remove(found.id);
    const living = { ...found, deletedDateTime: null };
    if (isApplication(found)) tenant.applications.put(living as Application);
    else restoreServicePrincipal(call, living as ServicePrincipal, found);
    return { status: 200, body: entity(call, "directoryObjects", present(found)) };
}

function restoreServicePrincipal({ tenant }: GraphCall, living: ServicePrincipal, found: Deleted): void {
    if (tenant.servicePrincipalOf(living.appId)) {
        tenant.deleted.put(found);
        const message = `The service principal cannot be created, updated, or restored because the service principal name ${living.appId} is already in use.`;
        throw new GraphFault(409, "Request_MultipleObjectsWithSameKeyValue", message);
    }
    tenant.servicePrincipals.put(living);
    for (const grant of tenant.grantsOfDeleted.get(living.id) ?? []) tenant.grants.put(grant);
    tenant.grantsOfDeleted.delete(living.id);
}

export function purge(call: GraphCall): Answer {
    const { id } = existing(call);
    assertMayWrite(call, id);
    call.tenant.deleted.remove(id);
    return NO_CONTENT;
}
