// Handles Graph's routes for the groups of an object, for the members of a group through other groups, and for owned
// objects.
import type { Answer, GraphCall, Handler } from "./context";
import { badRequest, notFound } from "./graphError";
import { findObject } from "./directoryObjects";
import {
    assertMayReadApplications,
    assertMayReadDirectory,
    assertMayReadGroups,
    assertMayReadUsers,
} from "./permissions";
import type { RelatedOf } from "./relatedRoutes";
import type { Tenant } from "./tenant";

/** The largest number of ids in one request. https://learn.microsoft.com/graph/api/directoryobject-checkmembergroups */
const MAX_CHECKED = 20;

export type Find = (call: GraphCall) => { readonly id: string };
type Neighbours = (id: string) => readonly string[];

function reachable(start: string, neighbours: Neighbours): string[] {
    const found = new Set<string>();
    const rest = [...neighbours(start)];
    for (let id = rest.pop(); id !== undefined; id = rest.pop()) {
        if (found.has(id)) continue;
        found.add(id);
        rest.push(...neighbours(id));
    }
    return [...found];
}

const directGroups =
    (tenant: Tenant): Neighbours =>
    (id) =>
        tenant.groups.all().flatMap((group) => (tenant.membersOf(group.id).includes(id) ? [group.id] : []));

const related =
    (
        collection: string,
        find: Find,
        assertMayRead: (call: GraphCall) => void,
        name: string,
        idsOf: (tenant: Tenant, id: string) => readonly string[],
    ): RelatedOf =>
    (call) => {
        assertMayRead(call);
        const { id } = find(call);
        return { path: `/${collection}/${id}`, name, ids: idsOf(call.tenant, id) };
    };

export const memberOf = (collection: string, find: Find): RelatedOf =>
    related(collection, find, readerOf(collection), "memberOf", (tenant, id) => directGroups(tenant)(id));

export const transitiveMemberOf = (collection: string, find: Find): RelatedOf =>
    related(collection, find, readerOf(collection), "transitiveMemberOf", (tenant, id) =>
        reachable(id, directGroups(tenant)),
    );

export const transitiveMembers = (find: Find): RelatedOf =>
    related("groups", find, assertMayReadGroups, "transitiveMembers", (tenant, id) =>
        reachable(id, (group) => tenant.membersOf(group)),
    );

export const ownedObjects = (collection: "servicePrincipals" | "users", find: Find): RelatedOf => {
    const assertMayRead = collection === "users" ? assertMayReadUsers : assertMayReadApplications;
    const idsOf = ({ owners }: Tenant, id: string) =>
        owners.all().flatMap((owned) => (owned.ids.includes(id) ? [owned.id] : []));
    return related(collection, find, assertMayRead, "ownedObjects", idsOf);
};

function readerOf(collection: string): (call: GraphCall) => void {
    return collection === "servicePrincipals" ? assertMayReadApplications : assertMayReadGroups;
}

/**
 * Returns the ids of the groups that contain the object, directly or through other groups. For `getMemberObjects`,
 * Graph would add directory roles and administrative units, but the tenant has none.
 */
export const getMemberIds =
    (find: Find): Handler =>
    (call) => {
        assertMayReadDirectory(call);
        const { id } = find(call);
        const { securityEnabledOnly = false } = call.body;
        if (typeof securityEnabledOnly !== "boolean") throw wrong("securityEnabledOnly");
        const isChosen = (group: string) =>
            !securityEnabledOnly || call.tenant.groups.current(group)?.securityEnabled === true;
        return idsAnswer(call, reachable(id, directGroups(call.tenant)).filter(isChosen));
    };

export const checkMemberIds =
    (find: Find, parameter: "groupIds" | "ids"): Handler =>
    (call) => {
        assertMayReadDirectory(call);
        const { id } = find(call);
        const ids = call.body[parameter];
        if (!Array.isArray(ids) || ids.length > MAX_CHECKED || !ids.every((one) => typeof one === "string"))
            throw wrong(parameter);
        const groups = reachable(id, directGroups(call.tenant));
        return idsAnswer(
            call,
            ids.filter((one) => groups.includes(one)),
        );
    };

function idsAnswer({ graphUrl }: GraphCall, value: readonly string[]): Answer {
    return { status: 200, body: { "@odata.context": `${graphUrl}/$metadata#Collection(Edm.String)`, value } };
}

function wrong(parameter: string) {
    return badRequest(`Invalid value specified for parameter '${parameter}'.`);
}

/** Finds the object of the route `/directoryObjects/{id}`. */
export function anyObject(call: GraphCall): { readonly id: string } {
    const id = call.params["object"] ?? "";
    const found = findObject(call.tenant, id);
    if (found) return found.object;
    throw notFound(id);
}
